"""A real Chromium on the real pages, served by a thread of this process so that the day can be chosen.

The reader is French-speaking unless a test says otherwise. Whatever page is opened, an error in the
browser's console fails the test: a script that breaks, or something the security policy refuses.
"""

import re
import threading
import time
from datetime import UTC, datetime

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import connections
from django.test import Client
from django.utils import translation
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

FRIDAY_NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
PASSWORD = "essai-essai-essai"  # of whoever `make` makes
PHONE = {"width": 390, "height": 844}
# A page that refuses what was typed answers 4xx, and the browser says so in the console; nor is it an error
# of ours that a test cut the network.
A_REFUSAL = re.compile(
    r"Failed to load resource: (the server responded with a status of 4(00|01|03|04|09|10|22)"
    r"|net::ERR_(INTERNET_DISCONNECTED|FAILED))"
)


def french(msgid: str, **told) -> str:
    """What the product says in French where its source says `msgid`."""
    with translation.override("fr-ca"):
        text = translation.gettext(msgid)
    return text % told if told else text


@pytest.fixture(scope="session")
def site(django_db_setup):
    """The product, on `localhost`: a passkey is bound to a name, not to a number."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0  # its threads leave no connection behind
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(browser):
    """The browser's loop has a connection of its own (asgiref), closed before the database goes."""
    yield browser
    connections.close_all()


@pytest.fixture(scope="session")
def base_url(site):
    return site.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "locale": "fr-CA",
        "timezone_id": "America/Toronto",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def friday():
    """Friday 20 November 2026, at noon, and time passes."""
    with time_machine.travel(FRIDAY_NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _limits_start_afresh(request):
    """Rate limits live in the cache, which outlives a test."""
    yield
    if "transactional_db" in request.fixturenames:
        cache.clear()


class Underway:
    """How many requests the site is answering: a page that closes may still have sent one."""

    def __init__(self):
        self.count, self._lock = 0, threading.Lock()
        request_started.connect(self._started)
        request_finished.connect(self._finished)

    def _started(self, **told) -> None:
        with self._lock:
            self.count += 1

    def _finished(self, **told) -> None:
        with self._lock:
            self.count -= 1

    def wait(self) -> None:
        """Until none is, for a moment: the tables are emptied next, and would wait for each other."""
        quiet = 0
        for _moment in range(200):
            quiet = quiet + 1 if self.count <= 0 else 0
            if quiet == 4:
                return
            time.sleep(0.025)


@pytest.fixture(scope="session")
def underway():
    return Underway()


class Console:
    """What went wrong in the pages of a context: broken scripts, refused resources, errors of the server."""

    def __init__(self, context: BrowserContext):
        self.errors: list[str] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not A_REFUSAL.match(message.text):
            self.errors.append(f"{message.text} ({message.location['url']})")

    def _answered(self, response) -> None:
        is_asked = response.request.resource_type in {"document", "fetch"}
        if response.status >= (500 if is_asked else 400):
            self.errors.append(f"{response.status} {response.url}")


def give_session(context: BrowserContext, client: Client, url: str) -> None:
    """Let the browser go on as that client, signed in or not."""
    if settings.SESSION_COOKIE_NAME in client.cookies:
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


# Only what is broken comes back from the browser, and sheets of styles are not parsed for a rule that is off
# ("css-orientation-lock", experimental): the rest of the answer took as long as the question.
ASK_AXE = """axe.run({resultTypes: ["violations"], preload: {assets: ["media"]}}).then(answer => answer.violations)"""


def found_by_axe(page: Page) -> list[str]:
    """Each rule of axe that the page breaks, with where."""
    page.evaluate(Axe().axe_script)
    violations = page.evaluate(ASK_AXE)
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:160] for node in found['nodes'][:5]]}"
        for found in violations
    ]


def is_within_its_width(page: Page) -> bool:
    """Is nothing wider than the window? Asked once styles are there: before, a page is as wide as it likes."""
    page.wait_for_load_state("load")
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def prove_oneself(page: Page) -> None:
    """The password again, as before anything that cannot be undone."""
    expect(page).to_have_url(re.compile("/account/reauthenticate/"))
    page.locator("main input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("/account/reauthenticate/"))


@pytest.fixture
def open_as(browser, browser_context_args, site, underway):
    """`open_as(person, "/hours/")`: a page of that person's own browser; nothing may go wrong in it."""
    contexts, consoles = [], []

    def go(person, path: str = "/", **options) -> Page:
        context = browser.new_context(**(browser_context_args | options))
        contexts.append(context)
        context.set_default_timeout(10_000)
        consoles.append(Console(context))
        if person is not None:
            client = Client()
            client.force_login(person)
            give_session(context, client, site.url)
        page = context.new_page()
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    underway.wait()
    assert [error for console in consoles for error in console.errors] == []
