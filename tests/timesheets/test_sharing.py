"""How the work is shared, from approved hours: balance, on whom roles rest, planned and lived."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.urls import reverse

from members.models import Power, WorkStatus
from roles import ratings, registry
from roles.models import Assignment, LearningWish, Skill, Task, TaskSuccession
from roles.models import PublishedRating as Published
from roles.periods import Periods
from tests import make
from timesheets.models import TimeEntry
from timesheets.sharing.balance import holders, sharing
from timesheets.sharing.planned import planned_and_lived
from timesheets.sharing.resting import dependencies, resting
from timesheets.sharing.words import notes, why
from timesheets.tasks import publish_ratings

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WEEK_BEFORE, QUARTER_BEFORE = date(2026, 11, 9), date(2026, 8, 10)
OPENING = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20 12:00-05:00", tick=False):
        yield


@pytest.fixture
def coop():
    return make.cooperative()


@pytest.fixture
def by():
    return make.person("Comité", powers=[Power.APPROVE_HOURS], kind=None)


def task(name, role="Comptabilité"):
    made = make.task(name, role=role)
    Task.objects.filter(pk=made.pk).update(worded_at=OPENING - timedelta(days=700))
    made.refresh_from_db()
    return made


def published(task, d, e, at=OPENING - timedelta(days=300), mean=3):
    for dimension, points in (("d", d), ("e", e)):
        Published.objects.create(
            task=task, dimension=dimension, published_at=at, count=3, total=9, points=points, mean=mean
        )


def worked(person, task, hours, by, starts_on=WEEK_BEFORE):
    days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours / 5)
    return make.approved(person, starts_on=starts_on, hours=days, task=task, by=by)


@pytest.fixture
def two(by):
    """Ana does the books, Bob the servers: 30 h each."""
    ana, bob = make.person("Ana", language="en-ca"), make.person("Bob", language="en-ca")
    books, servers = task("Books"), task("Servers", role="Systems")
    published(books, 2, 3)
    published(servers, 4, 5)
    worked(ana, books, 30, by)
    worked(bob, servers, 30, by)
    return ana, bob, books, servers


# Balance -----------------------------------------------------------------------------------------


def test_position_of_each_per_hour_around_the_mean(coop, two):
    ana, bob, *_tasks = two
    found = sharing(coop, TODAY)
    assert found.whole.mean == {"d": 3, "e": 4}
    assert found.whole.standings[ana.pk].deviation == {"d": -1, "e": -1}
    assert found.whole.standings[bob.pk].score == {"d": 4, "e": 5}
    assert found.whole.indices["d"].largest == 1
    assert found.carried(ana.pk) == {"d": -30, "e": -30}


def test_only_approved_hours_of_the_window_count(coop, two, by):
    ana, _bob, books, _servers = two
    make.sheet(ana, starts_on=date(2026, 11, 16), hours={"mon": 7}, task=books)
    worked(ana, books, 30, by, starts_on=date(2025, 12, 22))
    assert sharing(coop, TODAY).whole.standings[ana.pk].hours == 30


def test_a_correction_takes_hours_back(coop, two, by):
    ana, _bob, _books, _servers = two
    make.corrected(TimeEntry.objects.filter(person=ana).first(), -120, by=by)
    assert sharing(coop, TODAY).whole.standings[ana.pk].hours == 28


def test_part_time_at_the_same_mix_stands_at_the_same_place(coop, two, by):
    cyd = make.person("Cyd")
    worked(cyd, two[2], 10, by)
    found = sharing(coop, TODAY)
    assert found.whole.standings[cyd.pk].score == found.whole.standings[two[0].pk].score
    assert notes(found, found.whole.standings[cyd.pk])[0] in {"peu d’heures", "few hours"}
    assert found.whole.indices["d"].counted == 2


def test_a_period_is_read_with_the_ratings_that_were_published_when_it_opened(coop, two):
    books = two[2]
    published(books, 5, 5, at=OPENING + timedelta(days=10))  # in the middle: the next period's
    found = sharing(coop, TODAY)
    assert found.by_period[-1].rating_of(books.pk).d == 2
    assert sharing(coop, date(2027, 1, 10)).by_period[-1].rating_of(books.pk).d == 5


def test_hours_of_before_the_first_publication_are_read_with_it(coop, two):
    late = task("Late")
    published(late, 4, 4, at=OPENING + timedelta(days=10))
    worked(two[0], late, 5, make.person("C", kind=None, powers=[Power.APPROVE_HOURS]), date(2026, 11, 2))
    assert sharing(coop, TODAY).by_period[-1].rating_of(late.pk).d == 4


def test_another_wording_makes_a_task_neutral_until_it_is_rated_afresh(coop, two):
    books = two[2]
    Task.objects.filter(pk=books.pk).update(worded_at=OPENING - timedelta(days=1))
    rating = sharing(coop, TODAY).by_period[-1].rating_of(books.pk)
    assert (rating.d, rating.is_rated) == (3, False)


def test_without_ratings_nobody_deviates_and_it_is_said(coop, by, client):
    ana, bob = make.person("Ana", language="en-ca"), make.person("Bob")
    worked(ana, task("A"), 30, by)
    worked(bob, task("B"), 30, by)
    found = sharing(coop, TODAY)
    assert found.is_unrated
    assert {one.deviation["d"] for _person, one in found.standings} == {0}
    client.force_login(ana)
    assert "No rating is published yet" in client.get(reverse("timesheets:balance")).content.decode()


def test_who_is_new_owes_nothing_and_who_left_is_in_the_mean_only(coop, two, by):
    new = make.person("New", starts_on=date(2026, 11, 2))
    left = make.person("Left")
    worked(new, two[2], 25, by)
    worked(left, two[3], 25, by)
    WorkStatus.objects.filter(person=left).update(ends_on=date(2026, 11, 15))
    found = sharing(coop, TODAY)
    assert found.carried(new.pk) == {"d": 0, "e": 0}
    assert left.pk not in found.people
    assert found.whole.hours == 110
    assert found.whole.indices["d"].counted == 3


def test_away_for_a_whole_period_keeps_the_balance(coop, two, by):
    ana, bob, books, servers = two
    worked(bob, servers, 30, by, starts_on=QUARTER_BEFORE)
    worked(ana, books, 10, by, starts_on=QUARTER_BEFORE)
    cyd = make.person("Cyd")
    worked(cyd, books, 20, by, starts_on=QUARTER_BEFORE)
    found = sharing(coop, TODAY)
    assert found.by_period[-1].standings[cyd.pk].score is None
    assert found.carried(cyd.pk)["d"] == -20


def test_each_period_is_carried_by_its_own_ratings_and_mean_and_dropped_after_four(coop, by):
    """Summer: Ana 30 h rated 2 and Bob 30 h rated 4, a mean of 3: −30 and +30 point-hours. Autumn, the first
    task is rated 3: Ana 10 h, Bob 30 h of the other, a mean of 3.75: −7.5 and +7.5. Both are carried."""
    ana, bob = make.person("Ana"), make.person("Bob")
    books, servers = task("Books"), task("Servers", role="Systems")
    published(books, 2, 3)
    published(servers, 4, 3)
    published(books, 3, 3, at=OPENING - timedelta(days=1))
    for person, done, hours, week in (
        (ana, books, 30, QUARTER_BEFORE),
        (bob, servers, 30, QUARTER_BEFORE),
        (ana, books, 10, WEEK_BEFORE),
        (bob, servers, 30, WEEK_BEFORE),
    ):
        worked(person, done, hours, by, starts_on=week)
    found = sharing(coop, TODAY)
    assert [one.mean and one.mean["d"] for one in found.by_period] == [None, None, 3, Fraction(15, 4)]
    assert [one.standings[ana.pk].balance["d"] for one in found.by_period[2:]] == [-30, Fraction(-15, 2)]
    assert (found.carried(ana.pk)["d"], found.carried(bob.pk)["d"]) == (Fraction(-75, 2), Fraction(75, 2))
    assert [index and index.largest for index in (one.indices["d"] for one in found.by_period)] == [
        None,
        None,
        1,
        None,  # Ana has 10 h: one person alone counts
    ]
    # A year later the summer is dropped; another quarter, and nothing is left.
    assert sharing(coop, TODAY + timedelta(weeks=39)).carried(ana.pk)["d"] == Fraction(-15, 2)
    assert sharing(coop, TODAY + timedelta(weeks=52)).carried(ana.pk) == {"d": 0, "e": 0}


def test_what_is_published_in_a_period_counts_in_the_plan_of_the_next(coop, two):
    books = two[2]
    published(books, 5, 5, at=OPENING + timedelta(days=10))
    found = sharing(coop, TODAY)
    periods = Periods()
    assert found.rating_in(periods.of(TODAY), books.pk).d == 2
    assert found.rating_in(periods.after(TODAY), books.pk).d == 5


def test_a_retired_task_keeps_the_rating_of_its_period(coop, two):
    ana, _bob, books, _servers = two
    Task.objects.filter(pk=books.pk).update(retired_on=TODAY)
    assert sharing(coop, TODAY).whole.standings[ana.pk].score == {"d": 2, "e": 3}


def test_hours_of_a_merged_role_are_where_its_work_goes_on_and_keep_their_rating(coop, two):
    ana, _bob, books, servers = two
    keeper = make.person("Keeper", powers=[Power.KEEP_ROLES], kind=None)
    registry.merge_role(books.role, by=keeper, into=servers.role)
    found = sharing(coop, TODAY)
    assert found.whole.standings[ana.pk].score == {"d": 2, "e": 3}
    assert [(one.role.name, one.spread.hours) for one in resting(found, ana)] == [("Systems", 60)]


def test_one_person_alone_has_nobody_to_be_compared_with(coop, by, client):
    ana = make.person("Ana", language="en-ca")
    books = task("Books")
    published(books, 2, 3)
    worked(ana, books, 30, by)
    assert sharing(coop, TODAY).whole.indices == {"d": None, "e": None}
    client.force_login(ana)
    assert "fewer than two people" in client.get(reverse("timesheets:balance")).content.decode()


def test_hours_without_a_paid_status_are_counted_and_told_apart(coop, two, by):
    ana = two[0]
    WorkStatus.objects.filter(person=ana).update(starts_on=date(2026, 11, 11))
    found = sharing(coop, TODAY)
    assert found.unpaid == {ana.pk: 12}
    assert found.whole.standings[ana.pk].hours == 30


def test_those_who_do_a_fifth_of_a_task_hold_it(coop, two, by):
    ana, bob, books, _servers = two
    worked(bob, books, 7, by, starts_on=date(2026, 11, 2))
    assert holders(sharing(coop, TODAY))[books.pk] == {ana.pk}


def test_why_in_one_sentence(coop, two, by):
    ana, _bob, books, servers = two
    cyd = make.person("Cyd", language="en-ca")
    for at, thing in ((WEEK_BEFORE, books), (date(2026, 11, 2), servers)):
        worked(cyd, thing, 20, by, starts_on=at)
    found = sharing(coop, TODAY)
    with_language = {"ana": why(found, ana.pk, "d"), "cyd": why(found, cyd.pk, "d")}
    assert "Books" in with_language["ana"]
    assert "50" in with_language["ana"]
    assert "100" in with_language["ana"]
    assert "Books" not in with_language["cyd"]


# On whom roles rest ------------------------------------------------------------------------------


def test_roles_rest_on_whoever_does_them_and_the_way_out_is_said(coop, two, by):
    ana, bob, books, _servers = two
    worked(bob, books, 5, by, starts_on=date(2026, 11, 2))
    LearningWish.objects.create(person=bob, role=books.role, wish=1)
    rests = {one.role.name: one for one in resting(sharing(coop, TODAY), bob)}
    books_rest = rests["Comptabilité"]
    assert books_rest.spread.top_share == Fraction(30, 35)
    assert books_rest.alone == ana
    assert books_rest.autonomous is None  # nobody has declared a level
    assert [(one.person, one.hours, one.hours_left) for one in books_rest.learners] == [(bob, 5, 15)]
    assert (books_rest.teachers, books_rest.wishes) == ([ana], True)
    assert dependencies(rests.values()) == [(ana, 1), (bob, 1)]


def test_declared_levels_say_who_can_do_it_alone(coop, two, by):
    ana, bob, books, _servers = two
    for person, other in ((ana, bob), (bob, ana)):
        Skill.objects.create(
            person=person,
            role=books.role,
            level=3,
            starts_on=make.LONG_AGO,
            confirmed_by=other,
            confirmed_on=TODAY,
        )
    worked(bob, books, 20, by, starts_on=date(2026, 11, 2))
    rests = {one.role.name: one for one in resting(sharing(coop, TODAY), bob)}
    assert rests["Comptabilité"].autonomous == [ana, bob]
    assert not rests["Comptabilité"].spread.is_single_point_of_failure
    make.leave(ana, TODAY, by=by)
    rests = {one.role.name: one for one in resting(sharing(coop, TODAY), bob)}
    assert rests["Comptabilité"].alone == bob


def test_hours_of_a_task_that_goes_on_elsewhere_count_there(coop, two):
    _ana, _bob, books, servers = two
    Task.objects.filter(pk=books.pk).update(retired_on=TODAY)
    TaskSuccession.objects.create(task=books, successor=servers, since=TODAY)
    rests = {one.role.name: one for one in resting(sharing(coop, TODAY), two[0])}
    assert rests["Systems"].spread.hours == 60
    assert rests["Comptabilité"].spread.is_empty
    assert not rests["Comptabilité"].is_worth_a_look  # no task in it any more


# Planned and lived -------------------------------------------------------------------------------


def test_a_plan_is_expected_up_to_the_last_day_approved_and_without_leave(coop, two, by):
    ana, _bob, books, servers = two
    assigned = {"starts_on": date(2026, 11, 2), "planned_minutes_per_week": 10 * 60}
    Assignment.objects.create(person=ana, task=books, **assigned)
    Assignment.objects.create(person=ana, task=servers, **assigned)
    shown = planned_and_lived(sharing(coop, TODAY), 3)
    assert shown.through == date(2026, 11, 13)
    lived, not_started = shown.people[ana]
    assert (lived.planned, lived.logged) == (2 * Fraction(12, 7) * 10, 30)
    assert (lived.displacement, not_started) == (Fraction(1, 2), [servers])
    assert lived.drift == {"d": -1, "e": -1}  # all on the books instead of half on the servers
    make.leave(ana, *(date(2026, 11, day) for day in (2, 3, 4, 5, 6)), by=by)
    lived, _not_started = planned_and_lived(sharing(coop, TODAY), 3).people[ana]
    assert lived.planned == Fraction(12, 7) * 10


def test_somebody_away_for_a_whole_period_was_expected_to_do_nothing(coop, two, by):
    _ana, _bob, books, _servers = two
    cyd = make.person("Cyd")
    Assignment.objects.create(
        person=cyd, task=books, starts_on=date(2026, 10, 5), planned_minutes_per_week=10 * 60
    )
    days = [date(2026, 10, 5) + timedelta(n) for n in range(40)]
    make.leave(cyd, *(day for day in days if day.weekday() < 5), by=by)
    lived, _not_started = planned_and_lived(sharing(coop, TODAY), 3).people[cyd]
    assert (lived.planned, lived.logged, lived.displacement, lived.drift) == (0, 0, None, None)


# Pages -------------------------------------------------------------------------------------------


def test_the_picture_shows_everybody_and_ranks_nobody(client, coop, two):
    client.force_login(two[1])
    answer = client.get(reverse("timesheets:balance"))
    page = answer.content.decode()
    assert [row.person for row in answer.context["rows"]] == list(two[:2])  # by name
    assert "−1.00" in page
    assert "100% of your hours go to “Servers”" in page
    assert "/100" not in page


def test_positions_are_read_by_everybody_and_hours_by_their_own_and_the_keepers(client, coop, two):
    ana, bob, *_tasks = two
    keeper = make.person("Keeper", language="en-ca", powers=[Power.KEEP_ROLES])
    for reader, shown in ((ana, {ana}), (bob, {bob}), (keeper, {ana, bob, keeper})):
        client.force_login(reader)
        answer = client.get(reverse("timesheets:balance"))
        assert {row.person for row in answer.context["rows"] if row.shows_hours} == shown
        # Two cells of 30 h for who plans with them, one's own for the others; the sum is everybody's.
        assert answer.content.decode().count(">30\u00a0h<") == (2 if reader == keeper else 1)


def test_how_it_evolves_is_told_period_by_period(client, coop, two, by):
    ana, bob, books, servers = two
    worked(bob, servers, 40, by, starts_on=QUARTER_BEFORE)
    worked(ana, books, 20, by, starts_on=QUARTER_BEFORE)
    client.force_login(ana)
    answer = client.get(reverse("timesheets:balance"))
    rows = answer.context["evolution"]["rows"]
    # Summer: (40 × 4 + 20 × 2) ÷ 60 = 3.33; Ana is 1.33 below, Bob 0.67 above.
    assert [(hours, mean and mean["d"]) for _period, hours, mean, _indices in rows] == [
        (0, None),
        (0, None),
        (60, Fraction(10, 3)),
        (60, 3),
    ]
    assert [indices[0] and indices[0].largest for *_rest, indices in rows] == [None, None, Fraction(4, 3), 1]
    html = answer.content.decode()
    assert "3.33" in html
    assert "1.33" in html


def test_tasks_and_hours_of_somebody_are_read_by_them_and_by_those_who_keep_roles(client, coop, two):
    ana, bob, *_tasks = two
    keeper = make.person("Keeper", language="en-ca", powers=[Power.KEEP_ROLES])
    address = reverse("timesheets:balance_of", args=[ana.pk])
    for reader, status in ((ana, 200), (keeper, 200), (bob, 404)):
        client.force_login(reader)
        assert client.get(address).status_code == status
    client.force_login(ana)
    assert client.get(reverse("timesheets:balance_mine")).url == address
    assert "Books" in client.get(address).content.decode()


def test_rows_of_people_beside_their_plan_are_for_them_and_for_those_who_keep_roles(client, coop, two):
    ana, bob, *_tasks = two
    keeper = make.person("Keeper", language="en-ca", powers=[Power.KEEP_ROLES])
    for reader, rows in ((ana, [ana]), (keeper, [ana, bob])):
        client.force_login(reader)
        context = client.get(reverse("timesheets:lived")).context
        assert [row[0] for row in context["people"]] == rows
    page = client.get(reverse("timesheets:lived"), {"period": "2026-07-06"})
    assert page.context["shown"].period.first == date(2026, 7, 6)
    assert client.get(reverse("timesheets:lived"), {"period": "x"}).status_code == 200


def test_somebody_who_is_not_here_is_shown_the_co_op(client, coop, two, by):
    client.force_login(by)
    answer = client.get(reverse("timesheets:balance_of", args=[by.pk]))
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_number_of_queries_whatever_there_is(
    client, coop, by, count, django_assert_num_queries
):
    people = [make.person(f"P{n}", language="en-ca") for n in range(count)]
    for n, person in enumerate(people):
        done = task(f"T{n}", role=f"R{n}")
        published(done, 2 + n, 3)
        Assignment.objects.create(
            person=person, task=done, starts_on=date(2026, 11, 2), planned_minutes_per_week=600
        )
        worked(person, done, 30, by)
    client.force_login(people[0])
    for name, expected in (
        ("timesheets:concentration", 16),
        ("timesheets:balance", 9),
        ("timesheets:lived", 12),
    ):
        client.get(reverse(name))
        with django_assert_num_queries(expected):
            client.get(reverse(name))


def test_a_task_that_is_planned_and_not_begun_has_its_rating(coop, two):
    idle = task("Idle")
    published(idle, 5, 5)
    assert sharing(coop, TODAY).by_period[-1].rating_of(idle.pk).d == 5


def test_values_are_published_each_night_with_those_who_do_the_task(coop, two, by):
    ana, _bob, books, _servers = two
    others = [make.person(f"V{n}", kind=None) for n in range(5)]
    for voter, points in zip([ana, *others], (5, 1, 1, 1, 2, 1), strict=True):
        ratings.rate(books, by=voter, desirability=points, empowerment=None)
    publish_ratings(0)
    row = Published.objects.filter(task=books, dimension="d").last()
    assert (row.count, row.gap) == (6, None)  # one person does it: theirs would be read
