"""Somebody's home address and date of birth, read by another: who looked is kept, and they see it.

Who looked at a file is kept by the pay app, which stands above this one and is not imported here: it
hands its acts over when it starts (`payroll.apps`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from .models import Person, Power

# The powers that open it. Nothing else does.
OPENED_BY = frozenset({Power.ADMIT_PEOPLE, Power.PREPARE_PAY})


@dataclass(frozen=True)
class Keeper:
    """`is_open`: is it their own, or did the reader open it lately? `open`: write that they do. `gate`: ask first.

    `shown`: write that a page shows those of several people.
    """

    is_open: Callable[[HttpRequest, Person], bool]
    open: Callable[[HttpRequest, Person], None]
    gate: Callable[[HttpRequest, Person], HttpResponse]
    shown: Callable[[HttpRequest, Iterable[int]], None]


_keeper: Keeper


def kept_by(keeper: Keeper) -> None:
    """Called once, by the app that keeps who looked at a file."""
    global _keeper
    _keeper = keeper


def is_open(request: HttpRequest, person: Person) -> bool:
    return _keeper.is_open(request, person)


def open_aloud(request: HttpRequest, person: Person) -> None:
    """Write that the reader opens it; raises NotAllowed without a mandate that does."""
    _keeper.open(request, person)


def gate(request: HttpRequest, person: Person) -> HttpResponse:
    """The page that says so before anything is shown."""
    return _keeper.gate(request, person)


def note_shown(request: HttpRequest, people: Iterable[int]) -> None:
    """Write that this page shows the reader the addresses of these people, by key, once a quarter of an hour."""
    _keeper.shown(request, people)
