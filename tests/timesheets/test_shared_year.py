"""A year of hours of ten people, imported, approved and rated: the whole of sharing the work, from end to end.

The hours are those of a real company's log when its file lies beside the project (it is not ours to copy),
else a year drawn in its image.
"""

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from members.models import Cooperative, Mandate, Person
from payroll.replay import replay
from roles import computing, proposals, ratings
from roles.models import Proposal, Role, Task
from timesheets import hours as approved_hours
from timesheets import importing
from timesheets.sharing import planning, training
from timesheets.sharing.balance import sharing
from timesheets.sharing.publishing import publish_ratings
from timesheets.sharing.resting import resting
from timesheets.sharing.words import why

pytestmark = pytest.mark.django_db
FILE = Path(__file__).resolve().parents[3] / "shared" / "hours" / "sip-2026.csv"
FIRST, TODAY = date(2025, 9, 22), date(2026, 11, 23)
HUNDREDTH = 0.01
AREAS = {"Development": 11, "Operational": 6, "Management": 4}


def drawn_year() -> bytes:
    """Ten people, three areas, twenty-one kinds of task; each person mostly in one area, weekly hours that vary."""
    dice = random.Random(2026)
    lines = ["date,person,role,task,project,minutes,note"]
    areas = list(AREAS)
    for week in range(58):
        for person in range(1, 11):
            weights = [6 if place == person % 3 else 1 for place in range(3)]
            for day in range(0, 5, 2):
                area = dice.choices(areas, weights)[0]
                kind = min(int(dice.expovariate(0.35)), AREAS[area] - 1)
                on = FIRST + timedelta(weeks=week, days=day)
                lines.append(f"{on},p{person}@example.org,{area},{area} {kind},,{dice.randint(4, 30) * 15},")
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """The year, lived once for this module without its pays; what is done in it is undone after."""
    content = FILE.read_bytes() if FILE.exists() else drawn_year()
    now = time_machine.travel("2026-11-23 15:00:00+00:00", tick=False)
    with django_db_blocker.unblock(), now as clock, transaction.atomic():
        replay(content, first_period=FIRST, pay_after=5, until=FIRST, documents=False)
        Task.objects.update(worded_at=timezone.now())
        clock.shift(60)
        _rate()
        publish_ratings()
        yield sharing(Cooperative.objects.get(), TODAY)
        transaction.set_rollback(True)


def _rate() -> None:
    """Everyone has an opinion of most tasks, around what the tasks are like."""
    tasks = list(Task.objects.order_by("role__name", "name"))
    for number, person in enumerate(Person.objects.order_by("email")):
        dice = random.Random(number)
        for place, task in enumerate(tasks):
            if dice.random() < 0.8:
                like, gives = 1 + place % 5, 1 + place // 2 % 5
                ratings.rate(
                    task,
                    by=person,
                    desirability=min(5, max(1, like + dice.choice((-1, 0, 0, 1)))),
                    empowerment=min(5, max(1, gives + dice.choice((-1, 0, 0, 1)))),
                )


def test_everybody_has_a_place_and_the_deviations_add_up_to_nothing(year):
    since = year.periods[0].first
    approved = sum(day.minutes for day in approved_hours.approved_days(TODAY, since=since))
    assert year.whole.hours == Fraction(approved, 60)
    assert len(year.standings) == 10
    for dimension in ("d", "e"):
        assert sum(one.balance[dimension] for one in year.whole.standings.values()) == 0
        assert 1 < year.whole.mean[dimension] < 5
        index = year.whole.indices[dimension]
        assert 0 < index.largest < 4
        assert 0 <= index.within <= 1
    assert not year.is_unrated
    assert all(one.rated_share > Fraction(9, 10) for _person, one in year.standings if one.hours)


def test_what_is_carried_adds_up_over_the_periods(year):
    for person, standing in year.standings:
        if standing.hours and not year.is_new(person.pk):
            carried = [one.standings[person.pk].balance["e"] for one in year.by_period]
            assert year.carried(person.pk)["e"] == sum(carried)
            for dimension in ("d", "e"):
                points = sum(part.points for part in year.parts(person.pk, dimension))
                assert points == standing.deviation[dimension]


def test_each_role_rests_on_somebody_and_has_a_way_out(year):
    rests = resting(year, Person.objects.first())
    assert len(rests) == Role.objects.count() >= 3
    for one in rests:
        assert 1 <= one.spread.effective_people <= 10
        assert one.teachers
        assert one.people[0][1] == max(amount for _person, amount in one.people)


@pytest.mark.parametrize(
    ("language", "said"), [("en-ca", "of your hours go to"), ("fr-ca", "de vos heures vont")]
)
def test_each_position_is_said_in_a_sentence(year, language, said):
    with translation.override(language):
        sentences = [
            why(year, person.pk, dimension) for person, _standing in year.standings for dimension in "de"
        ]
    assert any(said in sentence for sentence in sentences)
    assert all("None" not in sentence and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize(
    "name",
    ["concentration", "balance", "lived", "balance_of", "training", "training_of_all", "to_classify"],
)
def test_pages_of_a_real_year_are_read(year, client, name):
    reader = Person.objects.order_by("pk").first()
    client.force_login(reader)
    address = reverse(f"timesheets:{name}", args=[reader.pk] if name == "balance_of" else [])
    assert client.get(address).status_code == 200


def test_who_has_come_near_what_is_counted_on_the_same_hours(year):
    """Touched: four hours of a role since the first period of the window, whoever looks, on whatever page."""
    found = training.standings(Cooperative.objects.get(), TODAY)
    rests = {one.role.pk: one for one in resting(year, Person.objects.first())}
    assert found.since == year.periods[0].first
    assert {role.pk for role in found.active} == {role for role, one in rests.items() if one.spread.hours}
    for role, one in rests.items():
        for person, hours in one.people:
            assert abs(found.minutes[person.pk, role] - hours * 60) < 1
            assert (found.stage(person.pk, role) > 0) is (hours >= 4)
    of_all = found.of_all
    assert 0 <= of_all.lowest <= of_all.mean <= of_all.bound <= 1


@pytest.fixture(scope="module")
def proposal(year, django_db_blocker):
    """The default proposal for the next quarter, asked for and computed like any."""
    cooperative, by = (
        Cooperative.objects.get(),
        Person.objects.get(pk=Mandate.objects.earliest("pk").person_id),
    )
    period = planning.next_period(cooperative, TODAY)
    inputs = planning.inputs(cooperative, period, TODAY)
    inputs["problem"]["config"]["time_limit"] = 5.0
    asked = proposals.ask(by=by, first_on=period.first, last_on=period.last, inputs=inputs)
    made = asked.proposals.get(leaning="default")
    computing.compute(made.pk)
    return Proposal.objects.select_related("rotation").get(pk=made.pk)


def test_a_proposal_for_the_next_quarter_gives_the_work_to_those_who_can(year, proposal):
    asked, hours = proposal.rotation.inputs["problem"], proposals.hours_of(proposal)
    for member in asked["members"]:
        own = {what: amount for (who, what), amount in hours.items() if who == member["id"]}
        assert sum(own.values()) <= member["hours"] + HUNDREDTH
        for task in asked["tasks"]:
            amount = own.get(task["id"], 0)
            assert amount == 0 or amount >= task["min_chunk"] - HUNDREDTH
            # Whoever is given hours does the role alone, or learns it on wish or in turn.
            is_due = [member["id"], task["role"]] in asked["touch"]
            level = member["skills"].get(task["role"], 0)
            assert amount == 0 or level >= 2 or is_due or member["wants"].get(task["role"], 0) > 0
    needed = sum(task["hours"] for task in asked["tasks"])
    assert needed >= sum(hours.values()) > needed * 9 / 10 > 0
    assert proposal.result["max_deviation"] <= max(one.largest for one in year.whole.indices.values())


@pytest.mark.parametrize(("language", "said"), [("en-ca", "By person"), ("fr-ca", "Par personne")])
def test_a_proposal_is_read_with_a_reason_for_each_part(proposal, client, language, said):
    reader = Person.objects.order_by("pk").last()
    reader.language = language
    reader.save()
    client.force_login(reader)
    assert client.get(reverse("timesheets:rotation", args=[proposal.rotation_id])).status_code == 200
    answer = client.get(reverse("timesheets:proposal", args=[proposal.pk]))
    html = answer.content.decode()
    assert said in html
    assert "None" not in html
    plans = answer.context["people"]
    assert len(plans) == 10
    parts = [part for plan in plans for part in plan.parts]
    assert len(parts) == len(proposals.hours_of(proposal))
    assert all(part.why and part.why[0] and str(part.task) in html for part in parts)


def test_the_year_drawn_where_there_is_no_file_is_like_it():
    """A clone that stands alone lives this one instead: ten people, twenty-one kinds of task, every week."""
    file = importing.plan(drawn_year()).file
    assert not file.refusals
    assert len({row.person for row in file.rows}) == 10
    assert {role: len({row.task for row in file.rows if row.role == role}) for role in AREAS} == AREAS
    assert min(row.day for row in file.rows) == FIRST
    assert max(row.day for row in file.rows) <= TODAY + timedelta(weeks=6)
