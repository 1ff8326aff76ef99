"""The screens people wait for, asked of a running server."""

from dataclasses import dataclass, field

from .visiting import Answer, Form, Measure, Visitor, measure

PAGES = (
    ("home", "worker", "/"),
    ("week, to fill in", "worker", "/hours/{week}/"),
    ("my stubs", "worker", "/pay/"),
    ("people", "holder", "/members/people/"),
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
    url: str, cookie: str, sessions: dict[str, str], week: str, *, requests: int, at_once: int
) -> list[Measure]:
    """Every page of `PAGES` that somebody is signed in for."""
    found = []
    for what, who, path in PAGES:
        if who in sessions:
            asking = [Visitor(url, {cookie: sessions[who]}) for _ in range(at_once)]
            address = path.format(week=week)
            found.append(measure(what, lambda visitor, at=address: visitor.get(at), asking, requests))
    return found


def saving(url: str, cookie: str, session: str, week: str, *, requests: int) -> Measure:
    """One person saves a week of ten lines; the form is the page's own."""
    return measure("saving a week", Saving(f"/hours/{week}/"), [Visitor(url, {cookie: session})], requests)
