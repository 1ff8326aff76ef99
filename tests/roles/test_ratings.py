"""Opinions are their author's; what is published of them tells nobody's."""

import ast
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import JournalEntry, Person, Power
from roles import ratings, registry
from roles.models import PublishedRating, Rating, Task
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def clock():
    make.cooperative()
    with time_machine.travel(NOW, tick=False) as traveller:
        Task.objects.update(worded_at=NOW - timedelta(days=400))
        yield traveller


def new_task(name="Facturation"):
    task = make.task(name, role="Comptabilité")
    Task.objects.filter(pk=task.pk).update(worded_at=NOW - timedelta(days=400))
    task.refresh_from_db()
    return task


@pytest.fixture
def task():
    return new_task()


@pytest.fixture
def people():
    return [make.person(f"P{n}", language="en-ca") for n in range(6)]


def rate_all(task, people, points, dimension="desirability"):
    other = {"desirability": "empowerment", "empowerment": "desirability"}[dimension]
    for person, vote in zip(people, points, strict=False):
        ratings.rate(task, by=person, **{dimension: vote, other: None})


def publish(now=NOW, holders=None):
    with time_machine.travel(now, tick=False):
        return ratings.publish(now=now, holders=holders or {})


def last(task, dimension="d"):
    return PublishedRating.objects.filter(task=task, dimension=dimension).last()


# One's own ---------------------------------------------------------------------------------------


def test_another_opinion_ends_the_first_and_both_are_kept(task, people, clock):
    ana = people[0]
    ratings.rate(task, by=ana, desirability=2, empowerment=4)
    clock.shift(60)
    ratings.rate(task, by=ana, desirability=3, empowerment=None)
    assert list(Rating.objects.of(ana).filter(ended_at=None).values_list("dimension", "points")) == [("d", 3)]
    assert Rating.objects.count() == 3
    own = ratings.own(ana)[0]
    assert (own.desirability, own.empowerment) == (3, None)


def test_an_opinion_lasts_twelve_months(task, people, clock):
    ratings.rate(task, by=people[0], desirability=2, empowerment=4)
    clock.shift(Rating.LASTS - timedelta(seconds=1))
    assert ratings.own(people[0])[0].is_given
    clock.shift(timedelta(seconds=1))
    assert not ratings.own(people[0])[0].is_given


def test_an_opinion_is_of_the_task_as_it_was_worded(task, people, clock):
    ratings.rate(task, by=people[0], desirability=2, empowerment=4)
    clock.shift(60)
    Task.objects.filter(pk=task.pk).update(
        name="Facturation et relances", worded_at=NOW + timedelta(seconds=60)
    )
    assert not ratings.own(people[0])[0].is_given


def test_a_retired_task_is_not_rated(task, people):
    registry.retire(task, by=make.person("K", powers=[Power.KEEP_ROLES]))
    with pytest.raises(ratings.TaskIsNotRated):
        ratings.rate(task, by=people[0], desirability=2, empowerment=4)


def test_the_database_lets_no_opinion_change(task, people):
    ratings.rate(task, by=people[0], desirability=2, empowerment=4)
    for change in (
        lambda: Rating.objects.update(points=5),
        lambda: Rating.objects.all().delete(),
        lambda: Rating.objects.create(person=people[0], task=task, dimension="d", points=3, given_at=NOW),
        lambda: Rating.objects.create(person=people[1], task=task, dimension="d", points=6, given_at=NOW),
        lambda: Rating.objects.create(person=people[1], task=task, dimension="x", points=3, given_at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# Published ---------------------------------------------------------------------------------------


def test_from_three_votes_on_a_value_is_shown_and_from_five_how_spread_they_are(task, people, clock):
    rate_all(task, people[:2], [5, 5])
    assert publish() == 0
    rate_all(task, people[2:3], [2])
    assert publish() == 1
    row = last(task)
    assert (row.count, row.points, row.mean) == (3, Decimal("4.0000"), Decimal("4.0000"))
    assert row.lowest is row.spread is row.gap is None
    clock.shift(60)
    rate_all(task, people[3:], [4, 4, 1])
    publish(NOW + WEEK)
    assert last(task).count == 6
    assert last(task).spread is not None


def test_values_are_refreshed_at_most_weekly_and_when_two_votes_have_changed(task, people, clock):
    rate_all(task, people[:3], [1, 2, 3])
    publish()
    clock.shift(60)
    rate_all(task, people[3:5], [5, 5])
    assert publish(NOW + WEEK - timedelta(seconds=1)) == 0
    assert publish(NOW + WEEK) == 1
    clock.shift(2 * WEEK)
    rate_all(task, people[5:], [5])
    assert publish(NOW + 5 * WEEK) == 0  # the difference would be that vote
    assert publish(NOW + 5 * WEEK) == 0


def test_the_same_opinion_given_again_is_no_change(task, people, clock):
    rate_all(task, people[:3], [1, 2, 3])
    publish()
    clock.shift(WEEK)
    rate_all(task, people[:3], [1, 2, 3])
    assert publish(NOW + WEEK) == 0


def test_with_two_votes_less_the_value_is_taken_away_and_does_not_come_back_with_one_changed(
    task, people, clock
):
    rate_all(task, people[:3], [1, 2, 5])
    publish()
    clock.shift(WEEK)
    rate_all(task, people[1:3], [None, None])
    publish(NOW + WEEK)
    assert last(task).points is None
    assert ratings.shown()[0].is_to_rate
    clock.shift(WEEK)
    rate_all(task, people[1:3], [2, 4])  # two changes, but one only beside what was read before
    assert publish(NOW + 2 * WEEK) == 0
    rate_all(task, people[3:4], [3])
    assert publish(NOW + 2 * WEEK) == 1


def test_a_hidden_vote_weighs_on_nothing_that_is_published(people):
    """Whatever two people say of a task, every figure is the same, the mean of the co-op included."""
    shown, hidden = new_task("A"), new_task("B")
    rate_all(shown, people, [1, 2, 3, 4, 5, 5])
    found = []
    for votes in ([1, 1], [5, 5], [None, None]):
        with transaction.atomic():
            rate_all(hidden, people, votes)
            publish()
            found.append(
                list(PublishedRating.objects.values_list("task", "dimension", "points", "mean", "spread"))
            )
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
    assert [row[0] for row in found[0]] == [shown.pk]


def test_another_wording_hides_the_value_until_it_is_rated_afresh(task, people, clock):
    rate_all(task, people, [1, 2, 3, 4])
    publish()
    clock.shift(60)
    Task.objects.filter(pk=task.pk).update(worded_at=NOW + timedelta(seconds=60))
    assert ratings.shown()[0].is_to_rate
    clock.shift(60)
    rate_all(task, people, [1, 2, 3])
    assert publish(NOW + timedelta(seconds=120)) == 1  # another text, which nothing can be compared with


def test_the_gap_of_those_who_do_it_and_tasks_worth_a_talk(task, people):
    rate_all(task, people, [5, 5, 4, 2, 2, 1])
    publish(holders={task.pk: {person.pk for person in people[:3]}})
    row = last(task)
    assert row.gap == Decimal("3.0000")
    assert [one.dimension for one in ratings.shown()[0].contested] == ["d"]


def test_what_was_published_stays(task, people):
    rate_all(task, people, [1, 2, 3])
    publish()
    for change in (
        lambda: PublishedRating.objects.update(points=5),
        lambda: PublishedRating.objects.all().delete(),
        lambda: PublishedRating.objects.create(
            task=task, dimension="e", published_at=NOW, count=2, points=3, mean=3
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_journal_says_that_values_were_published_and_nothing_of_who_rated(task, people):
    rate_all(task, people, [1, 2, 3])
    assert JournalEntry.objects.count() == 0
    publish()
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor, entry.body) == ("roles.ratings_published", None, {"values": 1})


# Pages -------------------------------------------------------------------------------------------


def test_rating_goes_from_one_task_to_the_next(client, people):
    first, second = new_task("A"), new_task("B")
    client.force_login(people[0])
    page = client.get(reverse("roles:ratings")).content.decode()
    assert reverse("roles:rating_give", args=[first.pk]) in page
    answer = client.post(
        reverse("roles:rating_give", args=[first.pk]), {"desirability": "4", "empowerment": ""}
    )
    assert answer.url == reverse("roles:rating_give", args=[second.pk])
    answer = client.post(answer.url, {"desirability": "2", "empowerment": "5"})
    assert answer.url == reverse("roles:ratings")
    assert [(one.desirability, one.empowerment) for one in ratings.own(people[0])] == [(4, None), (2, 5)]
    form = client.get(reverse("roles:rating_give", args=[second.pk])).context["form"]
    assert form.initial == {"desirability": 2, "empowerment": 5}


def compare(client, task, answers):
    """Open the comparison of a task and press these answers, one after the other."""
    here = reverse("roles:rating_compare", args=[task.pk])
    page = client.get(here)
    for answer in answers:
        hidden = {field.html_name: field.value() for field in page.context["form"].hidden_fields()}
        page = client.post(here, {**hidden, "answer": answer})
    return page


def test_a_task_is_placed_beside_those_one_has_rated(client, people):
    pleasant, middling, dull, new = (new_task(name) for name in ("A", "B", "C", "D"))
    me = people[0]
    for task, points in ((pleasant, 5), (middling, 3), (dull, 1)):
        ratings.rate(task, by=me, desirability=points, empowerment=points)
    client.force_login(me)
    # More than the middling one, less than the pleasant one; for empowerment the same as the middling one.
    answer = compare(client, new, ["more", "less", "same"])
    assert answer.url == reverse("roles:ratings")
    own = next(one for one in ratings.own(me) if one.task == new)
    assert (own.desirability, own.empowerment) == (4, 3)
    answer = compare(client, new, ["none", "less", "same"])
    own = next(one for one in ratings.own(me) if one.task == new)
    assert (own.desirability, own.empowerment) == (None, 1)


def test_without_anything_to_compare_with_the_words_of_the_scale_are_left(client, people):
    rated, new = new_task("A"), new_task("B")
    ratings.rate(rated, by=people[0], desirability=3, empowerment=3)
    client.force_login(people[0])
    page = compare(client, new, ["more", "same"])
    assert not Rating.objects.filter(task=new).exists()
    places = {field.name: left for field, _anchors, left in page.context["form"].scales}
    assert (places["desirability"].low, places["desirability"].high) == (4, 5)
    here = reverse("roles:rating_compare", args=[new.pk])
    answer = client.post(here, {"desirability": "5", "empowerment": "3", "save": "1"})
    assert answer.url == reverse("roles:ratings")
    own = next(one for one in ratings.own(people[0]) if one.task == new)
    assert (own.desirability, own.empowerment) == (5, 3)


def test_nobody_is_compared_with_what_others_rated(client, people):
    rated, new = new_task("A"), new_task("B")
    ratings.rate(rated, by=people[1], desirability=3, empowerment=3)
    client.force_login(people[0])
    page = client.get(reverse("roles:rating_compare", args=[new.pk]))
    assert "roles/ratings_give.html" in [template.name for template in page.templates]


def test_answers_of_a_page_that_is_out_of_date_start_again(client, people, task):
    client.force_login(people[0])
    here = reverse("roles:rating_compare", args=[task.pk])
    for wrong in ({}, {"d": "7-9", "e": "1-5", "dimension": "d", "points": "3", "answer": "more"}):
        assert client.post(here, wrong).url == here
    assert not Rating.objects.exists()


@pytest.mark.parametrize("points", ["0", "6", "2.5", "x"])
def test_what_is_not_on_the_scale_is_refused(client, people, task, points):
    client.force_login(people[0])
    answer = client.post(reverse("roles:rating_give", args=[task.pk]), {"desirability": points})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Rating.objects.exists()


def test_no_page_of_another_person_asks_for_opinions(client, people, task):
    """Not even those of the committee read a row of `roles_rating` that is not theirs."""
    rate_all(task, people, [5, 1, 5, 1, 5, 1])
    publish()
    keeper = make.person("Keeper", language="en-ca", powers=list(Power))
    client.force_login(keeper)
    for name in ("roles:ratings", "roles:ratings_published", "roles:ratings_contested", "roles:registry"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(name)).status_code == 200
        for query in queries:
            if '"roles_rating"' in query["sql"]:
                assert f'"roles_rating"."person_id" = {keeper.pk}' in query["sql"], name


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_same_number_of_queries_whatever_there_is(
    client, people, count, django_assert_num_queries
):
    for n in range(count):
        rate_all(new_task(f"T{n}"), people, [5, 1, 5, 1, 5, 1])
    publish()
    client.force_login(people[0])
    for name, expected in (
        ("roles:ratings", 5),
        ("roles:ratings_published", 5),
        ("roles:ratings_contested", 5),
    ):
        client.get(reverse(name))
        with django_assert_num_queries(expected):
            page = client.get(reverse(name)).content.decode()
        assert page.count('scope="row"') == count or name == "roles:ratings_contested"


def test_opinions_are_read_in_one_module_only():
    """No page, feed or program of the product can join them: nothing else knows the model.

    But for what gives each their own, and destroys it (`members.personal`).
    """
    root = Path(__file__).resolve().parents[2]
    knowing = {
        str(path.relative_to(root))
        for app in ("koumbit", "members", "roles", "timesheets", "payroll")
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").rpartition(".")[2] in {"models", "ratings"}
        and any(alias.name == "Rating" for alias in node.names)
    }
    assert knowing == {"roles/models/__init__.py", "roles/ratings.py", "roles/personal_data.py"}
    assert Rating not in {field.related_model for field in Person._meta.related_objects if not field.hidden}


def test_whatever_people_do_two_publications_never_differ_by_one_vote(task, people, clock):
    """A year of votes, changes and withdrawals: what is read next differs by nobody, or by two at least."""
    dice, before = random.Random(7), None
    for _week in range(52):
        clock.shift(WEEK)
        for person in dice.sample(people, dice.choice((0, 1, 1, 2))):
            ratings.rate(task, by=person, desirability=dice.choice((None, 1, 2, 3, 4, 5)), empowerment=None)
        clock.shift(60)
        now = timezone.now()
        if not ratings.publish(now=now, holders={}) or last(task).points is None:
            continue
        votes = dict(
            Rating.objects.filter(dimension="d", given_at__lte=now, ended_at=None).values_list(
                "person", "points"
            )
        )
        assert len(votes) == last(task).count >= 3
        if before is not None:
            assert sum(votes.get(pk) != before.get(pk) for pk in votes.keys() | before.keys()) >= 2
        before = votes
    assert PublishedRating.objects.count() > 5


def test_the_committee_that_keeps_roles_is_told_where_its_agenda_is(client, people):
    keeps, other = make.committee([Power.KEEP_ROLES]), make.committee([Power.SET_RATE])
    client.force_login(people[0])
    address = reverse("roles:ratings_contested")
    assert address in client.get(reverse("members:committee", args=[keeps.pk])).content.decode()
    assert address not in client.get(reverse("members:committee", args=[other.pk])).content.decode()
