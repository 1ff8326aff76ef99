"""Terms and openings by their verbs and pages."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from koumbit.refusals import Refused
from members.models import JournalEntry, Power
from members.powers import NotAllowed
from roles import registry, terms
from roles.models import Opening, Role, Term
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _today():
    make.cooperative()
    with time_machine.travel("2026-11-18 12:00-05:00", tick=False):
        yield


@pytest.fixture
def keeper():
    return make.person("Carl", powers=[Power.KEEP_ROLES], language="en-ca")


@pytest.fixture
def ana():
    return make.person("Ana", language="en-ca")


@pytest.fixture
def role():
    return Role.objects.create(name="Coordination", term_months=12, max_consecutive_terms=1)


@pytest.mark.parametrize(
    ("months", "starts_on", "expected"),
    [
        (12, date(2026, 1, 1), date(2026, 12, 31)),
        (1, date(2026, 1, 31), date(2026, 2, 27)),
        (6, date(2026, 8, 31), date(2027, 2, 27)),
        (12, date(2024, 2, 29), date(2025, 2, 27)),
        (None, date(2026, 1, 1), None),
    ],
)
def test_term_ends_after_its_months(months, starts_on, expected):
    assert terms.last_day(Role(term_months=months), starts_on) == expected


def test_term_is_given_for_its_length_and_not_once_too_often(ana, keeper, role):
    given = terms.give_term(role, by=keeper, person=ana, starts_on=date(2026, 1, 1))
    assert given.ends_on == date(2026, 12, 31)
    with pytest.raises(Refused, match="autant de mandats"):
        terms.give_term(role, by=keeper, person=ana, starts_on=date(2027, 1, 1))
    with pytest.raises(ValidationError):
        terms.give_term(role, by=keeper, person=ana, starts_on=date(2026, 6, 1))
    with pytest.raises(NotAllowed):
        terms.give_term(role, by=ana, person=ana, starts_on=date(2030, 1, 1))
    registry.retire(role, by=keeper)
    with pytest.raises(terms.RoleIsRetired):
        terms.give_term(role, by=keeper, person=keeper, starts_on=TODAY)


def test_term_is_ended_by_its_holder_or_by_a_keeper(ana, keeper, role):
    given = terms.give_term(role, by=keeper, person=ana, starts_on=date(2026, 1, 1))
    with pytest.raises(NotAllowed):
        terms.end_term(given, by=make.person("Béa"), ends_on=TODAY)
    with pytest.raises(terms.EndsBeforeItBegins):
        terms.end_term(given, by=ana, ends_on=date(2025, 12, 31))
    assert terms.end_term(given, by=ana, ends_on=TODAY).ends_on == TODAY
    with pytest.raises(terms.EndedAlready):
        terms.end_term(given, by=keeper, ends_on=TODAY)


def test_opening_goes_from_candidacies_to_a_decision(ana, keeper, role):
    opening = terms.open_role(
        role, by=keeper, filled_by="election", starts_on=date(2027, 1, 1), closes_on=date(2026, 12, 10)
    )
    bea = make.person("Béa")
    terms.put_forward(opening, by=ana, words="Je connais.")
    terms.put_forward(opening, by=ana, words="Je connais bien.")
    terms.put_forward(opening, by=bea)
    terms.step_back(opening, by=bea)
    terms.step_back(opening, by=bea)
    assert [(one.person, one.words) for one in opening.candidacies.all()] == [(ana, "Je connais bien.")]
    decision = make.decision()
    with pytest.raises(terms.NobodyChosen):
        terms.settle(opening, by=keeper, decision=decision, chosen=[])
    [term] = terms.settle(opening, by=keeper, decision=decision, chosen=[ana])
    assert (term.starts_on, term.ends_on, term.decision) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
        decision,
    )
    for act in (
        lambda: terms.put_forward(opening, by=bea),
        lambda: terms.step_back(opening, by=ana),
        lambda: terms.settle(opening, by=keeper, decision=decision, chosen=[ana]),
        lambda: terms.close_unfilled(opening, by=keeper),
    ):
        with pytest.raises(terms.NotOpen):
            act()
    assert JournalEntry.objects.filter(event="roles.opening_closed").count() == 1


def test_opening_needs_a_keeper_and_days_in_order(ana, keeper, role):
    days = {"filled_by": "volunteering", "starts_on": TODAY}
    with pytest.raises(NotAllowed):
        terms.open_role(role, by=ana, closes_on=TODAY, **days)
    with pytest.raises(terms.ClosesAfterItStarts):
        terms.open_role(role, by=keeper, closes_on=date(2026, 11, 19), **days)
    opening = terms.open_role(role, by=keeper, closes_on=date(2026, 11, 18), **days)
    with pytest.raises(ValidationError):
        terms.open_role(role, by=keeper, closes_on=TODAY, **days)
    with time_machine.travel("2026-11-19 12:00-05:00"), pytest.raises(terms.NotOpen):
        terms.put_forward(opening, by=ana)
    terms.close_unfilled(opening, by=keeper)
    terms.open_role(role, by=keeper, closes_on=TODAY, **days)


def test_renewals_are_the_terms_that_end_soon_or_ended_without_a_follower(ana, keeper):
    ends = {"Passée": "2026-11-01", "Suivie": "2026-11-02", "Proche": "2026-12-31", "Loin": "2027-06-30"}
    for name, day in ends.items():
        role = Role.objects.create(name=name)
        Term.objects.create(
            person=ana, role=role, starts_on=date(2026, 1, 1), ends_on=date.fromisoformat(day)
        )
    Term.objects.create(person=keeper, role=Role.objects.get(name="Suivie"), starts_on=date(2026, 11, 3))
    found = terms.renewals(TODAY)
    assert [(one.term.role.name, one.is_over, one.asks_something) for one in found] == [
        ("Passée", True, True),
        ("Proche", False, True),
    ]
    assert [term.role.name for term in terms.later(TODAY)] == ["Loin"]


def test_pages_open_fill_and_show(client, ana, keeper, role):
    client.force_login(keeper)
    page = reverse("roles:opening_create", args=[role.pk])
    client.post(page, {"filled_by": "volunteering", "starts_on": "2027-01-01", "closes_on": "2026-12-10"})
    opening = Opening.objects.get()
    shown = reverse("roles:opening", args=[opening.pk])
    client.force_login(ana)
    client.post(shown, {"words": "I would like to."})
    html = client.get(shown).content.decode()
    assert "I would like to." in html
    assert reverse("roles:opening_settle", args=[opening.pk]) not in html
    assert "one puts oneself forward" in client.get(reverse("roles:renewals")).content.decode()
    assert client.post(reverse("roles:opening_settle", args=[opening.pk])).status_code == 403
    client.force_login(keeper)
    sent = {"chosen": [ana.pk], "decision": make.decision().pk}
    client.post(reverse("roles:opening_settle", args=[opening.pk]), sent)
    term = Term.objects.get()
    client.force_login(make.person("Béa"))
    assert client.get(reverse("roles:term_end", args=[term.pk])).status_code == 404
    client.force_login(ana)
    client.post(reverse("roles:term_end", args=[term.pk]), {"ends_on": "2027-03-31"})
    term.refresh_from_db()
    assert term.ends_on == date(2027, 3, 31)


@pytest.mark.parametrize("rows", [1, 3])
def test_renewals_cost_the_same_with_one_and_three(client, keeper, rows, django_assert_num_queries):
    for number in range(rows):
        role = Role.objects.create(name=f"Rôle {number}")
        Term.objects.create(person=keeper, role=role, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    client.force_login(keeper)
    client.get(reverse("roles:renewals"))
    with django_assert_num_queries(8):
        client.get(reverse("roles:renewals"))
