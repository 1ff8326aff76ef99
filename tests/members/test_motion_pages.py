"""The pages of proposals through HTTP: what each reads and does, what is refused loses nothing."""

import logging
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from members import acts, ballots, motions, personal
from members.models import (
    Ballot,
    BallotBox,
    Committee,
    Decision,
    DecisionRule,
    Elector,
    Interest,
    Mandate,
    Membership,
    Motion,
    Objective,
    Position,
    Power,
    ShareEntry,
)
from payroll.models import HourlyRate
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def assembly():
    make.cooperative()
    return Committee.objects.create(name="Assemblée", kind="assembly", starts_on=make.LONG_AGO)


@pytest.fixture
def people(assembly):
    found = [make.person(name, language="en-ca") for name in ("Ana", "Bob", "Cleo")]
    for person in found:
        Membership.objects.create(person=person, starts_on=make.LONG_AGO)
    return found


def page(client, reader, name, *args, status=200, **query) -> str:
    client.force_login(reader)
    answer = client.get(reverse(f"members:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def post(client, writer, name, *args, query="", **data):
    client.force_login(writer)
    return client.post(reverse(f"members:{name}", args=args) + query, data)


def test_from_an_idea_to_the_rate(client, assembly, people):
    """One proposes a rate, all answer, one counts; the rate and the decision say each other."""
    make.rate("21.50")
    ana, bob, cleo = people
    query = f"?body={assembly.pk}&act=payroll.set_rate"
    form = page(client, ana, "motion_new", body=assembly.pk, act="payroll.set_rate")
    assert "Once adopted: Set the hourly rate" in form
    answer = post(
        client, ana, "motion_new", query=query, title="Plus", text="Pour vivre", **{"act-amount": "24,50"}
    )
    motion = Motion.objects.get()
    assert answer.url == reverse("members:motion", args=[motion.pk])
    assert "$24.50" in page(client, bob, "motion", motion.pk)
    assert post(client, bob, "motion_remark", motion.pk, text="Enfin").status_code == 302
    assert "Enfin" in page(client, cleo, "motion", motion.pk)
    assert post(client, ana, "ballot_open", motion.pk, closes_on="2026-11-27").status_code == 302
    ballot = Ballot.objects.get()
    assert "your answer is awaited until 27 November 2026" in client.get("/").content.decode()
    for person in people:
        assert post(client, person, "ballot_answer", ballot.pk, choice="agree").status_code == 302
    assert "Everybody has answered." in page(client, cleo, "motion", motion.pk)
    post(client, cleo, "ballot_close", ballot.pk)
    decision = Decision.objects.get(ballot=ballot)
    assert HourlyRate.objects.on(TODAY).amount == Decimal("24.50")
    told = page(client, bob, "decision", decision.pk)
    assert "Carried out" in told
    assert decision.number in page(client, bob, "motion", motion.pk)


def test_another_page_fills_the_act_in(client, assembly, people):
    make.rate("21.50")
    asked = {"act": "payroll.set_rate", "act-amount": "24.50"}
    told = page(client, people[0], "motion_new", **asked)
    assert 'name="act-amount" value="24.50"' in told
    assert "form-errors" not in told
    told = page(client, people[0], "motion_new", body=assembly.pk, **asked)
    assert 'value="24.50"' in told
    motion = motions.propose(
        assembly, by=people[0], title="T", text="T", act="payroll.set_rate", fields={"amount": "24.50"}
    )
    told = page(client, people[1], "motion", motion.pk)
    assert f"{reverse('payroll:rate_try')}?amount=24.50&amp;starts_on=2026-11-20" in told


def test_what_is_refused_keeps_what_was_typed(client, assembly, people):
    make.rate("21.50")
    ana = people[0]
    query = f"?body={assembly.pk}&act=payroll.set_rate"
    for amount, said in (("5", "minimum wage"), ("abc", "not an amount"), ("", "required")):
        answer = post(
            client, ana, "motion_new", query=query, title="Moins", text="T", **{"act-amount": amount}
        )
        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert 'value="Moins"' in answer.content.decode()
    assert not Motion.objects.exists()


@pytest.mark.parametrize("code", ["payroll.nothing", "'", "a" * 3000, "\0"])
def test_an_act_nobody_knows_is_asked_again(client, assembly, people, code):
    told = page(client, people[0], "motion_new", body=assembly.pk, act=code)
    assert "form-errors" in told


@pytest.mark.parametrize("one", list(acts.every()), ids=lambda one: one.code)
def test_every_act_has_a_form_to_propose_it(client, assembly, people, one):
    # Some acts are proposed only where there is something for them to act on.
    make.cooperative(share_value=Decimal("10.00"))
    Objective.objects.create(
        body=assembly, decision=make.decision(), title="Un jardin", starts_on=TODAY, ends_on=TODAY
    )
    ShareEntry.objects.create(person=people[0], kind="subscribed", on=TODAY, shares=1)
    told = page(client, people[0], "motion_new", body=assembly.pk, act=one.code)
    with translation.override("en-ca"):
        assert escape(f"Once adopted: {one}") in told


def test_an_act_without_anything_to_act_on_is_not_proposed(client, assembly, people):
    for code in ("members.refund_shares", "members.change_objective", "members.give_up_objective"):
        assert "act-fields" not in page(client, people[0], "motion_new", body=assembly.pk, act=code)


def test_a_body_is_not_asked_for_what_it_cannot_decide(client, people):
    body = make.committee([Power.KEEP_ROLES], name="Rôles")
    answer = post(
        client,
        people[0],
        "motion_new",
        query=f"?body={body.pk}&act=payroll.set_rate",
        title="T",
        text="T",
        **{"act-amount": "30"},
    )
    assert "propose this to the general assembly" in answer.content.decode()


def test_an_objection_without_a_reason_is_asked_for_one(client, assembly, people):
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    answer = post(client, people[1], "ballot_answer", ballot.pk, choice="disagree")
    assert answer.status_code == 422
    assert "Say why you object" in answer.content.decode()
    assert not Position.objects.exists()
    post(client, people[1], "ballot_answer", ballot.pk, choice="disagree", reason="Trop cher")
    assert "Trop cher" in page(client, people[2], "motion", motion.pk)


def test_a_secret_answer_shows_nowhere(client, assembly, people):
    DecisionRule.objects.create(
        committee=assembly, starts_on=make.LONG_AGO, method="vote", secret=True, quorum_percent=50
    )
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    post(client, people[1], "ballot_answer", ballot.pk, choice="disagree")
    for reader in people:
        told = page(client, reader, "motion", motion.pk)
        assert "has answered" in told
        assert "disagree" not in told.split("<tbody>")[1]
    assert "Your answer is in the box." in page(client, people[1], "motion", motion.pk)
    assert post(client, people[1], "ballot_answer", ballot.pk, choice="agree").status_code == 422


def _left_in_the_database() -> tuple[dict[str, list[str]], dict[str, int]]:
    """Every row of every table as text, the box by its length alone; and how far each sequence has come."""
    rows, sequences = {}, {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            row = "length(t.sealed)::text" if table == "members_ballotbox" else "t::text"
            cursor.execute(f'SELECT {row} FROM "{table}" t ORDER BY 1')
            rows[table] = [text for (text,) in cursor.fetchall()]
        cursor.execute("SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences")
        sequences.update(cursor.fetchall())
    return rows, sequences


def test_whatever_one_answers_in_secret_leaves_the_same_traces(client, assembly, people, caplog):
    """Answered by HTTP three times, otherwise each time and undone between: tables, sequences, logs, mail, cookies."""
    DecisionRule.objects.create(
        committee=assembly, starts_on=make.LONG_AGO, method="vote", secret=True, quorum_percent=50
    )
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    ballots.answer(ballot, by=people[0], choice="disagree")
    client.force_login(people[1])
    url = reverse("members:ballot_answer", args=[ballot.pk])
    caplog.set_level(logging.DEBUG)
    traces = []
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        for choice in ("agree", "disagree", "abstain"):
            caplog.clear()
            undo = transaction.savepoint()
            rows_before, before = _left_in_the_database()
            answer = client.post(url, {"choice": choice})
            assert answer.status_code == 302
            rows, after = _left_in_the_database()
            changed = {table for table in rows if rows[table] != rows_before[table]}
            assert "members_elector" in changed
            assert changed <= {"members_elector", "django_session", "usersessions_usersession"}
            advanced = {name: after[name] - before[name] for name in after}
            traces.append(
                (
                    rows["members_elector"],
                    rows["members_ballotbox"],
                    {name: steps for name, steps in advanced.items() if steps},
                    [(record.name, record.getMessage()) for record in caplog.records],
                    len(mail.outbox),
                    answer.url,
                    len(answer.content),
                )
            )
            transaction.savepoint_rollback(undo)
    assert traces[0] == traces[1] == traces[2]


def test_of_a_secret_ballot_the_database_has_no_place_for_more(assembly, people):
    """Who is called is written in order of names when it opens, and a yes or a no stands beside each; no moment."""
    DecisionRule.objects.create(
        committee=assembly, starts_on=make.LONG_AGO, method="vote", secret=True, quorum_percent=50
    )
    motion = motions.propose(assembly, by=people[2], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[2], closes_on=TODAY)
    assert [field.name for field in Elector._meta.concrete_fields] == [
        *("id", "ballot", "person", "answered", "has_interest")
    ]
    assert [field.name for field in BallotBox._meta.concrete_fields] == ["ballot", "sealed"]
    for person in reversed(people):
        ballots.answer(ballot, by=person, choice="agree")
    assert [one.person for one in ballot.electors.order_by("pk")] == people
    ballots.close(ballot, by=people[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_ballotbox")
        assert cursor.fetchone() == (0,)
    for person in people:
        held = {table.model: list(table.about(person)) for table in personal.tables() if table.is_exported}
        assert held[Elector]
        assert not held[Position]


def test_who_is_not_asked_reads_and_does_not_answer(client, assembly, people):
    reader = make.person("Zoé", language="en-ca")
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    ballot = ballots.open_ballot(motion, by=people[0], closes_on=TODAY)
    assert "ballot_answer" not in page(client, reader, "motion", motion.pk)
    assert post(client, reader, "ballot_answer", ballot.pk, choice="agree").status_code == 422
    for name in ("motion_amend", "motion_withdraw"):
        assert client.get(reverse(f"members:{name}", args=[motion.pk])).status_code == 404


def test_an_interest_is_read_by_all(client, assembly, people):
    motion = motions.propose(assembly, by=people[0], title="T", text="T")
    post(client, people[1], "motion_interest", motion.pk, what="C’est chez mon frère.")
    assert "chez mon frère" in page(client, people[2], "motion", motion.pk)
    answer = post(client, people[1], "motion_interest", motion.pk, what="Encore")
    assert "already" in answer.content.decode()
    assert Interest.objects.count() == 1


def test_an_amendment_keeps_the_former_words(client, assembly, people):
    make.rate("21.50")
    motion = motions.propose(
        assembly, by=people[0], title="T", text="Avant", act="payroll.set_rate", fields={"amount": "24.50"}
    )
    assert 'value="24.50"' in page(client, people[0], "motion_amend", motion.pk)
    data = {"title": "T", "text": "Après", "act-amount": "23.00"}
    assert post(client, people[0], "motion_amend", motion.pk, **data).status_code == 302
    told = page(client, people[1], "motion", motion.pk)
    assert "Avant" in told
    assert "$23.00" in told


def test_recorded_by_hand_with_an_act_waits_for_a_second_person(client, assembly, people):
    make.rate("21.50")
    ana, bob, _cleo = people
    Mandate.objects.create(committee=assembly, person=ana, starts_on=make.LONG_AGO)
    data = {"body": assembly.pk, "title": "T", "text": "T", "adopted_on": "2026-11-20", "act-amount": "25"}
    answer = post(client, ana, "decision_record", query="?act=payroll.set_rate", **data)
    assert answer.status_code == 302
    decision = Decision.objects.get(title="T")
    assert "I was there" not in page(client, ana, "decision", decision.pk)
    assert "I was there" in page(client, bob, "decision", decision.pk)
    post(client, bob, "decision_confirm", decision.pk)
    assert HourlyRate.objects.on(TODAY).amount == Decimal("25.00")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same(client, assembly, people, rows, django_assert_num_queries):
    for _row in range(rows):
        ended, asked, _still = (
            motions.propose(assembly, by=people[0], title="T", text="T") for _ in range(3)
        )
        motions.withdraw(ended, by=people[0])
        ballots.open_ballot(asked, by=people[0], closes_on=TODAY)
    client.force_login(people[1])
    client.get(reverse("members:motions"))
    with django_assert_num_queries(8):
        client.get(reverse("members:motions"))
    motion = Ballot.objects.last().motion
    for number in range(rows):
        motions.remark(motion, by=people[0], text=str(number))
    with django_assert_num_queries(11):
        client.get(reverse("members:motion", args=[motion.pk]))
