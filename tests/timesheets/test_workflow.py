"""The acts on a week, between the person who worked it and the committee."""

from datetime import date

import pytest
import time_machine
from django.utils import translation

from members.models import JournalEntry, Power
from members.powers import NotAllowed
from tests import make
from timesheets import drafts, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import SheetDecision, WeekSheet
from timesheets.refusals import (
    NotAllEligible,
    NotYours,
    OwnHours,
    ReasonMissing,
    SheetChanged,
    UnknownLine,
    WeekIsNotDraft,
    WeekIsNotWaiting,
    WeekNotBegun,
)
from timesheets.seen import digest_of, lines_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 23)
Act = SheetDecision.Act


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23 12:00-05:00", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def ana():
    return make.person("Ana")


@pytest.fixture
def bob():
    return make.person("Bob", powers=[Power.APPROVE_HOURS])


@pytest.fixture
def waiting(ana):
    return workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7, "tue": 6, "wed": 5}), by=ana)


def seen(sheet) -> str:
    return digest_of(lines_of(sheet.entries.all()))


def fresh(sheet) -> WeekSheet:
    return WeekSheet.objects.get(pk=sheet.pk)


def acts(sheet) -> list[tuple]:
    return list(sheet.decisions.values_list("act", "by", "minutes", "because"))


def last_event() -> tuple[str, int, dict]:
    entry = JournalEntry.objects.latest("seq")
    return entry.event, entry.actor_id, entry.body


# Submitting and withdrawing ---------------------------------------------------------------------


def test_submitted_week_waits_and_says_so_in_the_journal(ana, waiting):
    assert fresh(waiting).is_waiting
    assert acts(waiting) == [(Act.SUBMITTED, ana.pk, 18 * 60, "")]
    assert last_event() == (
        "hours.submitted",
        ana.pk,
        {
            "sheet": waiting.pk,
            "person": ana.pk,
            "week": "2026-11-16",
            "entries": 3,
            "digest": seen(waiting),
        },
    )


def test_empty_week_is_submitted_as_nothing_this_week(ana, bob):
    sheet = workflow.submit(workflow.open_week(ana, MONDAY), by=ana)
    assert fresh(workflow.approve(sheet, by=bob, seen=seen(sheet))).is_approved


def test_only_its_owner_submits_and_withdraws_a_week(ana, bob, waiting):
    with pytest.raises(NotYours):
        workflow.withdraw(waiting, by=bob)
    workflow.withdraw(waiting, by=ana)
    with pytest.raises(NotYours):
        workflow.submit(waiting, by=bob)
    assert [act for act, *_rest in acts(waiting)] == [Act.SUBMITTED, Act.WITHDRAWN]


def test_week_is_not_submitted_twice_nor_before_it_begins(ana, waiting):
    with pytest.raises(WeekIsNotDraft):
        workflow.submit(waiting, by=ana)
    with pytest.raises(WeekNotBegun):
        workflow.submit(workflow.open_week(ana, date(2026, 11, 30)), by=ana)


def test_decided_week_is_not_withdrawn(ana, bob, waiting):
    workflow.approve(waiting, by=bob, seen=seen(waiting))
    with pytest.raises(WeekIsNotWaiting):
        workflow.withdraw(waiting, by=ana)


# Approving --------------------------------------------------------------------------------------


def test_approved_week_is_final_and_signed(bob, waiting):
    digest = seen(waiting)
    workflow.approve(waiting, by=bob, seen=digest)
    sheet = fresh(waiting)
    assert (sheet.state, sheet.approved_by) == ("approved", bob)
    assert set(sheet.entries.values_list("approved_by", "approved_at")) == {(bob.pk, sheet.approved_at)}
    assert acts(sheet)[-1] == (Act.APPROVED, bob.pk, 18 * 60, "")
    assert sheet.decisions.last().digest == digest
    assert last_event()[0] == "hours.approved"


def test_questioned_line_goes_back_and_the_rest_is_approved(ana, bob, waiting):
    _monday, tuesday, _wednesday = waiting.entries.order_by("day")
    sheet = workflow.approve(waiting, by=bob, seen=seen(waiting), questions={tuesday.pk: "Pour quel projet?"})
    assert sheet.is_draft
    assert list(sheet.entries.order_by("day").values_list("approved_by", "question")) == [
        (bob.pk, ""),
        (None, "Pour quel projet?"),
        (bob.pk, ""),
    ]
    assert acts(sheet)[-1] == (Act.APPROVED_IN_PART, bob.pk, 18 * 60, "Pour quel projet?")
    event, actor, body = last_event()
    assert (event, actor, body["questioned"]) == ("hours.approved_in_part", bob.pk, [tuesday.pk])


def test_answered_question_is_approved_and_cleared(ana, bob, waiting):
    tuesday = waiting.entries.order_by("day")[1]
    workflow.approve(waiting, by=bob, seen=seen(waiting), questions={tuesday.pk: "Pourquoi?"})
    cell = Cell(tuesday.task_id, None, tuesday.day)
    drafts.save_draft(ana, MONDAY, {cell: Content(300, "Moins, en effet")})
    workflow.submit(waiting, by=ana)
    workflow.approve(waiting, by=bob, seen=seen(waiting))
    tuesday.refresh_from_db()
    assert (tuesday.minutes, tuesday.question, tuesday.approved_by) == (300, "", bob)
    assert fresh(waiting).is_approved


def test_week_questioned_to_the_last_line_is_sent_back(bob, waiting):
    questions = {entry.pk: "?" for entry in waiting.entries.all()}
    sheet = workflow.approve(waiting, by=bob, seen=seen(waiting), questions=questions)
    assert acts(sheet)[-1] == (Act.SENT_BACK, bob.pk, 18 * 60, "?\n?\n?")
    assert not sheet.entries.filter(approved_at__isnull=False).exists()


def test_question_needs_its_why_and_a_waiting_line_of_the_week(ana, bob, waiting):
    entry = waiting.entries.first()
    with pytest.raises(ReasonMissing):
        workflow.approve(waiting, by=bob, seen=seen(waiting), questions={entry.pk: "  "})
    other = make.sheet(ana, starts_on=date(2026, 11, 9), hours={"mon": 1}).entries.get()
    with pytest.raises(UnknownLine):
        workflow.approve(waiting, by=bob, seen=seen(waiting), questions={other.pk: "Pourquoi?"})
    assert not waiting.entries.exclude(approved_at=None, question="").exists()


def test_week_sent_back_says_why_and_approves_nothing(bob, waiting):
    with pytest.raises(ReasonMissing):
        workflow.send_back(waiting, by=bob, because=" ", seen=seen(waiting))
    sheet = workflow.send_back(waiting, by=bob, because="Il manque jeudi", seen=seen(waiting))
    assert sheet.is_draft
    assert not sheet.entries.exclude(approved_at=None).exists()
    assert acts(sheet)[-1] == (Act.SENT_BACK, bob.pk, 18 * 60, "Il manque jeudi")


def test_week_that_does_not_wait_is_not_decided(ana, bob):
    sheet = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7})
    with pytest.raises(SheetChanged):
        workflow.approve(sheet, by=bob, seen=seen(sheet))


@pytest.mark.parametrize("change", ["minutes", "note", "added", "removed"])
def test_what_was_approved_is_what_was_seen(ana, bob, waiting, change):
    digest = seen(waiting)
    entry = waiting.entries.order_by("day")[0]
    workflow.withdraw(waiting, by=ana)
    cell = Cell(entry.task_id, None, entry.day)
    if change == "added":
        drafts.add_entry(ana, MONDAY, cell, 5)
    else:
        wanted = {"minutes": Content(60), "note": Content(420, "autre"), "removed": Content(0)}[change]
        drafts.save_draft(ana, MONDAY, {cell: wanted})
    workflow.submit(waiting, by=ana)
    for act in (
        lambda: workflow.approve(waiting, by=bob, seen=digest),
        lambda: workflow.send_back(waiting, by=bob, because="trop tard", seen=digest),
    ):
        with pytest.raises(SheetChanged) as refusal:
            act()
        assert refusal.value.sheet == waiting
    assert fresh(waiting).is_waiting


def test_same_content_withdrawn_and_submitted_again_is_still_what_was_seen(ana, bob, waiting):
    digest = seen(waiting)
    workflow.withdraw(waiting, by=ana)
    workflow.submit(waiting, by=ana)
    assert workflow.approve(waiting, by=bob, seen=digest).is_approved


def test_second_approval_of_the_same_page_is_told_that_the_sheet_changed(bob, waiting):
    digest = seen(waiting)
    workflow.approve(waiting, by=bob, seen=digest)
    with pytest.raises(SheetChanged):
        workflow.approve(waiting, by=bob, seen=digest)


# Several at once --------------------------------------------------------------------------------


def test_several_weeks_are_approved_together_or_not_at_all(bob, waiting):
    cleo = make.person("Cléo")
    other = workflow.submit(make.sheet(cleo, starts_on=MONDAY, hours={"mon": 7}), by=cleo)
    with pytest.raises(SheetChanged):
        workflow.approve_all({waiting.pk: seen(waiting), other.pk: "0" * 64}, by=bob)
    assert fresh(waiting).is_waiting
    approved = workflow.approve_all({waiting.pk: seen(waiting), other.pk: seen(other)}, by=bob)
    assert {sheet.pk for sheet in approved} == {waiting.pk, other.pk}
    assert fresh(waiting).is_approved


def test_own_week_among_several_stops_them_all(bob, waiting):
    own = workflow.submit(make.sheet(bob, starts_on=MONDAY, hours={"mon": 7}), by=bob)
    with pytest.raises(NotAllEligible) as refused:
        workflow.approve_all({waiting.pk: seen(waiting), own.pk: seen(own)}, by=bob)
    assert refused.value.sheet == own
    assert str(bob) in str(refused.value)
    with pytest.raises(SheetChanged):
        workflow.approve_all({waiting.pk: seen(waiting), 10**9: "x"}, by=bob)
    assert fresh(waiting).is_waiting


# Who may ----------------------------------------------------------------------------------------


def test_nobody_approves_or_sends_back_their_own_hours(bob):
    own = workflow.submit(make.sheet(bob, starts_on=MONDAY, hours={"mon": 7}), by=bob)
    with pytest.raises(OwnHours):
        workflow.approve(own, by=bob, seen=seen(own))
    with pytest.raises(OwnHours):
        workflow.send_back(own, by=bob, because="moi", seen=seen(own))


def test_deciding_needs_the_power_held_today(ana, waiting):
    other_power = make.person("Cléo", powers=[Power.PREPARE_PAY])
    ended = make.person("Denis")
    make.mandate(ended, [Power.APPROVE_HOURS], ends_on=date(2026, 11, 22))
    coming = make.person("Ève")
    make.mandate(coming, [Power.APPROVE_HOURS], starts_on=date(2026, 11, 24))
    for somebody in (other_power, ended, coming, ana):
        with pytest.raises(NotAllowed):
            workflow.approve(waiting, by=somebody, seen=seen(waiting))
        with pytest.raises(NotAllowed):
            workflow.send_back(waiting, by=somebody, because="non", seen=seen(waiting))
    until_today = make.person("Fred")
    make.mandate(until_today, [Power.APPROVE_HOURS], ends_on=TODAY)
    assert workflow.approve(waiting, by=until_today, seen=seen(waiting)).is_approved


def test_drafts_are_their_owners_alone_and_what_was_received_is_the_committees(ana, bob):
    draft = make.sheet(ana, starts_on=date(2026, 11, 9), hours={"mon": 7})
    sheet = workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}), by=ana)

    def visible(person, powers):
        return set(WeekSheet.objects.visible_to(person, powers))

    assert visible(ana, set()) == {draft, sheet}
    assert visible(bob, {Power.APPROVE_HOURS}) == {sheet}
    assert visible(bob, {Power.PREPARE_PAY}) == set()
    workflow.withdraw(sheet, by=ana)
    assert visible(bob, {Power.APPROVE_HOURS}) == {sheet}
