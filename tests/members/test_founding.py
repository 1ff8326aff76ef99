from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext

from members import lifecycle
from members.founding import AlreadyFounded, Founder, TooFewFounders, found
from members.models import Committee, Cooperative, Decision, JournalEntry, Mandate, Person, Power
from members.powers import powers_of

pytestmark = pytest.mark.django_db
ANA, BOB = Founder("Ana", "Émond", "Ana@example.org"), Founder("Bob", "", "bob@example.org")
FACTS = {
    "name": "Coopérative",
    "address": "1, rue Une\nMontréal",
    "first_period_on": date(2026, 11, 2),
    "founded_on": date(2026, 11, 1),
}
OPTIONS = {
    "name": "Coopérative",
    "address": "1, rue Une\\nMontréal",
    "person": ["Ana Émond <ana@example.org>", "Bob <bob@example.org>"],
    "first_period": "2026-11-02",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


def test_founders_hold_every_power_through_the_assembly():
    ana, bob = found(founders=[ANA, BOB], **FACTS)
    assert powers_of(ana) == powers_of(bob) == set(Power.values)
    assert set(Mandate.objects.values_list("given_by", "decision")) == {(None, Decision.objects.get().pk)}
    assert [m.admitted_by for m in ana.memberships.all()] == [Decision.objects.get()]
    assert (ana.email, ana.has_usable_password()) == ("ana@example.org", False)
    assert JournalEntry.objects.get().body["people"] == [ana.pk, bob.pk]


def test_founders_can_then_do_everything_between_them():
    ana, bob = found(founders=[ANA, BOB], **FACTS)
    status = lifecycle.start_work_status(
        bob, by=ana, kind="salaried", tenure="permanent", job_title="Libriste", starts_on=date(2026, 11, 2)
    )
    assert status.person == bob


def test_cooperative_is_founded_once():
    found(founders=[ANA, BOB], **FACTS)
    with pytest.raises(AlreadyFounded):
        found(founders=[Founder("Eve", "", "eve@example.org"), BOB], **FACTS)


@pytest.mark.parametrize("founders", [[], [ANA], [ANA, Founder("Ana", "Bis", "ana@EXAMPLE.org")]])
def test_two_people_are_needed(founders):
    with pytest.raises(TooFewFounders):
        found(founders=founders, **FACTS)
    assert not Cooperative.objects.exists()


def test_command_founds_and_invites(capsys, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("found_cooperative", **OPTIONS)
    assert Cooperative.objects.get().address == "1, rue Une\nMontréal"
    with translation.override("fr-ca"):
        assert Committee.objects.get().name == gettext("General assembly")
    assert [message.to for message in mailoutbox] == [["ana@example.org"], ["bob@example.org"]]
    assert "an invitation leaves for bob@example.org" in capsys.readouterr().out


def test_command_prints_links_where_no_mail_leaves(capsys, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("found_cooperative", print_links=True, language="en-ca", **OPTIONS)
    assert mailoutbox == []
    assert capsys.readouterr().out.count("http") == 2
    assert Committee.objects.get().name == "General assembly"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"person": ["Ana <ana@example.org>"]}, "."),
        ({"person": ["Ana", "Bob <bob@example.org>"]}, "Not a person"),
        ({"person": ["<ana@example.org>", "Bob <bob@example.org>"]}, "no name"),
        ({"first_period": "2026-02-30"}, "Not a day"),
        ({"founded_on": "hier"}, "Not a day"),
        ({"name": "x" * 121}, "."),
    ],
)
def test_command_refuses_with_a_sentence_and_writes_nothing(changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("found_cooperative", **OPTIONS | changed)
    assert not Cooperative.objects.exists()
    assert not Person.objects.exists()


def test_command_refuses_a_second_cooperative():
    found(founders=[ANA, BOB], **FACTS)
    with pytest.raises(CommandError, match="already there"):
        call_command("found_cooperative", **OPTIONS)


def test_command_asks_what_is_not_given(monkeypatch, mailoutbox):
    answers = iter(
        [
            "Coop",
            "1, rue Une",
            "2026-11-02",
            "Ana <a@example.org>",
            "Bob <b@example.org>",
            "Eve <e@example.org>",
            "",
        ]
    )
    monkeypatch.setattr("builtins.input", lambda: next(answers))
    call_command("found_cooperative")
    assert Person.objects.count() == 3


def test_command_does_not_wait_for_answers_nobody_gives(monkeypatch):
    def nobody():
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="Name of the cooperative"):
        call_command("found_cooperative")
