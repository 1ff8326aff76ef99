"""A whole year of a mixed co-op, lived by the acts of the screens, then reconciled to the cent."""

import pytest
import time_machine
from django.db import transaction

from tests.payroll import a_year

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def coop(django_db_setup, django_db_blocker):
    """The year is lived once; its end is February 2027."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel("2025-12-01 15:00:00+00:00", tick=False) as clock,
        transaction.atomic(),
    ):
        made = a_year.Coop(clock)
        made.live()
        yield made
        transaction.set_rollback(True)


def test_lives(coop):
    assert len(coop.runs) == 30
