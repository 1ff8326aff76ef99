"""What the database itself refuses about hours, whoever asks and through whatever door."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.models import Cooperative, Power
from tests import make
from timesheets.models import Project, SheetDecision, TimeEntry, WeekSheet

pytestmark = pytest.mark.django_db
MONDAY = make.MONDAY


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


@pytest.fixture
def final(ana, bob):
    return make.approved(ana, hours={"mon": 7}, by=bob).entries.get()


def refused(act, *, by: str) -> None:
    """The act raises, and it is this constraint that speaks."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    assert refusal.value.__cause__.diag.constraint_name == by


def sql(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def reopened(entry: TimeEntry) -> WeekSheet:
    WeekSheet.objects.filter(pk=entry.sheet_id).update(
        state="draft", submitted_at=None, approved_at=None, approved_by=None
    )
    return WeekSheet.objects.get(pk=entry.sheet_id)


def correction(entry: TimeEntry, minutes: int, **fields) -> TimeEntry:
    copied = {"sheet": entry.sheet, "person": entry.person, "day": entry.day, "task": entry.task}
    return TimeEntry(**copied | {"minutes": minutes, "corrects": entry, "reason": "erreur"} | fields)


# Approved is final ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 1},
        {"note": "autre"},
        {"day": MONDAY + timedelta(1)},
        {"approved_at": None, "approved_by": None},
        {"question": "encore?"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_approved_entry_is_never_changed_by_a_queryset(final, change):
    refused(
        lambda: TimeEntry.objects.filter(pk=final.pk).update(**change), by="timesheets_timeentry_is_final"
    )
    reopened(final)
    refused(
        lambda: TimeEntry.objects.filter(pk=final.pk).update(**change), by="timesheets_timeentry_is_final"
    )


def test_approved_entry_is_never_changed_or_deleted_by_sql(final):
    for statement in (
        "UPDATE timesheets_timeentry SET minutes = 1 WHERE id = %s",
        "DELETE FROM timesheets_timeentry WHERE id = %s",
    ):
        refused(lambda statement=statement: sql(statement, final.pk), by="timesheets_timeentry_is_final")


def test_approved_entry_is_final_in_replica_mode_too(final):
    def act():
        sql("SET LOCAL session_replication_role = replica")
        sql("UPDATE timesheets_timeentry SET minutes = 1 WHERE id = %s", final.pk)

    refused(act, by="timesheets_timeentry_is_final")


def test_decision_on_a_week_stays_written(ana, bob):
    sheet = make.sheet(ana)
    SheetDecision.objects.create(sheet=sheet, act="submitted", by=ana, digest="d")
    for act in (
        lambda: SheetDecision.objects.update(by=bob),
        lambda: sql("DELETE FROM timesheets_sheetdecision"),
    ):
        refused(act, by="timesheets_sheetdecision_is_final")


# Nobody approves their own hours ------------------------------------------------------------------


def test_nobody_approves_their_own_entry_or_week(ana):
    make.sheet(ana, hours={"mon": 7})
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    own = {"approved_at": timezone.now(), "approved_by": ana}
    refused(lambda: TimeEntry.objects.update(**own), by="timesheets_approved_by_another")
    empty = make.sheet(ana, starts_on=MONDAY + timedelta(7))
    WeekSheet.objects.filter(pk=empty.pk).update(state="submitted", submitted_at=timezone.now(), handed_in={})
    refused(
        lambda: WeekSheet.objects.filter(pk=empty.pk).update(state="approved", handed_in=None, **own),
        by="timesheets_sheet_approved_by_another",
    )


def test_approval_without_an_author_is_refused(ana):
    make.sheet(ana, hours={"mon": 7})
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    refused(lambda: TimeEntry.objects.update(approved_at=timezone.now()), by="timesheets_approval_is_signed")


# The steps of a week ------------------------------------------------------------------------------


def test_week_goes_from_draft_to_submitted_to_approved_and_skips_nothing(ana, bob):
    now = timezone.now()
    signed = {"submitted_at": now, "approved_at": now, "approved_by": bob}
    make.sheet(ana)
    refused(
        lambda: WeekSheet.objects.update(state="approved", **signed), by="timesheets_sheet_takes_one_step"
    )
    refused(
        lambda: WeekSheet.objects.create(
            person=bob, starts_on=MONDAY, state="submitted", submitted_at=timezone.now()
        ),
        by="timesheets_sheet_takes_one_step",
    )
    WeekSheet.objects.update(state="submitted", submitted_at=now, handed_in={})
    WeekSheet.objects.update(state="approved", handed_in=None, **signed)
    refused(
        lambda: WeekSheet.objects.update(state="submitted", handed_in={}, approved_at=None, approved_by=None),
        by="timesheets_sheet_takes_one_step",
    )


def test_week_is_approved_when_each_of_its_entries_is(ana, bob):
    make.sheet(ana, hours={"mon": 7})
    now = timezone.now()
    WeekSheet.objects.update(state="submitted", submitted_at=now, handed_in={})
    refused(
        lambda: WeekSheet.objects.update(state="approved", approved_at=now, approved_by=bob),
        by="timesheets_approved_to_the_last_entry",
    )


def test_state_and_moments_of_a_week_agree(ana):
    make.sheet(ana)
    refused(lambda: WeekSheet.objects.update(state="submitted"), by="timesheets_state_and_moments_agree")
    refused(
        lambda: WeekSheet.objects.update(submitted_at=timezone.now()), by="timesheets_state_and_moments_agree"
    )
    refused(lambda: WeekSheet.objects.update(state="paid"), by="timesheets_state_and_moments_agree")
    refused(lambda: WeekSheet.objects.update(handed_in={}), by="timesheets_state_and_moments_agree")
    refused(
        lambda: WeekSheet.objects.update(state="submitted", submitted_at=timezone.now()),
        by="timesheets_state_and_moments_agree",
    )


def test_only_a_draft_changes(ana):
    sheet = make.sheet(ana, hours={"mon": 7})
    WeekSheet.objects.update(state="submitted", submitted_at=timezone.now(), handed_in={})
    for act in (
        lambda: TimeEntry.objects.update(minutes=1),
        lambda: TimeEntry.objects.all().delete(),
        lambda: make.sheet(ana, hours={"tue": 1}),
        lambda: sql("UPDATE timesheets_timeentry SET note = 'x' WHERE sheet_id = %s", sheet.pk),
    ):
        refused(act, by="timesheets_only_a_draft_changes")


def test_entry_is_not_born_approved_nor_approved_in_a_draft(ana, bob):
    sheet = make.sheet(ana, hours={"mon": 7})
    signed = {"approved_at": timezone.now(), "approved_by": bob}
    refused(lambda: TimeEntry.objects.update(**signed), by="timesheets_only_submitted_is_approved")
    entry = sheet.entries.get()
    refused(
        lambda: TimeEntry.objects.create(
            sheet=sheet, person=ana, day=entry.day, task=entry.task, minutes=5, **signed
        ),
        by="timesheets_only_a_draft_changes",
    )


# Where time may stand -----------------------------------------------------------------------------


def test_entry_belongs_to_the_person_and_the_week_of_its_sheet(ana, bob):
    sheet = make.sheet(ana, hours={"mon": 7})
    refused(lambda: TimeEntry.objects.update(person=bob), by="timesheets_entry_in_its_week")
    refused(
        lambda: TimeEntry.objects.update(day=sheet.starts_on + timedelta(7)),
        by="timesheets_entry_in_its_week",
    )


def test_sheet_keeps_its_person_and_its_week(ana, bob):
    make.sheet(ana)
    refused(lambda: WeekSheet.objects.update(person=bob), by="timesheets_sheet_keeps_its_week")
    refused(
        lambda: WeekSheet.objects.update(starts_on=MONDAY + timedelta(7)),
        by="timesheets_sheet_keeps_its_week",
    )


def test_sheet_starts_on_the_first_day_of_the_legal_week(ana):
    refused(
        lambda: WeekSheet.objects.create(person=ana, starts_on=MONDAY + timedelta(1)),
        by="timesheets_sheet_starts_the_week",
    )
    make.cooperative(week_starts_on=6)
    refused(lambda: make.sheet(ana, starts_on=MONDAY), by="timesheets_sheet_starts_the_week")
    make.sheet(ana, starts_on=MONDAY - timedelta(1))


def test_week_start_is_kept_once_hours_are_logged(ana):
    make.cooperative()
    make.sheet(ana)
    refused(lambda: Cooperative.objects.update(week_starts_on=6), by="timesheets_week_start_is_final")


def test_person_has_one_sheet_a_week(ana):
    make.sheet(ana)
    refused(lambda: WeekSheet.objects.create(person=ana, starts_on=MONDAY), by="timesheets_one_sheet_a_week")


def test_day_holds_at_most_24_hours_whatever_the_lines(ana):
    sheet = make.sheet(ana, hours={"mon": 20})
    task = make.task()
    two_hours = {"sheet": sheet, "person": ana, "day": MONDAY, "task": task, "minutes": 120}
    TimeEntry.objects.create(**two_hours)
    TimeEntry.objects.create(**two_hours)
    refused(
        lambda: TimeEntry.objects.create(**two_hours | {"minutes": 1}), by="timesheets_day_within_24_hours"
    )
    refused(
        lambda: TimeEntry.objects.filter(minutes=120).update(minutes=121), by="timesheets_day_within_24_hours"
    )
    refused(
        lambda: TimeEntry.objects.bulk_create(
            [TimeEntry(**two_hours | {"day": MONDAY + timedelta(1), "minutes": 60}) for _ in range(26)]
        ),
        by="timesheets_day_within_24_hours",
    )


@pytest.mark.parametrize("minutes", [0, 1441, -1441])
def test_entry_is_between_one_minute_and_24_hours(final, minutes):
    reopened(final)
    refused(lambda: correction(final, minutes).save(), by="timesheets_minutes")


# Corrections --------------------------------------------------------------------------------------


def test_only_a_correction_takes_minutes_away(ana):
    sheet = make.sheet(ana, hours={"mon": 7})
    entry = sheet.entries.get()
    less = {"sheet": sheet, "person": ana, "day": MONDAY, "task": entry.task, "minutes": -60}
    refused(lambda: TimeEntry.objects.create(**less), by="timesheets_correction_says_why")


def test_correction_says_why(final):
    reopened(final)
    refused(lambda: correction(final, -60, reason="").save(), by="timesheets_correction_says_why")


@pytest.mark.parametrize("what", ["draft", "day", "task", "project", "correction"])
def test_correction_follows_an_approved_entry_of_the_same_day_task_and_project(final, what):
    sheet = reopened(final)
    wrong = {}
    if what == "draft":
        wrong["corrects"] = make.sheet(final.person, hours={"tue": 1}).entries.get(approved_at=None)
        wrong["day"], wrong["task"] = wrong["corrects"].day, wrong["corrects"].task
    elif what == "correction":
        correction(final, -60).save()
        make.approve(sheet)
        reopened(final)
        wrong["corrects"] = final.corrections.get()
    else:
        wrong[what] = {
            "day": MONDAY + timedelta(1),
            "task": make.task(),
            "project": Project.objects.create(name="Autre"),
        }[what]
    refused(lambda: correction(final, 30, **wrong).save(), by="timesheets_corrects_an_approved_entry")


def test_corrections_take_away_at_most_what_they_correct(final):
    other = make.task("Autre")
    make.approved(final.person, hours={"mon": 5}, task=other)
    reopened(final)
    correction(final, -300).save()
    refused(lambda: correction(final, -121).save(), by="timesheets_correction_within_entry")
    correction(final, -120).save()


def test_closed_names_can_be_used_again_and_open_ones_cannot():
    Project.objects.create(name="Site", closed_on=date(2026, 1, 1))
    Project.objects.create(name="Site")
    refused(lambda: Project.objects.create(name="Site"), by="timesheets_project_name")


def test_week_sent_back_says_why(ana, bob):
    sheet = make.sheet(ana)
    refused(
        lambda: SheetDecision.objects.create(sheet=sheet, act="sent_back", by=bob, digest="d"),
        by="timesheets_sent_back_says_why",
    )
