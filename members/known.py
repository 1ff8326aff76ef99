"""What the system knows by itself of the things to do at a step: nobody ticks them.

Every app adds what it knows when it starts (`know`): tax forms and pay are not read from here.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.functional import Promise

from .models import Power, StepList


class State(Enum):
    """How a thing to do stands."""

    TO_DO = "to do"
    DONE = "done"
    #: It does not concern this person: tax forms of a freelancer, shares where there are none.
    NOTHING = "nothing"


@dataclass(frozen=True)
class Answer:
    """How one thing stands for one person: since which day it is done, where it is done or seen, if there is a page."""

    state: State
    on: date | None = None
    url: str = ""


DONE, TO_DO, NOTHING = (Answer(state) for state in (State.DONE, State.TO_DO, State.NOTHING))


def done_if(holds: bool, *, url: str = "") -> Answer:
    """Done or to do, with the page where it is seen."""
    return Answer(State.DONE if holds else State.TO_DO, url=url)


#: How some lists stand, by their key: asked for several at once, in a constant number of queries.
Ask = Callable[[Sequence[StepList]], dict[int, Answer]]


@dataclass(frozen=True)
class Known:
    """Something the system knows: its code, what it is called, how it is asked.

    `power` opens the page where it is seen, where a mandate is needed for it.
    """

    code: str
    name: str | Promise
    ask: Ask
    power: Power | None = None

    def __str__(self):
        return str(self.name)


_KNOWN: dict[str, Known] = {}


def know(*facts: Known) -> None:
    """Add what an app knows; for an app, when it starts."""
    _KNOWN.update({fact.code: fact for fact in facts})


def every() -> Iterable[Known]:
    """All that is known, in the order it was told."""
    return _KNOWN.values()


def opens(code: str, powers: Container[str]) -> bool:
    """May somebody with these powers open the page where it is seen?"""
    return code in _KNOWN and (_KNOWN[code].power is None or _KNOWN[code].power in powers)


def answers(code: str, lists: Sequence[StepList]) -> dict[int, Answer]:
    """How a thing stands on each of these lists; where no app knows it any more, it concerns nobody."""
    found = _KNOWN[code].ask(lists) if code in _KNOWN else {}
    return {one.pk: found.get(one.pk, NOTHING) for one in lists}
