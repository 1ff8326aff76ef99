"""The pages of members in a test client: who sees what, what a form refuses, what a list costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape

from members import governance, lifecycle, outbox, paths
from members.models import (
    Committee,
    Decision,
    JournalEntry,
    ListItem,
    Mandate,
    Membership,
    Pause,
    Person,
    Power,
    Probation,
)
from tests import make

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)
NUL, OVERRIDE, LONG = "a\x00b", "Ana\u202eanA", "x" * 30_000


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-20T15:00:00Z"):
        yield


@pytest.fixture
def ana():
    return make.person(
        "Ana", language="en-ca", phone="514 555-0199", address="9, rue Privée", born_on=date(1990, 5, 1)
    )


@pytest.fixture
def keeper():
    make.cooperative()
    return make.person("Keeper", language="en-ca", powers=list(Power))


def page(client, reader, name, /, *args, **query) -> str:
    client.force_login(reader)
    answer = client.get(reverse(f"members:{name}", args=args), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def post(client, writer, name, /, *args, **data):
    client.force_login(writer)
    return client.post(reverse(f"members:{name}", args=args), data)


# What lists cost ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("register", 9), ("committees", 7), ("decisions", 8), ("journal", 6), ("messages", 5)],
)
def test_list_costs_the_same_with_one_row_and_three(client, rows, name, queries, django_assert_num_queries):
    make.cooperative()
    reader = make.person("Ana", kind=None)
    body = make.committee([Power.SET_RATE])
    for number in range(rows):
        person = reader if number == 0 else make.person("Bob", kind=None)
        Membership.objects.create(person=person, starts_on=make.LONG_AGO)
        make.mandate(person, [Power.KEEP_ROLES])
        lifecycle.change_person(reader, by=reader, phone=str(number + 1))
        Decision.objects.create(body=body, adopted_on=TODAY, effective_on=TODAY, title=f"D{number}", text="T")
        outbox.write(reader, subject=f"M{number}", text="T")
    client.force_login(reader)
    client.get(reverse(f"members:{name}"))  # the session is written once
    with django_assert_num_queries(queries):
        client.get(reverse(f"members:{name}"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("person", 11), ("committee", 18), ("decision", 7)])
def test_page_costs_the_same_with_one_row_and_three(client, rows, name, queries, django_assert_num_queries):
    make.cooperative()
    reader = make.person("Ana")
    body = make.committee()
    decision = make.decision()
    for number in range(rows):
        day = date(2021 + number, 1, 1)
        person = reader if name == "person" else make.person("Bob", kind=None)
        Membership.objects.create(person=person, starts_on=day, ends_on=day, admitted_by=decision)
        Mandate.objects.create(person=person, committee=body, starts_on=day, ends_on=day, decision=decision)
        Decision.objects.create(body=body, adopted_on=day, effective_on=day, title="D", text="T")
    thing = {"person": reader, "committee": body, "decision": decision}[name]
    client.force_login(reader)
    client.get(reverse(f"members:{name}", args=[thing.pk]))
    with django_assert_num_queries(queries):
        client.get(reverse(f"members:{name}", args=[thing.pk]))


# Who sees what ------------------------------------------------------------------------------------


def test_register_is_as_of_a_day(client, ana):
    gone = make.person("Gone", kind=None, family_name="Partie")
    lifecycle_keeper = make.person("Clerk", powers=[Power.ADMIT_PEOPLE])
    terms = {"kind": "freelance", "tenure": "occasional", "job_title": "Graphiste"}
    lifecycle.start_work_status(
        gone, by=lifecycle_keeper, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), **terms
    )
    assert "Partie" not in page(client, ana, "register")
    then = page(client, ana, "register", on="2024-06-01")
    assert "Partie" in then
    assert "freelance, occasional" in then
    assert "As of 1 June 2024." in then
    assert "Partie" in page(client, ana, "register", who="all")
    assert "Partie" not in page(client, ana, "register", on="2024-06-01", who="salaried")


def test_register_of_many_is_cut_into_pages_that_keep_what_was_asked(client, ana):
    many = Person.objects.bulk_create(
        Person(email=f"many{n}@example.org", given_name="Many", family_name=f"Zo{n:03}", password="!")
        for n in range(60)
    )
    Membership.objects.bulk_create(Membership(person=one, starts_on=date(2024, 1, 1)) for one in many)
    first = page(client, ana, "register", who="all")
    assert f"{Person.objects.count()} people" in first
    assert "?who=all&amp;page=2" in first
    assert "Zo059" not in first
    assert "Zo059" in page(client, ana, "register", who="all", page="2")


@pytest.mark.parametrize("query", [{"on": "2026-02-30"}, {"on": "0001-01-01"}, {"who": "x"}, {"on": NUL}])
def test_register_asked_wrongly_says_so_and_shows_today(client, ana, query):
    html = page(client, ana, "register", **query)
    assert "form-errors" in html
    assert str(ana) in html


PRIVATE = ["9, rue Privée", "1990"]


def test_contact_data_is_seen_by_its_owner_and_through_mandates(client, ana):
    bob = make.person("Bob", language="en-ca")
    clerk = make.person("Clerk", language="en-ca", powers=[Power.ADMIT_PEOPLE])
    payer = make.person("Payer", language="en-ca", powers=[Power.PREPARE_PAY])
    former = make.person("Former", language="en-ca")
    make.mandate(former, [Power.ADMIT_PEOPLE, Power.PREPARE_PAY], ends_on=YESTERDAY)

    def seen(reader) -> list[str]:
        html = page(client, reader, "person", ana.pk)
        return [fact for fact in (ana.email, ana.phone, *PRIVATE) if fact in html]

    assert {reader: seen(reader) for reader in (ana, clerk, payer, bob, former)} == {
        ana: [ana.email, ana.phone, *PRIVATE],
        clerk: [ana.email, ana.phone],
        payer: [],
        bob: [],
        former: [],
    }


def test_address_and_birth_date_are_read_aloud(client, ana):
    """One button more than the page, a line that Ana reads, and a quarter of an hour."""
    payer = make.person("Payer", language="en-ca", powers=[Power.PREPARE_PAY])
    with time_machine.travel("2026-11-20T15:00:00Z", tick=False):
        assert "Show the address and date of birth" in page(client, payer, "person", ana.pk)
        answer = post(client, payer, "person_contact", ana.pk)
        assert answer.url == reverse("members:person", args=[ana.pk])
        html = client.get(answer.url).content.decode()
        assert all(fact in html for fact in PRIVATE)
        assert ana.phone not in html
    client.force_login(ana)
    ana.language = "en-ca"
    ana.save()
    own = client.get(reverse("members:person", args=[ana.pk])).content.decode()
    readings = reverse("payroll:readings")
    assert f'href="{readings}"' in own
    said = client.get(readings).content.decode()
    assert str(payer) in said
    assert "home address and date of birth" in said


def test_address_read_aloud_closes_again(client, ana):
    payer = make.person("Payer", powers=[Power.PREPARE_PAY])
    client.force_login(payer)
    client.post(reverse("members:person_contact", args=[ana.pk]))
    url = reverse("members:person", args=[ana.pk])
    assert PRIVATE[0] in client.get(url).content.decode()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert PRIVATE[0] not in client.get(url).content.decode()


def test_form_with_an_address_is_behind_the_same_gate(client, ana, keeper):
    html = page(client, keeper, "person_change", ana.pk)
    assert PRIVATE[0] not in html
    assert reverse("members:person_contact", args=[ana.pk]) in html
    client.post(reverse("members:person_contact", args=[ana.pk]))
    assert PRIVATE[0] in client.get(reverse("members:person_change", args=[ana.pk])).content.decode()


def test_me_is_my_page(client, ana):
    client.force_login(ana)
    assert client.get(reverse("members:me")).url == reverse("members:person", args=[ana.pk])


def test_somebody_not_admitted_yet_is_not_found(client, ana, keeper):
    newcomer = make.person("Nouvelle", kind=None)
    client.force_login(ana)
    missing = client.get(reverse("members:person", args=[10**21]))
    hidden = client.get(reverse("members:person", args=[newcomer.pk]))
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert "Nouvelle" in page(client, keeper, "person", newcomer.pk)


def test_another_persons_forms_are_not_found(client, ana):
    bob = make.person("Bob")
    mandate = make.mandate(bob)
    assert post(client, ana, "person_change", bob.pk, given_name="X").status_code == 404
    assert post(client, ana, "mandate_end", mandate.pk, ends_on="2026-11-20").status_code == 404
    assert Mandate.objects.get(pk=mandate.pk).ends_on is None


def test_own_messages_only(client, ana):
    outbox.write(make.person("Bob"), subject="Pour Bob", text="…")
    outbox.write(ana, subject="Pour Ana", text="…")
    html = page(client, ana, "messages")
    assert "Pour Ana" in html
    assert "Pour Bob" not in html


def test_mandate_that_ended_yesterday_closes_the_page_in_the_same_session(client, keeper, ana):
    client.force_login(keeper)
    address = reverse("members:person_admit")
    assert client.get(address).status_code == 200
    keeper.mandates.update(ends_on=YESTERDAY)
    assert client.get(address).status_code == 403
    assert client.post(address, {"given_name": "X", "email": "x@example.org"}).status_code == 403


def test_mandate_holder_without_a_second_factor_adds_one_first(client, keeper, ana, settings):
    settings.MANDATES_NEED_SECOND_FACTOR = True
    for name in ("person_admit", "register"):
        client.force_login(keeper)
        assert client.get(reverse(f"members:{name}")).url == reverse("mfa_index")
    assert page(client, ana, "register")


# Acts through the pages ----------------------------------------------------------------------------


def test_person_is_admitted_invited_and_put_to_work(
    client, keeper, mailoutbox, django_capture_on_commit_callbacks
):
    answer = post(
        client,
        keeper,
        "person_admit",
        given_name="Zoé",
        family_name="É",
        email="Zoe@Example.org",
        language="fr-ca",
    )
    zoe = Person.objects.get(email="zoe@example.org")
    assert answer.url == reverse("members:person", args=[zoe.pk])
    with django_capture_on_commit_callbacks(execute=True):
        post(client, keeper, "invite", zoe.pk)
    assert mailoutbox[0].to == ["zoe@example.org"]
    post(
        client,
        keeper,
        "work_start",
        zoe.pk,
        kind="salaried",
        tenure="permanent",
        agreed_minutes_per_week="17h30",
        job_title="Graphiste",
        starts_on="2026-11-23",
    )
    assert zoe.work_statuses.get().agreed_minutes_per_week == 1050
    admitted_by = make.admission().pk
    post(client, keeper, "membership_start", zoe.pk, starts_on="2026-11-23", admitted_by=admitted_by)
    assert zoe.memberships.get().starts_on == date(2026, 11, 23)


def test_extra_fields_of_a_form_are_nothing(client, keeper, ana):
    post(
        client,
        ana,
        "person_change",
        ana.pk,
        given_name="Ana",
        language="en-ca",
        email="thief@example.org",
        born_on="1950-01-01",
        is_staff="on",
        is_superuser="on",
        closed_at="2026-01-01",
        password="x",
    )
    fresh = Person.objects.get(pk=ana.pk)
    assert (fresh.email, fresh.born_on, fresh.password, fresh.closed_at) == (
        ana.email,
        ana.born_on,
        ana.password,
        None,
    )


def test_refused_act_says_why_and_keeps_what_was_typed(client, keeper, ana):
    answer = post(
        client,
        keeper,
        "work_start",
        ana.pk,
        kind="freelance",
        tenure="occasional",
        job_title="Rédactrice",
        starts_on="2026-11-23",
    )
    html = answer.content.decode()
    assert "already has a work status" in html
    assert "Rédactrice" in html
    assert "2026-11-23" in html


def test_button_that_is_refused_says_why(client, keeper, ana):
    client.force_login(keeper)
    answer = client.post(reverse("members:person_reopen", args=[ana.pk]), follow=True)
    assert "already open" in answer.content.decode()


def test_last_keeper_is_told_to_give_another_a_mandate(client, keeper):
    answer = post(client, keeper, "mandate_end", keeper.mandates.get().pk, ends_on="2026-11-20")
    assert "nobody would hold the power" in answer.content.decode()
    assert keeper.mandates.get().ends_on is None


def test_mandate_form_does_not_offer_oneself(client, keeper, ana):
    body = make.committee()
    assert (
        "valid choice"
        in post(
            client, keeper, "mandate_give", body.pk, person=keeper.pk, starts_on="2026-11-20"
        ).content.decode()
    )
    post(client, keeper, "mandate_give", body.pk, person=ana.pk, starts_on="2026-11-20")
    assert body.mandates.get().person == ana


def test_decision_is_recorded_for_ones_own_body_only(client, ana):
    mine, other = make.committee(), make.committee()
    Mandate.objects.create(committee=mine, person=ana, starts_on=make.LONG_AGO)
    facts = {"title": "Titre", "text": "Texte <b>", "adopted_on": "2026-11-01"}
    assert post(client, ana, "decision_record", body=other.pk, **facts).status_code == 200
    assert Decision.objects.count() == 0
    answer = post(client, ana, "decision_record", body=mine.pk, **facts)
    assert answer.url == reverse("members:decision", args=[Decision.objects.get().pk])
    assert "Texte &lt;b&gt;" in page(client, ana, "decision", Decision.objects.get().pk)


def test_who_sits_nowhere_is_told_who_records(client, ana):
    client.force_login(ana)
    answer = client.get(reverse("members:decision_record"), follow=True)
    assert "You sit on no committee" in answer.content.decode()


def test_cooperative_is_read_by_all_and_changed_by_keepers(client, keeper, ana):
    assert reverse("members:cooperative_change") not in page(client, ana, "cooperative")
    assert reverse("members:cooperative_change") in page(client, keeper, "cooperative")
    client.force_login(ana)
    assert client.get(reverse("members:cooperative_change")).status_code == 403


def test_committee_page_tells_past_from_present(client, keeper, ana):
    body = make.committee([Power.ISSUE_PAY])
    bob = make.person("Bob")
    Mandate.objects.create(committee=body, person=bob, starts_on=make.LONG_AGO, ends_on=YESTERDAY)
    governance.give_mandate(body, ana, by=keeper, starts_on=TODAY)
    now, past = page(client, ana, "committee", body.pk).split("Past mandates")
    assert str(ana) in now
    assert f"given by {keeper}" in now
    assert str(bob) not in now
    assert str(bob) in past
    assert "Issue pay" in past


def test_journal_is_verified_by_anybody(client, ana, keeper):
    lifecycle.change_person(ana, by=ana, phone="1")
    head = JournalEntry.objects.get().hash
    assert "The chain holds" not in page(client, ana, "journal")
    assert head in page(client, ana, "journal")
    html = page(client, ana, "journal", head=head)
    assert "The chain holds" in html
    assert "is that of line 1" in html
    assert "is not in the journal" in page(client, ana, "journal", head="0" * 64)
    assert "64 signs" in page(client, ana, "journal", head="not a hash")


# Bad input -----------------------------------------------------------------------------------------

PERSON = {"given_name": "Zoé", "email": "zoe@example.org", "language": "fr-ca"}
WORK = {"kind": "salaried", "tenure": "permanent", "job_title": "Graphiste", "starts_on": "2026-11-20"}
COOP = {
    "name": "Coop",
    "legal_form": "cooperative",
    "address": "1, rue Une",
    "language": "fr-ca",
    "week_starts_on": "0",
    "pay_frequency": "biweekly",
    "first_period_on": "2026-01-05",
    "pay_days_after": "5",
    "leave_paid_from": "2026-01-05",
    "vacation_year_month": "5",
    "sharing_weeks": "13",
    "yearly_payroll": "400 000,00",
}
DECISION = {"title": "Titre", "text": "Texte", "adopted_on": "2026-11-01"}
BAD_DATES = ["", "hier", "2026-02-30", "0001-01-01", "9999-12-31", NUL, LONG]
BAD_TEXTS = ["", NUL, OVERRIDE, "a\x07b", LONG]
BAD_KEYS = ["", "0", "-1", "abc", "9" * 22, NUL]
BAD_INPUT = {
    "person_admit": (
        PERSON,
        {
            "given_name": BAD_TEXTS,
            "email": ["", "ana", "a@b", NUL, "a@exam\u202eple.org", LONG + "@example.org"],
            "language": ["", "de", NUL],
            "phone": [NUL, OVERRIDE, "1" * 31],
            "address": [NUL, OVERRIDE, LONG],
            "born_on": BAD_DATES[1:],
        },
    ),
    "person_change": (PERSON, {"given_name": BAD_TEXTS, "family_name": BAD_TEXTS[1:]}),
    "work_start": (
        WORK,
        {
            "kind": ["", "boss", NUL],
            "tenure": ["", "seasonal"],
            "agreed_minutes_per_week": ["61", "1e3", "-1", "NaN", "７", NUL, "9" * 12],
            "job_title": BAD_TEXTS,
            "starts_on": BAD_DATES,
            "ends_on": [*BAD_DATES[1:], "2026-11-19"],
        },
    ),
    "work_change": (WORK, {"starts_on": [*BAD_DATES, "2019-01-01"], "job_title": BAD_TEXTS}),
    "work_end": ({}, {"ends_on": [*BAD_DATES, "2019-12-31"]}),
    "membership_start": (
        {"starts_on": "2026-11-20"},
        {
            "starts_on": BAD_DATES,
            "admitted_by": BAD_KEYS,
            "probation_ends_on": [*BAD_DATES[1:], "2026-11-19"],
        },
    ),
    "membership_end": ({}, {"ends_on": [*BAD_DATES, "2019-12-31"]}),
    "probation_end": ({}, {"ends_on": BAD_DATES, "decision": BAD_KEYS}),
    "pause_start": (
        {"starts_on": "2026-12-01"},
        {
            "starts_on": [*BAD_DATES, "2019-12-31"],
            "ends_on": [*BAD_DATES[1:], "2026-11-30"],
            "decision": BAD_KEYS,
        },
    ),
    "pause_change": ({}, {"ends_on": BAD_DATES[1:], "decision": BAD_KEYS}),
    "depart": (
        {"ends_on": "2026-12-31"},
        {"ends_on": BAD_DATES, "closes_on": [*BAD_DATES[1:], "2026-12-30"], "decision": BAD_KEYS},
    ),
    "application_start": ({"words": ""}, {"words": BAD_TEXTS[1:]}),
    "item_create": (
        {"step": "arrival", "text_fr": "Faire le tour"},
        {"step": ["", "boss", NUL], "text_fr": BAD_TEXTS, "text_en": BAD_TEXTS[1:]},
    ),
    "item_change": ({"text_fr": "Faire le tour"}, {"text_fr": BAD_TEXTS, "text_en": BAD_TEXTS[1:]}),
    "committee_create": (
        {"name": "Nouveau", "kind": "ad_hoc", "starts_on": "2026-11-20"},
        {
            "name": [*BAD_TEXTS, "Paie"],
            "kind": ["", "boss", NUL],
            "aim": BAD_TEXTS[1:],
            "starts_on": BAD_DATES,
        },
    ),
    "committee_change": ({"name": "Paies", "kind": "standing"}, {"name": BAD_TEXTS, "aim": BAD_TEXTS[1:]}),
    "committee_dissolve": ({}, {"ends_on": [*BAD_DATES, "2019-12-31"]}),
    "power_grant": (
        {"power": "set_rate", "starts_on": "2026-11-20"},
        {
            "power": ["", "do_everything", NUL, "issue_pay"],
            "starts_on": [*BAD_DATES, "2019-01-01"],
            "ends_on": [*BAD_DATES[1:], "2026-11-19"],
            "decision": BAD_KEYS[1:],
        },
    ),
    "power_withdraw": ({}, {"ends_on": [*BAD_DATES, "2019-12-31"]}),
    "mandate_give": (
        {"starts_on": "2026-11-20"},
        {
            "person": BAD_KEYS,
            "starts_on": [*BAD_DATES, "2019-01-01"],
            "ends_on": [*BAD_DATES[1:], "2026-11-19"],
        },
    ),
    "mandate_end": ({}, {"ends_on": [*BAD_DATES, "2019-12-31"]}),
    "decision_record": (
        DECISION,
        {
            "body": BAD_KEYS,
            "title": BAD_TEXTS,
            "text": ["", NUL, OVERRIDE, LONG],
            "adopted_on": [*BAD_DATES, "2026-11-21", "2019-01-01"],
            "effective_on": BAD_DATES[1:],
        },
    ),
    "cooperative_change": (
        COOP,
        {
            "name": BAD_TEXTS,
            "address": BAD_TEXTS,
            "email": ["ana", NUL],
            "language": ["de"],
            "week_starts_on": ["7", "-1", "abc", ""],
            "pay_frequency": ["yearly"],
            "first_period_on": BAD_DATES,
            "pay_days_after": ["17", "-1", "abc", "", "9" * 30],
            "leave_paid_from": BAD_DATES[1:],
            "vacation_year_month": ["0", "13", "abc", ""],
            "sharing_weeks": ["3", "27", "-1", "abc", ""],
            "yearly_payroll": ["1e3", "NaN", "-1", "9" * 30, "10000000000000", NUL],
            "privacy_officer": BAD_TEXTS[1:],
        },
    ),
}


@pytest.fixture
def things(keeper, ana):
    """What each form is about: somebody at work since long ago, a member, on a committee with a power."""
    body = make.committee([Power.ISSUE_PAY], name="Paie")
    membership = Membership.objects.create(person=ana, starts_on=make.LONG_AGO)
    mandate = Mandate.objects.create(committee=body, person=ana, starts_on=make.LONG_AGO)
    newcomer = make.person("Zoé", kind=None)
    bob = make.member("Bob")
    pause = Pause.objects.create(
        person=bob, starts_on=date(2027, 1, 4), recorded_by=bob, ends_on=date(2027, 1, 31)
    )
    bob.work_statuses.update(ends_on=date(2027, 1, 3))
    probation = Probation.objects.create(person=bob, starts_on=make.LONG_AGO, ends_on=date(2026, 12, 31))
    item = ListItem.objects.create(step="arrival", text_fr="Bienvenue", position=1)
    return {
        "probation_end": probation,
        "pause_start": ana,
        "pause_change": pause,
        "depart": bob,
        "application_start": newcomer,
        "item_change": item,
        "person_change": ana,
        "work_start": newcomer,
        "work_change": ana,
        "work_end": ana.work_statuses.get(),
        "membership_start": newcomer,
        "membership_end": membership,
        "committee_change": body,
        "committee_dissolve": body,
        "power_grant": body,
        "power_withdraw": body.powers.get(),
        "mandate_give": body,
        "mandate_end": mandate,
    }


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_a_sentence_and_changes_nothing(client, keeper, ana, things, name):
    good, bad = BAD_INPUT[name]
    if name == "mandate_give":
        good = good | {"person": make.person("Bob").pk}
    if name == "decision_record":
        good = good | {"body": Committee.objects.get(name="Paie").pk}
    if name in {
        "membership_start",
        "membership_end",
        "probation_end",
        "pause_start",
        "pause_change",
        "depart",
    }:
        field = "admitted_by" if name == "membership_start" else "decision"
        good = good | {field: make.admission().pk}
    args = [things[name].pk] if name in things else []
    for field, values in bad.items():
        for value in values:
            answer = post(client, keeper, name, *args, **good | {field: value})
            told = f"{name}.{field} = {value[:30]!r}"
            assert answer.status_code == 200, told
            assert "form-errors" in answer.content.decode(), told
    assert JournalEntry.objects.count() == 0
    if name not in {
        *("work_end", "membership_end", "committee_dissolve", "power_withdraw", "mandate_end"),
        *("probation_end", "pause_change"),
    }:
        assert post(client, keeper, name, *args, **good).status_code == 302  # the good input was good


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "' OR 1=1--", "=HYPERLINK(1)"])
def test_what_people_type_is_shown_as_typed(client, keeper, text):
    lifecycle.admit_person(by=keeper, email="x@example.org", given_name=text)
    someone = Person.objects.get(email="x@example.org")
    paths.start_membership(someone, by=keeper, starts_on=TODAY, admitted_by=make.admission())
    body = governance.create_committee(by=keeper, name=text, aim=text, starts_on=TODAY)
    decision = governance.record_decision(body, by=keeper, adopted_on=TODAY, title=text, text=text)
    for name, args in [
        ("register", []),
        ("person", [someone.pk]),
        ("committees", []),
        ("committee", [body.pk]),
        ("decisions", []),
        ("decision", [decision.pk]),
    ]:
        html = page(client, keeper, name, *args)
        assert "<script>alert" not in html
        assert escape(text) in html
