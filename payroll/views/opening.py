"""Another person's file is opened aloud: a page says so first, opening is kept, and they see it.

Reading a page writes nothing. What writes is the button of the gate; for a quarter of an hour the
file then stays open for that reader, in that session.
"""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from members.models import Person

from ..models import FileReading
from ..readings import What, open_file

SESSION_KEY = "opened_files"
OPEN_SECONDS = 15 * 60
OPEN_URLS = {
    What.STUB: "payroll:stub_open",
    What.TAX_PROFILE: "payroll:profile_open",
    What.BANK_ACCOUNT: "payroll:account_open",
}


def _still_open(request: HttpRequest) -> dict[str, int]:
    now = int(time.time())
    return {key: until for key, until in request.session.get(SESSION_KEY, {}).items() if until > now}


def has_opened(request: HttpRequest, person: Person, what: FileReading.What, pk: int) -> bool:
    """Is it the reader's own file, or one they opened within the last quarter of an hour?"""
    return person == request.user or f"{what}:{pk}" in _still_open(request)


def note_opening(request: HttpRequest, person: Person, what: FileReading.What, pk: int) -> None:
    """Keep that the reader opens this file, and leave it open for a while."""
    if open_file(person, what, by=request.user):
        request.session[SESSION_KEY] = _still_open(request) | {
            f"{what}:{pk}": int(time.time()) + OPEN_SECONDS
        }


def show_gate(
    request: HttpRequest,
    person: Person,
    what: FileReading.What,
    pk: int,
    *,
    open_url: str = "",
    called: str = "",
) -> HttpResponse:
    """Say whose file it is and that opening it is kept, before showing anything of it.

    `called` is what the page behind it is, where one reading opens several.
    """
    return render(
        request,
        "payroll/file_gate.html",
        {
            "person": person,
            "what": called or what.label,
            "open_url": open_url or reverse(OPEN_URLS[what], args=[pk]),
        },
    )
