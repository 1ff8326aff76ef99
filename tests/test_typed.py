"""What anybody may type into any form of the product: never an error of ours, never markup, never somebody else's."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import NamedTuple

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import populated
from tests.test_access import ADDRESSES

pytestmark = pytest.mark.django_db

MONDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 18)
HOSTILE = {
    "markup": "<script>alert(1)</script>{{ 7*7 }}%(x)s ' OR 1=1-- \"><img src=x onerror=alert(1)>",
    "nul": "=a\0b",
    "direction": "a\u202eb",
    "exponent": "1e3",
    "wide digits": "２５",
    "digits": "9" * 5000,
    "last day": "9999-12-31",
    "long": "é" * 100_000,
}
TYPED = {
    "text",
    "email",
    "tel",
    "number",
    "date",
    "search",
    "password",
    "url",
    "hidden",
    "textarea",
    "select",
}


class Form(NamedTuple):
    action: str
    fields: dict[str, tuple[str, str]]  # name → (type, value)


class Forms(HTMLParser):
    """The forms of a page that are posted, with what a browser would send."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form" and (told.get("method") or "").lower() == "post":
            self._open = Form(told.get("action") or "", {})
            self.found.append(self._open)
        elif self._open and tag in {"input", "textarea", "select"} and told.get("name"):
            kind = told.get("type") or ("text" if tag == "input" else tag)
            self._open.fields[told["name"]] = (kind, told.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


def forms_of(client, url) -> list[Form]:
    answer = client.get(url)
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
        return []
    return [
        form._replace(action=form.action or url)
        for form in Forms(answer.content.decode()).found
        if {kind for kind, _value in form.fields.values()} & (TYPED - {"hidden"})
    ]


@pytest.fixture(scope="module")
def coop(kept):
    """One populated co-op for all tests of this module."""
    with time_machine.travel(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), tick=False):
        yield populated.coop()


@pytest.fixture(scope="module")
def holder(coop) -> Client:
    """Somebody with every power, who has gone through every page."""
    client = Client()
    client.force_login(coop.holder)
    return client


@pytest.fixture(scope="module")
def found(coop, holder) -> list[Form]:
    """Each form of the pages about something or nothing of this co-op, once."""
    urls = [
        reverse(address.name, kwargs=coop.fill(address.name, address.parameters)) for address in ADDRESSES
    ]
    return list(
        {(form.action, tuple(form.fields)): form for url in urls for form in forms_of(holder, url)}.values()
    )


def same_session(cookies: SimpleCookie) -> Client:
    """Another window of the same browser: what the last form did to its session is undone."""
    client = Client()
    client.cookies = deepcopy(cookies)
    return client


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_form_filled_with_anything_is_never_an_error_of_ours(hostile, holder, found):
    """Every field of every form of somebody with every power, at once; nothing typed is shown as markup."""
    assert len(found) >= 35
    for form in found:
        typed = {
            name: hostile if kind in TYPED - {"hidden"} else value or "on"
            for name, (kind, value) in form.fields.items()
        }
        with transaction.atomic():
            answer = same_session(holder.cookies).post(form.action, typed)
            transaction.set_rollback(True)
        assert answer.status_code < 500, form.action
        assert "<script>alert" not in answer.content.decode(errors="replace"), form.action


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 21, "٣", "²", "-1", "0", ""])
def test_number_nobody_has_is_refused_wherever_it_is_sent(number, coop, holder):
    client = same_session(holder.cookies)
    ticked = client.post(reverse("timesheets:queue_approve"), {"sheet": f"{number}:x"})
    assert ticked.status_code in {302, 409}
    day = {"starts_on": MONDAY, "day": MONDAY, "task": coop.words["task"], "project": 0}
    typed = {"new-minutes": "1", "base": json.dumps({number: [1, "x"]})}
    assert client.post(reverse("timesheets:lines", kwargs=day), typed).status_code in {302, 409}


def test_lines_of_a_week_that_starts_on_another_day_are_not_found(coop, holder):
    day = {"starts_on": WEDNESDAY, "day": WEDNESDAY, "task": coop.words["task"], "project": 0}
    url = reverse("timesheets:lines", kwargs=day)
    client = same_session(holder.cookies)
    assert client.get(url).status_code == client.post(url, {"new-minutes": "1"}).status_code == 404
