"""What a person writes in their own week."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import translation

from members.models import WorkStatus
from tests import make
from timesheets import drafts, weeks, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import Project, SheetDecision, TimeEntry, WeekSheet
from timesheets.refusals import (
    EntryRefused,
    LinesChanged,
    NotFinal,
    NothingToCorrect,
    NotYours,
    ReasonMissing,
    UnknownLine,
    WeekIsWaiting,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
TUESDAY, SUNDAY = MONDAY + timedelta(1), MONDAY + timedelta(6)


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel("2026-11-25 12:00-05:00", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def task():
    return make.task("Conciliation")


def held(person) -> dict[tuple[date, str], int]:
    return {(entry.day, entry.note): entry.minutes for entry in TimeEntry.objects.filter(person=person)}


# Cells ------------------------------------------------------------------------------------------


def test_saved_cells_become_entries_of_a_draft(ana, task):
    project = Project.objects.create(name="Interne")
    saved = drafts.save_draft(
        ana,
        MONDAY,
        {
            Cell(task.pk, project.pk, MONDAY): Content(450, "Caisse"),
            Cell(task.pk, None, TUESDAY): Content(60),
        },
    )
    assert saved.is_whole
    assert saved.sheet.is_draft
    assert held(ana) == {(MONDAY, "Caisse"): 450, (TUESDAY, ""): 60}


def test_saving_the_same_twice_changes_nothing_more(ana, task):
    wanted = {Cell(task.pk, None, MONDAY): Content(450)}
    drafts.save_draft(ana, MONDAY, wanted)
    before = TimeEntry.objects.get().pk
    saved = drafts.save_draft(ana, MONDAY, wanted)
    assert saved.changed == []
    assert TimeEntry.objects.get().pk == before


def test_cell_is_changed_and_emptied(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    drafts.save_draft(ana, MONDAY, {cell: Content(450)})
    drafts.save_draft(ana, MONDAY, {cell: Content(60, "Appel")}, based_on={cell: Content(450)})
    assert held(ana) == {(MONDAY, "Appel"): 60}
    drafts.save_draft(ana, MONDAY, {cell: Content()}, based_on={cell: Content(60, "Appel")})
    assert held(ana) == {}


def test_nothing_typed_leaves_no_sheet(ana, task):
    assert drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, MONDAY): Content()}, based_on={}).sheet is None
    drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, date(2027, 1, 1)): Content(60)})
    assert not WeekSheet.objects.exists()


def test_second_writer_is_shown_what_the_first_wrote_and_overwrites_nothing(ana, task):
    cell, other = Cell(task.pk, None, MONDAY), Cell(task.pk, None, TUESDAY)
    drafts.save_draft(ana, MONDAY, {cell: Content(60)})
    drafts.save_draft(ana, MONDAY, {cell: Content(120)}, based_on={cell: Content(60)})
    saved = drafts.save_draft(
        ana, MONDAY, {cell: Content(180), other: Content(30)}, based_on={cell: Content(60)}
    )
    assert saved.contested == {cell: Content(120)}
    assert saved.changed == [other]
    assert held(ana) == {(MONDAY, ""): 120, (TUESDAY, ""): 30}


def test_cell_left_as_it_was_does_not_undo_what_was_written_elsewhere(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    drafts.save_draft(ana, MONDAY, {cell: Content(60)})
    saved = drafts.save_draft(ana, MONDAY, {cell: Content()}, based_on={})
    assert saved.is_whole
    assert held(ana) == {(MONDAY, ""): 60}


def refused(person, cell, minutes=60, note="") -> str:
    saved = drafts.save_draft(person, MONDAY, {cell: Content(minutes, note)})
    assert saved.changed == []
    return saved.refused[cell].replace("\u00a0", " ")


def test_time_is_refused_on_days_that_have_not_come(ana, task):
    with time_machine.travel("2026-11-16 23:30-05:00", tick=False):
        assert refused(ana, Cell(task.pk, None, TUESDAY)) == (
            "Tuesday 17 November has not come yet: hours are logged once worked."
        )


def test_time_is_refused_outside_the_week(ana, task):
    assert refused(ana, Cell(task.pk, None, MONDAY - timedelta(1))) == "This day is not in the week."


def test_time_is_refused_before_work_starts_and_after_it_ends(task):
    bea = make.person("Béa", starts_on=TUESDAY)
    assert refused(bea, Cell(task.pk, None, MONDAY)) == (
        "Your work starts on 17 November 2026: there are no hours before it."
    )
    WorkStatus.objects.filter(person=bea).update(ends_on=SUNDAY - timedelta(1))
    assert refused(bea, Cell(task.pk, None, SUNDAY)) == (
        "Your work ended on 21 November 2026: there are no hours after it."
    )
    stranger = make.person("Zoé", kind=None)
    assert "no work status yet" in refused(stranger, Cell(task.pk, None, MONDAY))


def test_new_time_is_refused_on_a_retired_task_and_a_closed_project(ana, task):
    project = Project.objects.create(name="Fini", closed_on=MONDAY)
    assert refused(ana, Cell(task.pk, project.pk, MONDAY)) == "This project is closed: pick another one."
    task.retired_on = MONDAY
    task.save()
    assert refused(ana, Cell(task.pk, None, MONDAY)) == "This task is retired: pick another one."
    assert refused(ana, Cell(10**17, None, MONDAY)) == "There is no such task: pick another one."
    kept = make.task("Paie", role="Ancien")
    kept.role.retired_on = MONDAY
    kept.role.save()
    assert refused(ana, Cell(kept.pk, None, MONDAY)) == "This task is retired: pick another one."


def test_time_logged_before_a_task_retired_can_still_be_changed(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    drafts.save_draft(ana, MONDAY, {cell: Content(450)})
    task.retired_on = TUESDAY
    task.save()
    assert drafts.save_draft(ana, MONDAY, {cell: Content(60)}).is_whole


def test_note_without_time_is_refused(ana, task):
    assert "no time" in refused(ana, Cell(task.pk, None, MONDAY), 0, "Caisse")


def test_day_over_24_hours_is_refused_by_name_and_the_other_days_are_saved(ana, task):
    other = make.task("Paie")
    one, two, tuesday = (
        Cell(task.pk, None, MONDAY),
        Cell(other.pk, None, MONDAY),
        Cell(task.pk, None, TUESDAY),
    )
    drafts.save_draft(ana, MONDAY, {one: Content(600)})
    saved = drafts.save_draft(ana, MONDAY, {two: Content(900), tuesday: Content(60)})
    assert saved.refused[two].replace("\u00a0", " ") == "Monday 16 November would hold 25 h: a day has 24."
    assert held(ana) == {(MONDAY, ""): 600, (TUESDAY, ""): 60}


def test_hours_moved_from_one_task_to_another_fit_in_a_full_day(ana, task):
    other = make.task("Paie")
    one, two = Cell(task.pk, None, MONDAY), Cell(other.pk, None, MONDAY)
    drafts.save_draft(ana, MONDAY, {one: Content(1440)})
    assert drafts.save_draft(ana, MONDAY, {one: Content(0), two: Content(1440)}).is_whole
    assert drafts.save_draft(ana, MONDAY, {one: Content(1000), two: Content(440)}).is_whole


def test_cell_of_several_lines_is_never_merged_by_typing_over_it(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    drafts.add_entry(ana, MONDAY, cell, 60, "Matin")
    drafts.add_entry(ana, MONDAY, cell, 30, "Soir")
    assert "several lines" in refused(ana, cell, 45)
    assert held(ana) == {(MONDAY, "Matin"): 60, (MONDAY, "Soir"): 30}


def test_submitted_week_is_not_written_in(ana, task):
    cell = Cell(task.pk, None, MONDAY)
    sheet = drafts.add_entry(ana, MONDAY, cell, 60)
    workflow.submit(sheet, by=ana)
    for act in (
        lambda: drafts.save_draft(ana, MONDAY, {cell: Content(30)}),
        lambda: drafts.add_entry(ana, MONDAY, cell, 30),
    ):
        with pytest.raises(WeekIsWaiting):
            act()
    assert held(ana) == {(MONDAY, ""): 60}


def test_late_entry_reopens_an_approved_week_and_touches_nothing_final(ana, task):
    sheet = make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=task)
    saved = drafts.save_draft(ana, MONDAY, {Cell(task.pk, None, TUESDAY): Content(60)})
    assert saved.sheet.is_draft
    assert sheet.decisions.last().act == SheetDecision.Act.REOPENED
    assert [(entry.minutes, entry.is_final) for entry in sheet.entries.order_by("day")] == [
        (420, True),
        (60, False),
    ]


# Lines ------------------------------------------------------------------------------------------


@pytest.fixture
def cell(task):
    return Cell(task.pk, None, MONDAY)


def line_of(person) -> tuple[int, Content]:
    entry = TimeEntry.objects.get(person=person)
    return entry.pk, Content(entry.minutes, entry.note)


def test_lines_are_changed_added_and_taken_away_together(ana, cell):
    drafts.add_entry(ana, MONDAY, cell, 60, "Matin")
    pk, was = line_of(ana)
    drafts.save_lines(
        ana, MONDAY, cell, {pk: Content(90, "Matin")}, [Content(30, "Soir")], based_on={pk: was}
    )
    assert held(ana) == {(MONDAY, "Matin"): 90, (MONDAY, "Soir"): 30}
    drafts.save_lines(ana, MONDAY, cell, {pk: Content(0)})
    assert held(ana) == {(MONDAY, "Soir"): 30}


def test_lines_changed_elsewhere_are_not_overwritten(ana, cell):
    drafts.add_entry(ana, MONDAY, cell, 60)
    pk, was = line_of(ana)
    drafts.add_entry(ana, MONDAY, cell, 30, "Ailleurs")
    with pytest.raises(LinesChanged):
        drafts.save_lines(ana, MONDAY, cell, {pk: Content(90)}, based_on={pk: was})
    assert sorted(held(ana).values()) == [30, 60]


def test_lines_of_a_day_over_24_hours_are_refused_whole(ana, cell):
    drafts.add_entry(ana, MONDAY, cell, 60)
    pk, _was = line_of(ana)
    with pytest.raises(EntryRefused, match="a day has 24"):
        drafts.save_lines(ana, MONDAY, cell, {pk: Content(900)}, [Content(600)])
    assert list(held(ana).values()) == [60]


def test_line_of_another_is_unknown(ana, cell):
    drafts.add_entry(ana, MONDAY, cell, 60)
    pk, _was = line_of(ana)
    with pytest.raises(UnknownLine):
        drafts.save_lines(make.person("Béa"), MONDAY, cell, {pk: Content(90)})


def test_line_refused_in_the_future_and_removed_all_the_same(ana, cell):
    drafts.add_entry(ana, MONDAY, cell, 60)
    pk, _was = line_of(ana)
    WorkStatus.objects.filter(person=ana).update(starts_on=TUESDAY)
    with pytest.raises(EntryRefused, match="Your work starts"):
        drafts.save_lines(ana, MONDAY, cell, {pk: Content(90)})
    drafts.save_lines(ana, MONDAY, cell, {pk: Content(0)})
    assert held(ana) == {}


# Corrections ------------------------------------------------------------------------------------


@pytest.fixture
def final(ana, task):
    return make.approved(ana, starts_on=MONDAY, hours={"mon": 7}, task=task).entries.get()


def test_correction_is_a_signed_entry_beside_the_approved_one(ana, final):
    sheet = drafts.correct(final, 300, reason="J’ai compté le dîner", by=ana)
    correction = final.corrections.get()
    assert (correction.minutes, correction.reason, correction.approved_at) == (
        -120,
        "J’ai compté le dîner",
        None,
    )
    assert (sheet.is_draft, sheet.decisions.last().because) == (True, "J’ai compté le dîner")
    final.refresh_from_db()
    assert final.minutes == 420


def test_correction_in_draft_is_replaced_and_can_be_taken_back(ana, final):
    drafts.correct(final, 300, reason="un", by=ana)
    drafts.correct(final, 480, reason="deux", by=ana)
    assert final.corrections.get().minutes == 60
    with pytest.raises(NothingToCorrect):
        drafts.correct(final, 480, reason="trois", by=ana)
    drafts.correct(final, 420, reason="non, c’était juste", by=ana)
    assert not final.corrections.exists()


def test_second_correction_counts_from_the_first_once_approved(ana, final):
    make.approve(drafts.correct(final, 300, reason="un", by=ana))
    drafts.correct(final, 0, reason="deux", by=ana)
    assert [entry.minutes for entry in final.corrections.order_by("pk")] == [-120, -300]


def test_correction_is_refused_without_reason_to_others_and_beyond_a_day(ana, final, task):
    with pytest.raises(ReasonMissing):
        drafts.correct(final, 300, reason="  ", by=ana)
    with pytest.raises(NotYours):
        drafts.correct(final, 300, reason="pour toi", by=make.person("Béa"))
    with pytest.raises(NothingToCorrect):
        drafts.correct(final, 420, reason="rien", by=ana)
    drafts.add_entry(ana, MONDAY, Cell(make.task("Paie").pk, None, MONDAY), 900)
    with pytest.raises(EntryRefused, match="a day has 24"):
        drafts.correct(final, 600, reason="plus", by=ana)


def test_only_approved_time_is_corrected(ana, task):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 60)
    with pytest.raises(NotFinal):
        drafts.correct(TimeEntry.objects.get(), 30, reason="pressé", by=ana)


# Copying ----------------------------------------------------------------------------------------


def test_rows_of_the_week_before_are_copied_without_writing_anything(ana, task):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 60)
    copied = drafts.copy_week(ana, MONDAY, weeks.after(MONDAY), with_hours=False)
    assert copied == drafts.Copied([(task.pk, None)])
    assert WeekSheet.objects.count() == 1


def test_hours_are_copied_day_for_day_and_what_is_left_out_is_told(ana, task):
    retired = make.task("Vieux")
    wednesday = MONDAY + timedelta(2)
    for cell, minutes in {
        Cell(task.pk, None, MONDAY): 60,
        Cell(task.pk, None, TUESDAY): 120,
        Cell(retired.pk, None, MONDAY): 30,
        Cell(task.pk, None, wednesday): 240,
        Cell(task.pk, None, SUNDAY): 300,
    }.items():
        drafts.add_entry(ana, MONDAY, cell, minutes, "note")
    retired.retired_on = SUNDAY
    retired.save()
    target = weeks.after(MONDAY)
    drafts.add_entry(ana, target, Cell(task.pk, None, target), 15, "déjà là")
    copied = drafts.copy_week(ana, MONDAY, target, with_hours=True)
    assert copied.cells == 2
    assert [why for _cell, why in copied.skipped] == [
        "This task is retired: pick another one.",
        "There are hours already.",
        "Sunday 29 November has not come yet: hours are logged once worked.",
    ]
    assert {
        entry.day: (entry.minutes, entry.note) for entry in TimeEntry.objects.filter(sheet__starts_on=target)
    } == {
        target: (15, "déjà là"),
        target + timedelta(1): (120, ""),
        target + timedelta(2): (240, ""),
    }


def test_copying_twice_adds_nothing(ana, task):
    drafts.add_entry(ana, MONDAY, Cell(task.pk, None, MONDAY), 60)
    target = weeks.after(MONDAY)
    drafts.copy_week(ana, MONDAY, target, with_hours=True)
    assert drafts.copy_week(ana, MONDAY, target, with_hours=True).cells == 0
    assert TimeEntry.objects.filter(sheet__starts_on=target).count() == 1
