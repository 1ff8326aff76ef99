"""A person's browser, reduced to what costs the server something: cookies, forms, several at once."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Answer:
    status: int
    seconds: float
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def queries(self) -> int | None:
        said = self.headers.get("X-Queries")
        return int(said) if said else None


class Unexpected(SystemExit):
    """The server did not answer what a measure needs."""


@dataclass
class Visitor:
    """One signed-in person on one connection."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=120)

    def get(self, path: str, *, expect: tuple[int, ...] = (200,)) -> Answer:
        return self._ask("GET", path, None, expect)

    def post(
        self, path: str, fields: list[tuple[str, str]], *, expect: tuple[int, ...] = (302, 303)
    ) -> Answer:
        return self._ask("POST", path, urlencode(fields).encode(), expect)

    def _ask(self, method: str, path: str, body: bytes | None, expect: tuple[int, ...]) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if response.status not in expect:
            raise Unexpected(
                f"{method} {path} answered {response.status}, not {expect}.\n{content[:2000].decode()}"
            )
        return Answer(response.status, seconds, content, response.headers)


class Form(HTMLParser):
    """The first form of a page that posts and holds a field whose name contains `holding`."""

    def __init__(self, page: bytes, *, at: str, holding: str):
        super().__init__()
        self._forms: list[dict] = []
        self._select: str | None = None
        self.feed(page.decode())
        for form in self._forms:
            if form["post"] and any(holding in name for name, _value in form["fields"]):
                self.path, self.fields = urljoin(at, form["action"]), form["fields"]
                return
        raise Unexpected(f"{at} has no form with a field named …{holding}….")

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._forms.append(
                {
                    "action": given.get("action") or "",
                    "post": given.get("method", "").lower() == "post",
                    "fields": [],
                }
            )
        elif self._forms and given.get("name"):
            fields = self._forms[-1]["fields"]
            if tag == "select":
                self._select = given["name"]
            elif tag == "textarea" or (
                tag == "input" and given.get("type") not in {"submit", "checkbox", "radio"}
            ):
                fields.append((given["name"], given.get("value") or ""))
            elif tag == "input" and "checked" in given:
                fields.append((given["name"], given.get("value") or "on"))
        elif tag == "option" and self._select and "selected" in given:
            self._forms[-1]["fields"].append((self._select, given.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None


@dataclass(frozen=True)
class Measure:
    """What one kind of request cost; `bare` are the seconds of the bare view, asked in between."""

    what: str
    seconds: list[float]
    bare: list[float]
    queries: int | None
    kilobytes: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1] * 1000

    @property
    def ratio(self) -> float | None:
        return statistics.median(self.seconds) / statistics.median(self.bare) if self.bare else None


Ask = Callable[[Visitor], Answer]


def measure(what: str, ask: Ask, visitors: list[Visitor], requests: int, bare: str = "") -> Measure:
    """Ask `requests` times, shared between the visitors at once, after warming each of them up.

    `bare` is the address of the bare view: every request is followed by one to it, so that both meet
    the same noise of the machine.
    """
    answers: list[Answer] = []
    beside: list[Answer] = []
    failures: list[BaseException] = []

    def visit(visitor: Visitor, times: int) -> None:
        anchor = Visitor(bare) if bare else None
        try:
            for _ in range(5):
                ask(visitor)
            ready.wait()
            for _ in range(times):
                answers.append(ask(visitor))
                if anchor:
                    beside.append(anchor.get("/"))
        except BaseException as failure:
            failures.append(failure)
            ready.abort()

    ready = threading.Barrier(len(visitors))
    threads = [threading.Thread(target=visit, args=(one, requests // len(visitors))) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    last = answers[-1]
    seconds, anchors = ([answer.seconds for answer in some] for some in (answers, beside))
    return Measure(what, seconds, anchors, last.queries, len(last.body) / 1000)
