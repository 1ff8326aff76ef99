"""The screens people wait for, asked of a running server."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .visiting import Answer, Form, Measure, Visitor, measure

PAGES = (
    ("home", "worker", "/"),
    ("week, to fill in", "worker", "/hours/{week}/"),
    ("my stubs", "worker", "/pay/"),
    ("queue of the committee", "holder", "/hours/queue/"),
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
            address = path.format(week=week)
            yield measure(what, lambda visitor, at=address: visitor.get(at), asking, requests, bare)


def saving(url: str, cookie: str, session: str, week: str, *, requests: int, bare: str) -> Measure:
    """One person saves a week of ten lines; the form is the page's own."""
    visitor = Visitor(url, {cookie: session})
    return measure("saving a week", Saving(f"/hours/{week}/"), [visitor], requests, bare)
