"""Hours in which somebody learns: ordinary hours, with the mentor named."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import make
from timesheets import drafts
from timesheets.models import EntryVersion, TimeEntry
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db


@contextmanager
def refused_by(constraint: str):
    """The database refuses what is done inside, by the constraint or the trigger of that name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert refusal.value.__cause__.diag.constraint_name == constraint


@pytest.fixture(autouse=True)
def _coop():
    make.cooperative()


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def bea():
    return make.person("Béa")


def test_mentor_is_somebody_else_and_is_named_in_a_draft_only(ana, bea):
    sheet = make.sheet(ana, hours={"mon": 3})
    entry = sheet.entries.get()
    with refused_by("timesheets_learning_with_another"):
        sheet.entries.update(learning_with=ana)
    sheet.entries.update(learning_with=bea)
    assert EntryVersion.objects.get(entry_id=entry.pk).learning_with is None
    type(sheet).objects.update(state="submitted", submitted_at=entry.written_at, handed_in={})
    with refused_by("timesheets_only_a_draft_changes"):
        sheet.entries.update(learning_with=None)
    make.approve(sheet)
    with refused_by("timesheets_timeentry_is_final"):
        sheet.entries.update(learning_with=None)


def test_mentor_taken_away_with_the_line_stays_in_the_history(ana, bea):
    sheet = make.sheet(ana, hours={"mon": 3})
    sheet.entries.update(learning_with=bea)
    sheet.entries.all().delete()
    assert EntryVersion.objects.get(was_taken_away=True).learning_with == bea


def test_what_is_approved_names_the_mentor_that_was_seen(ana, bea):
    sheet = make.sheet(ana, hours={"mon": 3})
    before = digest_of(lines_of(sheet.entries.all()))
    sheet.entries.update(learning_with=bea)
    assert digest_of(lines_of(sheet.entries.all())) != before


def test_correction_of_a_learning_hour_is_one_too(ana, bea):
    sheet = make.sheet(ana, hours={"mon": 3})
    sheet.entries.update(learning_with=bea)
    make.approve(sheet)
    entry = sheet.entries.get()
    drafts.correct(entry, 120, reason="deux heures", by=ana)
    correction = TimeEntry.objects.get(corrects=entry)
    assert (correction.minutes, correction.learning_with) == (-60, bea)
    assert correction.day == make.MONDAY + timedelta(0)
