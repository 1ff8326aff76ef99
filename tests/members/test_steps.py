"""The lists of things to do: opened by the step, ticked by people, known by the system, adapted by the co-op."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from members import known, lifecycle, paths, steps
from members.models import JournalEntry, ListItem, Mandate, Power, Step, StepItem, StepList
from members.usual_lists import USUAL
from payroll import periods, profiles, roe, runs
from payroll.models import BankAccount, TaxProfile
from roles import assignments
from roles.models import Assignment
from tests import make
from timesheets import tokens, workflow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WORK = {"kind": "salaried", "tenure": "permanent", "job_title": "Graphiste", "agreed_minutes_per_week": 2100}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def keeper():
    make.cooperative()
    steps.write_usual_lists()
    return make.person("Keeper", language="en-ca", powers=list(Power))


def stands(one: StepList) -> dict[str, str]:
    """How each known thing of a list stands, by its code."""
    return {
        line.item.item.known: line.answer.state.value
        for line in steps.lines_of([one])[one.pk]
        if line.is_known
    }


def arrived(keeper, kind="salaried", **fields):
    ana = make.person("Ana", kind=None, **fields)
    lifecycle.start_work_status(ana, by=keeper, starts_on=TODAY, **WORK | {"kind": kind})
    return ana, StepList.objects.get(person=ana)


def test_each_step_opens_its_list_once(keeper):
    ana, welcome = arrived(keeper)
    assert (welcome.step, welcome.on, welcome.opened_by) == (Step.ARRIVAL, TODAY, keeper)
    assert welcome.items.count() == sum(step == Step.ARRIVAL for step, *_ in USUAL)
    decision = make.admission()
    paths.start_membership(
        ana, by=keeper, starts_on=TODAY, admitted_by=decision, probation_ends_on=date(2026, 12, 31)
    )
    paths.start_pause(ana, by=ana, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 5))
    pause = ana.pauses.get()
    paths.change_pause(pause, by=ana, ends_on=date(2026, 12, 8))
    paths.depart(ana, by=ana, ends_on=date(2027, 1, 31))
    assert [(one.step, one.on.isoformat()) for one in StepList.objects.order_by("pk")] == [
        ("arrival", "2026-11-20"),
        ("probation", "2026-11-20"),
        ("pause", "2026-12-01"),
        ("return", "2026-12-09"),
        ("departure", "2027-01-31"),
    ]
    assert steps.open_by_hand(ana, by=keeper, step="arrival", on=TODAY) == welcome


def test_the_past_opens_no_list_by_itself(keeper):
    ana = make.person("Ana", kind=None)
    lifecycle.start_work_status(ana, by=keeper, starts_on=date(2024, 1, 1), **WORK)
    assert not StepList.objects.exists()
    steps.open_by_hand(ana, by=keeper, step="arrival", on=date(2024, 1, 1))
    assert StepList.objects.get().items.exists()


def test_a_thing_is_done_by_somebody_on_a_day(keeper):
    ana, welcome = arrived(keeper)
    stranger, companion = make.person("Bob"), make.person("Cleo")
    item = welcome.items.filter(item__known="").first()
    for refused in (stranger, companion):
        with pytest.raises(steps.NotTheirList):
            steps.tick(item, by=refused)
    steps.accompany(welcome, by=keeper, companion=companion)
    steps.tick(item, by=companion)
    steps.tick(item, by=keeper)  # twice is once
    item.refresh_from_db()
    assert (item.done_by, item.done_on) == (companion, TODAY)
    steps.untick(item, by=ana)
    item.refresh_from_db()
    assert (item.done_by, item.done_on) == (None, None)
    events = [entry.event for entry in JournalEntry.objects.filter(event__startswith="members.step")]
    assert events == ["members.step_done", "members.step_undone"]


def test_what_the_system_knows_is_ticked_by_nobody(keeper):
    _ana, welcome = arrived(keeper)
    item = welcome.items.exclude(item__known="").first()
    with pytest.raises(steps.IsKnown):
        steps.tick(item, by=keeper)
    with pytest.raises(IntegrityError, match="members_known_is_not_ticked"), transaction.atomic():
        StepItem.objects.filter(pk=item.pk).update(done_by=keeper, done_on=TODAY)
    with pytest.raises(IntegrityError, match="members_step_item_is_signed"), transaction.atomic():
        StepItem.objects.filter(item__known="").update(done_on=TODAY)


def test_an_arrival_is_known_from_the_facts(keeper):
    ana, welcome = arrived(keeper)
    code = "members.signed_in"
    assert stands(welcome) == {
        **dict.fromkeys(("members.companion", "members.contact", "payroll.tax_forms"), "to do"),
        **dict.fromkeys(("payroll.bank_account", "roles.first_work", "timesheets.first_week"), "to do"),
        code: "done",
    }
    steps.accompany(welcome, by=keeper, companion=keeper)
    lifecycle.change_person(ana, by=keeper, address="1, rue", born_on=date(1990, 1, 1))
    forms = profiles.declare_taxes(ana, by=ana, starts_on=TODAY, sin="046 454 286")
    assert stands(StepList.objects.get())["payroll.tax_forms"] == "to do"
    profiles.confirm_taxes(forms, by=keeper, seen=TaxProfile.objects.get().declared_at.isoformat())
    BankAccount.objects.create(
        person=ana,
        starts_on=TODAY,
        institution="815",
        transit="30123",
        number="1",
        given_at=forms.declared_at,
    )
    assignments.assign(make.task(), by=keeper, person=ana, starts_on=TODAY)
    workflow.submit(make.sheet(ana, starts_on=date(2026, 11, 16), hours={"fri": 5}), by=ana)
    assert set(stands(StepList.objects.get()).values()) == {"done"}


def test_tax_forms_do_not_concern_a_freelancer(keeper):
    _ana, welcome = arrived(keeper, kind="freelance")
    assert "payroll.tax_forms" not in stands(welcome)


def test_a_departure_is_known_from_the_facts(keeper):
    make.cooperative(first_period_on=date(2026, 11, 2))
    make.rate()
    preparer = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    ana = make.member("Ana", born_on=date(1990, 1, 1))
    make.mandate(ana, starts_on=TODAY, ends_on=date(2026, 12, 31))
    carried = Assignment.objects.create(person=ana, task=make.task(), starts_on=TODAY)
    last = date(2026, 11, 13)
    week = make.sheet(ana, starts_on=date(2026, 11, 9), hours={"mon": 7})
    tokens.make(ana, opens="api", name="Outil")
    Mandate.objects.all().filter(person=ana).delete()
    paths.depart(ana, by=keeper, ends_on=last, decision=make.admission())
    one = StepList.objects.get(step=Step.DEPARTURE)
    found = stands(one)
    assert found.pop("members.mandates_over") == "done"
    assert found.pop("timesheets.keys_closed") == "done"
    assert set(found.values()) == {"to do"}
    assert set(found) >= {
        *("roles.handed_over", "timesheets.hours_approved", "payroll.last_pay"),
        *("payroll.record_of_employment", "members.account_closed"),
    }
    assignments.hand_over(carried, by=keeper, ends_on=TODAY)
    Assignment.objects.update(starts_on=make.LONG_AGO, ends_on=last)
    make.approve(week)
    run = runs.prepare(periods.starting(date(2026, 11, 2)), by=preparer, because="Vu.")
    runs.issue(run, by=keeper, documents=False)
    roe.note_given(ana, by=keeper, number="s12345678", given_on=TODAY)
    lifecycle.close_account(ana, by=keeper)
    left = {code for code, state in stands(StepList.objects.get(pk=one.pk)).items() if state != "done"}
    assert left <= {"members.shares_refunded"}


def test_a_key_opens_nothing_for_who_has_left(keeper):
    ana = make.member("Ana")
    _token, secret = tokens.make(ana, opens="api", name="Outil")
    paths.depart(ana, by=ana, ends_on=TODAY)
    assert tokens.holder_of(secret, "api") == ana
    with time_machine.travel("2026-11-21T15:00:00Z"):
        assert tokens.holder_of(secret, "api") is None


def test_lists_are_adapted_and_what_is_open_keeps_what_it_said(keeper):
    _ana, welcome = arrived(keeper)
    item = ListItem.objects.filter(step=Step.ARRIVAL, known="").first()
    reworded = steps.reword_item(item, by=keeper, text_fr="Le tour du local", text_en="")
    assert str(welcome.items.first().item) != "Le tour du local"
    assert reworded.position == item.position
    with pytest.raises(IntegrityError, match="members_list_item_stays"), transaction.atomic():
        ListItem.objects.filter(pk=reworded.pk).update(text_fr="Autre")
    steps.move_up(ListItem.objects.filter(step=Step.ARRIVAL, retired_on=None)[1], by=keeper)
    assert ListItem.objects.filter(step=Step.ARRIVAL, retired_on=None)[1] == reworded
    steps.retire_item(reworded, by=keeper)
    added = steps.add_item(by=keeper, step="arrival", text_fr="Un café", text_en="A coffee")
    bob = make.person("Bob", kind=None)
    lifecycle.start_work_status(bob, by=keeper, starts_on=TODAY, **WORK)
    theirs = [item.item for item in StepList.objects.get(person=bob).items.all()]
    assert reworded not in theirs
    assert theirs[-1] == added
    with pytest.raises(steps.HasLists):
        steps.take_usual_lists(by=keeper)


def test_the_usual_lists_speak_both_languages_and_ask_what_is_known():
    steps.write_usual_lists()
    assert not ListItem.objects.filter(text_en="").exists()
    same = [item.text_en for item in ListItem.objects.all() if item.text_en == item.text_fr]
    assert same == []
    codes = {fact.code for fact in known.every()}
    assert {item.known for item in ListItem.objects.exclude(known="")} <= codes


def test_lists_are_read_by_those_they_concern(client, keeper):
    ana, welcome = arrived(keeper, language="en-ca")
    stranger = make.member("Bob")
    item = welcome.items.filter(item__known="").first()

    def answer(reader, method="get"):
        client.force_login(reader)
        name, pk = ("step_list", welcome.pk) if method == "get" else ("step_tick", item.pk)
        return getattr(client, method)(reverse(f"members:{name}", args=[pk]), {"done": "yes"})

    assert (answer(stranger).status_code, answer(stranger, "post").status_code) == (404, 404)
    page = answer(ana).content.decode()
    assert "Tax forms (TD1, TP-1015.3) are handed in and confirmed" in page
    assert f"/pay/people/{ana.pk}/" not in page
    assert answer(ana, "post").status_code == 302
    assert "20 November 2026, by Ana" in answer(keeper).content.decode()
    client.force_login(stranger)
    assert "Welcome" not in client.get(reverse("members:person", args=[ana.pk])).content.decode()
    client.force_login(keeper)
    assert "Ana" in client.get(reverse("members:comings")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_with_one_row_and_three(client, keeper, rows, django_assert_num_queries):
    for number in range(rows):
        person = make.person(f"P{number}", kind=None)
        lifecycle.start_work_status(person, by=keeper, starts_on=TODAY - timedelta(number), **WORK)
    client.force_login(keeper)
    client.get(reverse("members:comings"))
    with django_assert_num_queries(15):
        client.get(reverse("members:comings"))


def test_a_record_of_employment_is_noted_once_it_was_given(client, keeper):
    ana = make.person("Ana")
    with pytest.raises(roe.WorkGoesOn):
        roe.note_given(ana, by=keeper, number="S1", given_on=TODAY)
    ana.work_statuses.update(ends_on=date(2026, 11, 13))
    with pytest.raises(roe.GivenLater):
        roe.note_given(ana, by=keeper, number="S1", given_on=date(2026, 11, 21))
    client.force_login(keeper)
    url = reverse("payroll:record_given", args=[ana.pk])
    page = client.post(url, {"number": "s 123", "given_on": "2026-11-20"}, follow=True).content.decode()
    assert "given on 20 November 2026, number S 123" in page
    with pytest.raises(IntegrityError, match="payroll_employmentrecord_is_final"), transaction.atomic():
        ana.employment_records.update(number="X")
