"""What two people do at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from functools import partial
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from koumbit.refusals import Refused
from members import governance, lifecycle, meetings, minutes
from members.models import Mandate, Person, Power
from members.powers import NobodyLeft, holders
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 20)


def at_once(*acts) -> list:
    """What each act returned or raised, all started at the same instant, each on its own connection."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except (NobodyLeft, Refused, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("attempt", range(5))
def test_two_last_keepers_cannot_both_step_down(attempt):
    ana = make.person("Ana", powers=[Power.KEEP_COMMITTEES])
    bob = make.person("Bob", powers=[Power.KEEP_COMMITTEES])
    yesterday = date(2026, 11, 19)
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        outcomes = at_once(
            *(
                partial(governance.end_mandate, who.mandates.get(), by=who, ends_on=yesterday)
                for who in (ana, bob)
            )
        )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NobodyLeft", "NoneType"]
    assert holders(Power.KEEP_COMMITTEES, on=TODAY).count() == 1


def test_two_seats_given_at_once_are_one():
    keepers = [
        make.person("Ana", powers=[Power.KEEP_COMMITTEES]),
        make.person("Bob", powers=[Power.KEEP_COMMITTEES]),
    ]
    body, eve = make.committee(), make.person("Eve")
    outcomes = at_once(
        *(partial(governance.give_mandate, body, eve, by=by, starts_on=TODAY) for by in keepers)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Mandate", "ValidationError"]
    assert Mandate.objects.filter(committee=body).count() == 1


def test_one_address_entered_twice_at_once_is_one_person():
    clerks = [
        make.person("Ana", powers=[Power.ADMIT_PEOPLE]),
        make.person("Bob", powers=[Power.ADMIT_PEOPLE]),
    ]
    outcomes = at_once(
        *(partial(lifecycle.admit_person, by=by, email="eve@example.org", given_name="Eve") for by in clerks)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Person", "ValidationError"]
    assert Person.objects.filter(email="eve@example.org").count() == 1


def test_minutes_written_twice_at_once_keep_the_first():
    """Both had the same version before their eyes: one is told that somebody else wrote meanwhile."""
    body, people = make.committee(), [make.person(name) for name in ("Ana", "Bob")]
    for person in people:
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        meeting = meetings.call(
            body, by=people[0], on=TODAY, starts_at=time(9), ends_at=time(10), place="Ici"
        )
        point = meetings.add_point(meeting, by=people[0], title="Budget", wanted="hear")
        outcomes = at_once(
            *(
                partial(
                    minutes.write_minutes, meeting, by=by, seen=0, attendance={}, said={point.pk: str(by)}
                )
                for by in people
            )
        )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Minutes", "WrittenMeanwhile"]
    point.refresh_from_db()
    assert point.said == str(meeting.minutes.written_by)
