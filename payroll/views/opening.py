"""What is confidential of another person is read aloud: the reading is kept, and they see it.

A file of one person has a gate: a page says so first, and its button writes. A page that shows amounts of
several people, or a file of them, writes as it is shown. For a quarter of an hour, what was opened then
stays open for that reader, in that session, and is written no second time.
"""

import hashlib
import time
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from members.contact import Keeper
from members.models import Person

from ..models import FileReading
from ..readings import What, open_file, open_files

SESSION_KEY = "opened_files"
OPEN_SECONDS = 15 * 60
OPEN_URLS = {
    What.STUB: "payroll:stub_open",
    What.TAX_PROFILE: "payroll:profile_open",
    What.BANK_ACCOUNT: "payroll:account_open",
    What.CONTACT: "members:person_contact",
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


def note_shown(request: HttpRequest, people: Iterable[int], what: FileReading.What) -> None:
    """Keep that this page shows the reader amounts of these people, by key; they are not written twice for it."""
    page = hashlib.sha256(request.get_full_path().encode()).hexdigest()[:12]
    people = {person_id for person_id in people if person_id != request.user.pk}
    opened, key = _still_open(request), f"{what}:{page}"
    if people and key not in opened:
        open_files(sorted(people), what, by=request.user)
        request.session[SESSION_KEY] = opened | {key: int(time.time()) + OPEN_SECONDS}


def note_total(request: HttpRequest, people: Iterable[int], what: FileReading.What) -> None:
    """Keep that this page shows a total of these people's amounts, where it is one person's."""
    if len(alone := set(people)) == 1:
        note_shown(request, alone, what)


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


# What `members` asks of this page for somebody's home address and date of birth.
CONTACT = Keeper(
    is_open=lambda request, person: has_opened(request, person, What.CONTACT, person.pk),
    open=lambda request, person: note_opening(request, person, What.CONTACT, person.pk),
    gate=lambda request, person: show_gate(request, person, What.CONTACT, person.pk),
    shown=lambda request, people: note_shown(request, people, What.CONTACT),
)
