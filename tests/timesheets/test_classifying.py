"""Hours of which nobody has said yet which task they were: what they count for, and how they are classified."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from members.models import Cooperative, Membership, Power
from payroll import dues
from roles import assignments, registry
from roles.models import Assignment, Role, Task
from tests import make
from tests.timesheets.test_sharing import published, task, worked
from timesheets import classifying, drafts, importing, workflow
from timesheets.drafts import Cell
from timesheets.models import EntryVersion, TimeEntry
from timesheets.refusals import EntryRefused, NothingToClassify, NotYours, WeekIsWaiting
from timesheets.seen import digest_of, lines_of
from timesheets.sharing import planning, training
from timesheets.sharing.balance import sharing
from timesheets.sharing.planned import planned_and_lived
from timesheets.sharing.resting import resting
from timesheets.sharing.words import notes

pytestmark = pytest.mark.django_db
TODAY, WEEK = date(2026, 11, 20), date(2026, 11, 9)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False), translation.override("en-ca"):
        yield


@pytest.fixture
def coop():
    return make.cooperative()


@pytest.fixture
def by():
    return make.person("Comité", powers=[Power.APPROVE_HOURS, Power.KEEP_ROLES], kind=None, language="en-ca")


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def books():
    made = task("Books")
    published(made, 2, 3, mean="3.5")
    return made


@pytest.fixture
def later(books):
    """The task for hours to be classified, in the role of the books."""
    return Task.objects.create(role=books.role, name="Later", is_unclassified=True)


def cell_of(task, day=WEEK):
    return Cell(task.pk, None, day)


# What they count for ------------------------------------------------------------------------------


def test_they_count_as_the_mean_of_the_ratings_and_in_no_role(coop, ana, by, books, later):
    """30 h rated 2 and 10 h of which nobody knows, where the votes' mean is 3.5: (60 + 35) ÷ 40 = 2.375."""
    worked(ana, books, 30, by)
    worked(ana, later, 10, by)
    found = sharing(coop, TODAY)
    standing = found.whole.standings[ana.pk]
    assert standing.score["d"] == Fraction(19, 8)
    assert (standing.hours, standing.unclassified, standing.rated_share) == (40, 10, Fraction(3, 4))
    assert found.whole.unclassified == Fraction(1, 4)
    assert found.to_classify == {ana.pk: 10}
    assert notes(found, standing) == ["25% to be classified"]
    assert {one.role.name: one.spread.hours for one in resting(found, ana)} == {"Comptabilité": 30}
    assert training.minutes_by_role(date(2026, 1, 5), TODAY) == {(ana.pk, books.role_id): 30 * 60}


def test_they_are_hours_that_no_plan_had(coop, ana, by, books, later):
    Assignment.objects.create(
        person=ana, task=books, starts_on=date(2026, 11, 9), planned_minutes_per_week=7 * 60
    )
    worked(ana, books, 30, by)
    worked(ana, later, 10, by)
    shown = planned_and_lived(sharing(coop, TODAY), 3)
    lived, _not_started = shown.people[ana]
    assert (lived.logged, lived.unplanned, lived.displacement) == (40, 10, Fraction(1, 4))
    assert lived.drift["d"] == Fraction(3, 8)  # 2.375 lived, 2 planned
    assert (shown.by_task[None].logged, shown.by_task[None].people) == (10, 1)


def test_they_are_neither_rated_nor_carried_nor_planned(coop, ana, by, client, books, later):
    with pytest.raises(assignments.ToBeClassified):
        assignments.assign(later, by=by, person=ana, starts_on=TODAY)
    for act in (
        lambda: registry.split_task(later, by=by, parts=[("A", 50), ("B", 50)]),
        lambda: registry.merge_tasks([later, books], by=by, name="C"),
    ):
        with pytest.raises(registry.NotClassified):
            act()
    client.force_login(ana)
    assert client.get(reverse("roles:rating_give", args=[later.pk])).status_code == 404
    assert "Later" not in client.get(reverse("roles:ratings")).content.decode()
    worked(ana, later, 10, by)
    asked = planning.inputs(coop, planning.next_period(coop, TODAY), TODAY)["problem"]
    assert f"t{later.pk}" not in {one["id"] for one in asked["tasks"]}


def test_there_is_one_such_task_and_it_stays_so(by, books, later, client):
    for name, write in (
        (
            "roles_one_task_to_classify",
            lambda: Task.objects.create(role=books.role, name="X", is_unclassified=True),
        ),
        (
            "roles_unclassified_is_not_planned",
            lambda: Task.objects.filter(pk=later.pk).update(expected_minutes_per_quarter=60),
        ),
        (
            "roles_task_stays_classified",
            lambda: Task.objects.filter(pk=later.pk).update(is_unclassified=False),
        ),
    ):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            write()
        assert refusal.value.__cause__.diag.constraint_name == name
    into = registry.merge_role(books.role, by=by, into=Role.objects.create(name="Finances"))
    assert Task.objects.get(is_unclassified=True, retired_on=None).role == into


def test_those_who_keep_roles_make_it(client, by, books):
    client.force_login(by)
    page = reverse("roles:task_create", args=[books.role_id])
    said = {
        "name": "Later",
        "frequency": "as_needed",
        "min_people": 1,
        "smallest_chunk_minutes": "2h",
        "learners_percent": 30,
        "learners_per_mentor": 1,
        "is_unclassified": "on",
    }
    assert client.post(page, said).status_code == 302
    assert Task.objects.get(name="Later").is_unclassified
    assert "already: use that one" in client.post(page, said | {"name": "Again"}).content.decode()


def test_everybody_reads_how_many_there_are_and_the_author_where_to_say_what_they_were(
    client, coop, ana, by, books, later
):
    bob = make.person("Bob", language="en-ca")
    for person in (ana, bob):
        worked(person, books, 30, by)
    worked(ana, later, 10, by)
    page = reverse("timesheets:balance")
    link = reverse("timesheets:to_classify")
    for reader, is_own, names in ((ana, True, False), (bob, False, False), (by, False, True)):
        client.force_login(reader)
        answer = client.get(page)
        html = answer.content.decode()
        footing = answer.context["footing"]
        assert (footing.to_classify, footing.classifying, footing.hours) == (10, 1, 70)
        assert (link in html) is is_own
        assert ([person for person, _hours in footing.by_person] == [ana]) is names
    client.force_login(ana)
    mine = client.get(reverse("timesheets:balance_of", args=[ana.pk])).content.decode()
    assert "10\u00a0h count as the mean" in mine
    assert "To be classified" in client.get(reverse("timesheets:lived")).content.decode()


def test_hours_of_a_file_that_says_no_task_are_classified_later(ana, books, later):
    file = f"date,person,minutes,note\n2026-11-16,{ana.email},90,appels"
    plan = importing.plan(file)
    assert not plan.refusals
    importing.apply(plan, by=ana)
    assert TimeEntry.objects.get().task == later


# How they are classified --------------------------------------------------------------------------


def test_a_draft_says_its_task_at_once_and_keeps_what_it_said(ana, books, later):
    drafts.add_entry(ana, WEEK, cell_of(later), 90, "appels")
    entry = TimeEntry.objects.get()
    drafts.classify(entry, books, by=ana)
    entry.refresh_from_db()
    assert (entry.task, entry.minutes, entry.note) == (books, 90, "appels")
    assert EntryVersion.objects.get().task == later
    with pytest.raises(NothingToClassify):
        drafts.classify(entry, books, by=ana)


def test_an_approved_line_stays_and_a_correction_gives_its_time_to_the_task(coop, ana, by, books, later):
    make.rate()
    worked(ana, later, 10, by)
    make.corrected(TimeEntry.objects.order_by("day").first(), -30, by=by)
    before = dues.outstanding(WEEK, WEEK + timedelta(13)).lines
    for line in classifying.waiting(ana):
        drafts.classify(line.entry, books, by=ana)
    sheet = TimeEntry.objects.first().sheet
    assert sheet.is_draft
    assert TimeEntry.objects.filter(task=later, corrects=None).count() == 5
    assert not classifying.waiting(ana)
    with pytest.raises(NothingToClassify):
        drafts.classify(TimeEntry.objects.filter(task=later, corrects=None).first(), books, by=ana)
    workflow.submit(sheet, by=ana)
    sheet.refresh_from_db()
    workflow.approve(sheet, by=by, seen=digest_of(lines_of(sheet.entries.all())))
    standing = sharing(coop, TODAY).whole.standings[ana.pk]
    assert (standing.hours, standing.unclassified, standing.score["d"]) == (Fraction(19, 2), 0, 2)
    # The same minutes on the same days: the same pay.
    after = dues.outstanding(WEEK, WEEK + timedelta(13)).lines
    assert after == before


def test_what_may_not_be_classified(ana, by, books, later):
    drafts.add_entry(ana, WEEK, cell_of(later), 90)
    entry = TimeEntry.objects.get()
    with pytest.raises(NotYours):
        drafts.classify(entry, books, by=by)
    for wrong in (later, Task.objects.create(role=books.role, name="Old", retired_on=TODAY)):
        with pytest.raises(EntryRefused):
            drafts.classify(entry, wrong, by=ana)
    workflow.submit(entry.sheet, by=ana)
    with pytest.raises(WeekIsWaiting):
        drafts.classify(entry, books, by=ana)


def test_several_are_classified_on_their_page(client, coop, ana, by, books, later):
    worked(ana, later, 10, by)
    drafts.add_entry(ana, date(2026, 11, 16), cell_of(later, date(2026, 11, 16)), 90, "appels")
    client.force_login(ana)
    assert (
        "Classify them" in client.get(reverse("timesheets:sheet", args=[date(2026, 11, 16)])).content.decode()
    )
    page = reverse("timesheets:to_classify")
    lines = client.get(page).context["lines"]
    assert [line.minutes for line, _field in lines] == [90, *[120] * 5]
    said = {field.html_name: str(books.pk) for _line, field in lines[:2]}
    html = client.post(page, said, follow=True).content.decode()
    assert "1 line is classified" in html
    assert "1 approved line is classified" in html
    # What is left are four lines, all of a week that is a draft again.
    assert len(client.get(page).context["lines"]) == 4
    assert client.post(page, {lines[2][1].html_name: "999999"}).status_code == 200
    workflow.submit(TimeEntry.objects.filter(task=later).first().sheet, by=ana)
    shown = client.get(page)
    assert [field is None for _line, field in shown.context["lines"]] == [
        False
    ] * 4  # approved lines wait for nobody
    with pytest.raises(WeekIsWaiting):
        drafts.classify(shown.context["lines"][0][0].entry, books, by=ana)
    assert (
        "withdraw it before"
        in client.post(
            page, {shown.context["lines"][0][1].html_name: str(books.pk)}, follow=True
        ).content.decode()
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(
    client, ana, by, books, later, count, django_assert_num_queries
):
    Assignment.objects.create(person=ana, task=books, starts_on=make.LONG_AGO)
    for n in range(count):
        day = date(2026, 11, 9) + timedelta(n)
        drafts.add_entry(ana, WEEK, cell_of(later, day), 60)
    client.force_login(ana)
    page = reverse("timesheets:to_classify")
    client.get(page)
    with django_assert_num_queries(7):
        client.get(page)


# Unpaid hours -------------------------------------------------------------------------------------


def test_a_member_without_a_work_status_logs_hours_that_count_and_are_not_paid(client, coop, by, books):
    make.rate()
    bob, vera = make.person("Bob", language="en-ca"), make.person("Vera", kind=None, language="en-ca")
    Membership.objects.create(person=vera, starts_on=date(2026, 11, 10))
    worked(bob, books, 30, by)
    client.force_login(vera)
    page = client.get(reverse("timesheets:sheet", args=[WEEK])).content.decode()
    assert "is not paid" in page
    with pytest.raises(EntryRefused):
        drafts.add_entry(vera, WEEK, cell_of(books, WEEK), 60)  # the day before she was a member
    for n in range(1, 5):
        drafts.add_entry(vera, WEEK, cell_of(books, WEEK + timedelta(n)), 300)
    sheet = TimeEntry.objects.filter(person=vera).first().sheet
    workflow.submit(sheet, by=vera)
    sheet.refresh_from_db()
    workflow.approve(sheet, by=by, seen=digest_of(lines_of(sheet.entries.all())))
    found = sharing(Cooperative.objects.get(), TODAY)
    assert found.unpaid == {vera.pk: 20}
    assert found.whole.standings[vera.pk].is_counted
    assert notes(found, found.whole.standings[vera.pk]) == ["new here", "100% unpaid"]
    owed = dues.outstanding(WEEK, WEEK + timedelta(13))
    assert {payee.person_id for payee in owed.lines} == {bob.pk}
    assert list(owed.without_status) == [vera.pk]
    html = client.get(reverse("timesheets:balance")).content.decode()
    assert "20\u00a0h (40%)" in html
    assert "20\u00a0h of them are yours" in html


def test_an_imported_file_takes_the_hours_of_a_member_too(books, by):
    vera = make.person("Vera", kind=None)
    file = f"date,person,role,task,minutes\n2026-11-16,{vera.email},{books.role},{books},90"
    assert importing.plan(file).refusals
    Membership.objects.create(person=vera, starts_on=date(2026, 11, 10))
    assert not importing.plan(file).refusals
