"""The screens people wait for, asked of a running server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from .visiting import Answer, Form, Measure, Unexpected, Visitor, measure

PAGES = (
    ("home", "worker", "/"),
    ("week, to fill in", "worker", "/hours/{week}/"),
    ("my stubs", "worker", "/pay/"),
    ("my year", "worker", "/hours/year/{year}/"),
    ("my leave", "worker", "/hours/leave/"),
    ("the co-op's load", "worker", "/hours/cooperative/{year}/"),
    ("queue of the committee", "holder", "/hours/queue/"),
    ("done or forgotten?", "holder", "/hours/weeks/"),
    ("people", "holder", "/members/people/"),
    ("pays", "holder", "/pay/runs/"),
)


@dataclass
class Saving:
    """Sends the week back with every duration changed, as the page does; only the sending is timed."""

    path: str
    saved: int = field(default=0)

    def __call__(self, visitor: Visitor) -> Answer:
        self.saved += 1
        form = Form(visitor.get(self.path).body, at=self.path, holding="c-")
        typed = "3h15" if self.saved % 2 else "3h30"
        fields = [(name, typed if name.startswith("c-") and value else value) for name, value in form.fields]
        return visitor.post(form.path, [*fields, ("do", "save")])


@dataclass
class SavingOneCell:
    """Sends one cell of a week as the page's script does: another duration each time, upon what was there."""

    path: str
    _cell: str = ""
    _note: str = ""
    _held: int = 0
    _token: str = ""
    _mark: str = ""

    def __call__(self, visitor: Visitor) -> Answer:
        if not self._cell:
            self._open(visitor)
        minutes, typed = (195, "3h15") if self._held != 195 else (210, "3h30")
        fields = [
            ("csrfmiddlewaretoken", self._token),
            ("of", self._mark),
            ("row", self._cell.rpartition("-")[0]),
            ("base", json.dumps({self._cell: [self._held, self._note]})),
            (f"c-{self._cell}", typed),
            (f"n-{self._cell}", self._note),
        ]
        answer = visitor.post(f"{self.path}cells/", fields, expect=(200,))
        if self._cell not in json.loads(answer.body)["saved"]:
            raise Unexpected(f"The cell was not saved: {answer.body.decode()}")
        self._held = minutes
        return answer

    def _open(self, visitor: Visitor) -> None:
        fields = dict(Form(visitor.get(self.path).body, at=self.path, holding="c-").fields)
        shown = json.loads(fields["base"])
        self._cell = next(cell for cell in shown if fields.get(f"c-{cell}"))
        self._held, self._note = shown[self._cell]
        self._token, self._mark = fields["csrfmiddlewaretoken"], fields["of"]


def pages(
    url: str,
    cookie: str,
    sessions: dict[str, str],
    week: str,
    *,
    requests: int,
    at_once: int = 1,
    bare: str = "",
) -> Iterator[Measure]:
    """Every page of `PAGES` that somebody is signed in for."""
    for what, who, path in PAGES:
        if who in sessions:
            asking = [Visitor(url, {cookie: sessions[who]}) for _ in range(at_once)]
            address = path.format(week=week, year=week[:4])
            yield measure(what, lambda visitor, at=address: visitor.get(at), asking, requests, bare)


def saving_one_cell(url: str, cookie: str, session: str, week: str, *, requests: int, bare: str) -> Measure:
    """One cell of one person's week, sent by the page's script and answered as data."""
    visitor = Visitor(url, {cookie: session})
    return measure("saving one cell", SavingOneCell(f"/hours/{week}/"), [visitor], requests, bare)


def saving(url: str, cookie: str, session: str, week: str, *, requests: int, bare: str) -> Measure:
    """One person saves a week of ten lines; the form is the page's own."""
    visitor = Visitor(url, {cookie: session})
    return measure("saving a week", Saving(f"/hours/{week}/"), [visitor], requests, bare)
