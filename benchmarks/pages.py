"""The screens people wait for, asked of a running server."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .visiting import Answer, Form, Measure, Visitor, measure

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
    """Sends one cell of a week as the page's script does, with another duration each time."""

    path: str
    saved: int = field(default=0)
    _sent: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, visitor: Visitor) -> Answer:
        if not self._sent:
            fields = Form(visitor.get(self.path).body, at=self.path, holding="c-").fields
            (cell, value) = next((name, value) for name, value in fields if name.startswith("c-") and value)
            token = dict(fields)["csrfmiddlewaretoken"]
            row = cell[2:].rpartition("-")[0]
            self._sent = [("csrfmiddlewaretoken", token), ("row", row), (cell, value)]
        self.saved += 1
        (cell, _value) = self._sent.pop()
        self._sent.append((cell, "3h15" if self.saved % 2 else "3h30"))
        return visitor.post(f"{self.path}cells/", self._sent, expect=(200,))


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
