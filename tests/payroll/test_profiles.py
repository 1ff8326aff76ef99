"""The pay file: dated forms, who may read and keep them, what a stolen database shows, what pay is computed from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from members.models import JournalEntry, Mandate, Power
from members.powers import NotAllowed
from payroll import profiles
from payroll.calendar import Calendar
from payroll.models import FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from tests import make

pytestmark = pytest.mark.django_db

SIN = "046 454 286"
BIWEEKLY = Calendar("biweekly", date(2026, 1, 5), 5)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana():
    make.cooperative()
    return make.person("Ana", language="en-ca", born_on=date(1958, 3, 1))


@pytest.fixture
def clerk():
    return make.person("Paule", kind=None, powers=[Power.PREPARE_PAY], language="en-ca")


def declare(person, starts_on=date(2026, 1, 1), **given):
    return profiles.declare_taxes(person, by=person, starts_on=starts_on, **given)


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# Numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [SIN, "046454286", "046-454-286", "046\u00a0454\u202f286"])
def test_sin_is_understood_however_it_is_spaced(typed):
    assert profiles.sin_digits(typed) == "046454286"


@pytest.mark.parametrize(
    "typed",
    ["046 454 287", "123456789", "000000000", "12345678", "0464542860", "０４６４５４２８６", "abc", ""],
)
def test_sin_that_does_not_check_is_refused(typed):
    with pytest.raises(profiles.NotASin):
        profiles.sin_digits(typed)


def test_masked_sin_keeps_three_digits():
    assert profiles.masked("046454286") == "••• ••• 286"
    assert profiles.masked("") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("123456789RT0001", "123456789 RT 0001"), (" 123456789 rt 0001 ", "123456789 RT 0001")],
)
def test_gst_number_is_kept_in_its_groups(typed, kept):
    assert profiles.gst_number_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "12345678 RT 0001", "123456789 RP 0001", "1234567890 TQ 0001", "x" * 20]
)
def test_gst_number_written_otherwise_is_refused_with_an_example(typed):
    with pytest.raises(profiles.NotANumber, match="123456789 RT 0001"):
        profiles.gst_number_of(typed)


def test_qst_number_written_otherwise_is_refused_with_an_example():
    assert profiles.qst_number_of("1234567890tq0001") == "1234567890 TQ 0001"
    with pytest.raises(profiles.NotANumber, match="1234567890 TQ 0001"):
        profiles.qst_number_of("123456789 TQ 0001")


# Versions -----------------------------------------------------------------------------------------


def test_new_forms_end_the_former_ones_the_day_before_and_keep_the_sin(ana):
    declare(ana, sin=SIN, federal_claim=Decimal("16452.00"))
    declare(ana, starts_on=date(2026, 7, 1), quebec_extra_tax=Decimal("20.00"))
    first, second = TaxProfile.objects.filter(person=ana)
    assert (first.starts_on, first.ends_on) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (second.starts_on, second.ends_on) == (date(2026, 7, 1), None)
    assert second.sin == "046454286"
    assert second.federal_claim == ""


def test_forms_of_the_same_day_replace_that_version(ana):
    declare(ana, federal_claim=Decimal("16452.00"))
    declare(ana, federal_claim=Decimal("0.00"))
    profile = TaxProfile.objects.get(person=ana)
    assert profile.federal_claim == "0.00"


def test_forms_do_not_start_before_those_on_file(ana):
    declare(ana, starts_on=date(2026, 7, 1))
    with pytest.raises(profiles.StartsBeforeTheLast, match="2026"):
        declare(ana, starts_on=date(2026, 6, 30))
    assert TaxProfile.objects.count() == 1


def test_unknown_amount_is_a_mistake_of_the_caller(ana):
    with pytest.raises(TypeError, match="rate"):
        declare(ana, rate=Decimal("99"))


def test_rr50_needs_the_age_of_65(ana):
    declare(ana, qpp_stops_on=date(2026, 1, 1))
    young = make.person("Bo", born_on=date(1990, 1, 1))
    unknown = make.person("Cy")
    for person in (young, unknown):
        with pytest.raises(profiles.StoppedTooSoon):
            declare(person, qpp_stops_on=date(2026, 1, 1))


def test_declaring_for_another_needs_the_power_today(ana, clerk):
    profiles.declare_taxes(ana, by=clerk, starts_on=date(2026, 1, 1))
    Mandate.objects.filter(person=clerk).update(ends_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed):
        profiles.declare_taxes(ana, by=clerk, starts_on=date(2026, 2, 1))


def test_journal_says_who_and_when_but_no_amount_and_no_number(ana):
    declare(ana, sin=SIN, federal_claim=Decimal("16452.00"))
    entry = JournalEntry.objects.get(event="taxes.declared")
    assert entry.actor == ana
    assert "16452" not in str(entry.body)
    assert "046" not in str(entry.body)


# Encryption ---------------------------------------------------------------------------------------


def test_database_holds_no_readable_number_or_claim(ana):
    declare(
        ana,
        sin=SIN,
        federal_claim=Decimal("16452.00"),
        federal_extra_tax=Decimal("31.07"),
        quebec_claim=Decimal("18952.00"),
        quebec_extra_tax=Decimal("41.07"),
        quebec_deduction=Decimal("1234.00"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM payroll_taxprofile")
        names = [column.name for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
    for secret in ("046454286", "16452", "31.07", "18952", "41.07", "1234.00"):
        assert secret not in str(row)
    assert all(row[name].startswith("gAAAA") for name in (*profiles.AMOUNTS, "sin"))
    kept = TaxProfile.objects.get()
    assert (kept.sin, kept.quebec_deduction) == ("046454286", "1234.00")


def test_same_number_is_never_encrypted_the_same_way(ana):
    other = make.person("Bo")
    for person in (ana, other):
        declare(person, sin=SIN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT sin) FROM payroll_taxprofile")
        assert cursor.fetchone() == (2,)


# What pay is computed from ------------------------------------------------------------------------


def test_claims_are_those_of_the_version_in_force_on_the_pay_date(ana):
    declare(ana, federal_claim=Decimal("16452.00"), quebec_exempt=True)
    declare(ana, starts_on=date(2026, 7, 1), federal_claim=Decimal("0.00"))
    [before] = profiles.claims_on([ana], date(2026, 6, 30), calendar=BIWEEKLY).values()
    [after] = profiles.claims_on([ana], date(2026, 7, 1), calendar=BIWEEKLY).values()
    assert (before.federal_claim, before.quebec_exempt) == (Decimal("16452.00"), True)
    assert (after.federal_claim, after.quebec_exempt) == (Decimal("0.00"), False)
    assert after.birth_date == ana.born_on


def test_person_without_forms_has_the_basic_amounts(ana):
    [claims] = profiles.claims_on([ana], TODAY, calendar=BIWEEKLY).values()
    assert claims.federal_claim is None
    assert claims.quebec_claim is None


def test_claims_ask_one_query_for_one_and_three_people(ana, django_assert_num_queries):
    people = [ana, make.person("Bo"), make.person("Cy")]
    for person in people:
        declare(person)
    for some in (people[:1], people):
        with django_assert_num_queries(1):
            assert len(profiles.claims_on(some, TODAY, calendar=BIWEEKLY)) == len(some)


def test_deduction_of_a_whole_year_is_applied_as_it_is(ana):
    declare(ana, quebec_deduction=Decimal("2600.00"))
    for day in (date(2026, 1, 9), date(2026, 12, 25)):
        [claims] = profiles.claims_on([ana], day, calendar=BIWEEKLY).values()
        assert claims.quebec_deduction == Decimal("2600.00")


def test_deduction_that_arrives_midyear_is_spread_over_the_pays_left(ana):
    pays = BIWEEKLY.pay_dates(2026)
    starts_on = pays[13]
    declare(ana, starts_on=starts_on, quebec_deduction=Decimal("1300.00"))
    [claims] = profiles.claims_on([ana], starts_on, calendar=BIWEEKLY).values()
    left = len(pays) - 13
    assert claims.quebec_deduction == (Decimal(1300) * len(pays) / left).quantize(Decimal("0.01"))
    given = claims.quebec_deduction * left / len(pays)
    assert abs(given - 1300) < Decimal("0.01")


def test_deduction_that_changes_midyear_gives_the_new_one_by_the_end_of_the_year(ana):
    pays = BIWEEKLY.pay_dates(2026)
    declare(ana, quebec_deduction=Decimal("1000.00"))
    declare(ana, starts_on=pays[10], quebec_deduction=Decimal("3000.00"))
    given = sum(
        profiles.claims_on([ana], day, calendar=BIWEEKLY)[ana.pk].quebec_deduction / len(pays) for day in pays
    )
    assert abs(given - 3000) < Decimal("0.02")


def test_problems_name_what_is_missing_or_contradictory(ana):
    bo, clerk = make.person("Bo"), make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
    confirm(declare(bo), clerk)
    confirm(declare(ana, sin=SIN, qpp_stops_on=date(2026, 1, 1)), clerk)
    ana.born_on = date(1990, 1, 1)
    ana.save()
    cy = make.person("Cy")
    confirm(declare(cy, sin=SIN), clerk)
    dee, eve = make.person("Dee"), make.person("Ève")
    declare(eve, sin=SIN)
    found = profiles.problems_on([ana, bo, cy, dee, eve], TODAY)
    assert found.keys() == {ana.pk, bo.pk, dee.pk, eve.pk}
    assert {len(sentences) for sentences in found.values()} == {1}
    [claims] = profiles.claims_on([ana], TODAY, calendar=BIWEEKLY).values()
    assert claims.qpp_stops_on is None


# Overtime and sales taxes -------------------------------------------------------------------------


def test_overtime_is_banked_from_a_day_and_paid_again_from_another(ana):
    profiles.bank_overtime(ana, by=ana, starts_on=date(2026, 11, 2), asked_on=date(2026, 11, 1))
    profiles.pay_overtime(ana, by=ana, starts_on=date(2026, 11, 16))
    choice = OvertimeChoice.objects.get()
    assert (choice.starts_on, choice.ends_on) == (date(2026, 11, 2), date(2026, 11, 15))


def test_overtime_paid_again_from_the_first_day_leaves_no_choice(ana):
    profiles.bank_overtime(ana, by=ana, starts_on=date(2026, 11, 2), asked_on=date(2026, 11, 1))
    profiles.pay_overtime(ana, by=ana, starts_on=date(2026, 11, 2))
    assert not OvertimeChoice.objects.exists()
    with pytest.raises(profiles.NothingToEnd):
        profiles.pay_overtime(ana, by=ana, starts_on=date(2026, 11, 2))


def test_overtime_is_not_banked_twice_on_the_same_days(ana):
    profiles.bank_overtime(ana, by=ana, starts_on=date(2026, 11, 2), asked_on=date(2026, 11, 1))
    with pytest.raises(ValidationError):
        profiles.bank_overtime(ana, by=ana, starts_on=date(2026, 11, 9), asked_on=date(2026, 11, 1))


def test_registration_follows_another_and_ends(ana):
    numbers = {"gst_number": "123456789RT0001", "qst_number": "1234567890TQ0001"}
    profiles.register_sales_taxes(ana, by=ana, starts_on=date(2026, 1, 1), **numbers)
    profiles.register_sales_taxes(ana, by=ana, starts_on=date(2026, 5, 1), **numbers)
    profiles.end_sales_taxes(ana, by=ana, starts_on=date(2026, 9, 1))
    days = SalesTaxRegistration.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(days) == [
        (date(2026, 1, 1), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 8, 31)),
    ]


# Screens ------------------------------------------------------------------------------------------


def test_own_file_shows_masked_number_and_amounts(client, ana, django_assert_num_queries):
    declare(ana, sin=SIN, federal_claim=Decimal("16452.00"))
    client.force_login(ana)
    client.get(reverse("payroll:profile"))
    with django_assert_num_queries(13):
        text = words(client.get(reverse("payroll:profile")))
    assert "••• ••• 286" in text
    assert "046" not in text
    assert "$16,452.00" in text
    assert not FileReading.objects.exists()


def test_forms_are_put_on_file_through_the_screen(client, ana):
    client.force_login(ana)
    given = {"starts_on": "2026-12-01", "sin": SIN, "federal_claim": "16 452,00", "quebec_extra_tax": "20"}
    response = client.post(reverse("payroll:taxes"), given, follow=True)
    assert "The tax forms are on file" in words(response)
    profile = TaxProfile.objects.get(person=ana)
    assert (profile.sin, profile.federal_claim, profile.quebec_extra_tax) == (
        "046454286",
        "16452.00",
        "20.00",
    )
    assert profile.quebec_claim == ""


def test_missing_sin_is_allowed_with_a_warning(client, ana):
    client.force_login(ana)
    response = client.post(reverse("payroll:taxes"), {"starts_on": "2026-12-01"}, follow=True)
    assert "no social insurance number" in words(response)
    assert TaxProfile.objects.get(person=ana).sin == ""


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("sin", "046 454 287"),
        ("sin", "' OR 1=1--"),
        ("federal_claim", "NaN"),
        ("federal_claim", "1e3"),
        ("federal_claim", "-1"),
        ("quebec_claim", "{{ 7*7 }}"),
        ("quebec_deduction", "9" * 19),
        ("starts_on", "2026-02-30"),
        ("starts_on", "0001-01-01"),
        ("qpp_stops_on", "<script>"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_typed_is_lost(client, ana, field, typed):
    client.force_login(ana)
    given = {"starts_on": "2026-12-01", "federal_extra_tax": "12.34"} | {field: typed}
    response = client.post(reverse("payroll:taxes"), given)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {field}
    assert response.context["form"][field].value() == typed
    assert response.context["form"]["federal_extra_tax"].value() == "12.34"
    assert "<script>" not in words(response).replace('<script type="module"', "")
    assert not TaxProfile.objects.exists()


def test_extra_fields_of_a_crafted_form_change_nothing(client, ana):
    other = make.person("Bo")
    client.force_login(ana)
    given = {"starts_on": "2026-12-01", "person": other.pk, "ends_on": "2026-12-02", "rate": "99"}
    client.post(reverse("payroll:taxes"), given)
    profile = TaxProfile.objects.get()
    assert (profile.person, profile.ends_on) == (ana, None)


def test_day_before_the_forms_on_file_is_refused_on_the_form(client, ana):
    declare(ana, starts_on=date(2026, 12, 1))
    client.force_login(ana)
    response = client.post(reverse("payroll:taxes"), {"starts_on": "2026-11-01"})
    assert "already starts on 1 December 2026" in words(response)


@pytest.mark.parametrize("name", ["profile_of", "taxes_of", "overtime_of", "sales_taxes_of"])
def test_file_of_another_is_opened_aloud(client, ana, clerk, name):
    declare(ana, sin=SIN, federal_claim=Decimal("16452.00"))
    client.force_login(clerk)
    address = reverse(f"payroll:{name}", args=[ana.pk])
    gate = client.get(address)
    assert "Open the file" in words(gate)
    assert "••• 286" not in words(gate)
    assert "16,452" not in words(gate)
    assert not FileReading.objects.exists()
    client.post(gate.context["open_url"])
    reading = FileReading.objects.get()
    assert (reading.person, reading.reader, reading.what) == (ana, clerk, "tax_profile")
    assert "Open the file" not in words(client.get(address))
    assert FileReading.objects.count() == 1


CHANGING, READING = ("taxes_of", "overtime_of", "sales_taxes_of"), ("profile_of", "profile_open")
WITHOUT = [power for power in Power if power not in {Power.PREPARE_PAY, Power.ISSUE_PAY}]


@pytest.mark.parametrize(
    ("name", "power"),
    [(name, power) for name in (*CHANGING, *READING) for power in WITHOUT]
    + [(name, Power.ISSUE_PAY) for name in CHANGING],
)
def test_file_of_another_needs_a_pay_power_and_changing_it_that_of_preparing(client, ana, name, power):
    client.force_login(make.person("Zoé", powers=[power]))
    typed = {"starts_on": "2026-12-01"}
    address = reverse(f"payroll:{name}", args=[ana.pk])
    assert {client.get(address).status_code, client.post(address, typed).status_code} <= {403, 405}
    assert not TaxProfile.objects.exists()
    assert not FileReading.objects.exists()


def test_mandate_that_ended_yesterday_closes_an_opened_file(client, ana, clerk):
    client.force_login(clerk)
    client.post(reverse("payroll:profile_open", args=[ana.pk]))
    assert client.get(reverse("payroll:profile_of", args=[ana.pk])).status_code == 200
    Mandate.objects.filter(person=clerk).update(ends_on=date(2026, 11, 22))
    assert client.get(reverse("payroll:profile_of", args=[ana.pk])).status_code == 403


def test_forms_typed_for_long_are_kept_and_the_opening_too(client, ana, clerk, clock):
    client.force_login(clerk)
    client.post(reverse("payroll:profile_open", args=[ana.pk]))
    clock.shift(20 * 60)
    client.post(reverse("payroll:taxes_of", args=[ana.pk]), {"starts_on": "2026-12-01"})
    assert TaxProfile.objects.get().person == ana
    assert FileReading.objects.count() == 2


def test_overtime_screen_banks_then_pays_again(client, ana):
    client.force_login(ana)
    address = reverse("payroll:overtime")
    client.post(address, {"starts_on": "2026-11-23", "asked_on": "2026-11-23"})
    choice = OvertimeChoice.objects.get(person=ana)
    assert choice.starts_on == TODAY
    assert "Have overtime paid again" in words(client.get(address))
    client.post(address, {"starts_on": "2026-12-07"})
    choice.refresh_from_db()
    assert choice.ends_on == date(2026, 12, 6)


@pytest.mark.parametrize(
    ("starts_on", "asked_on", "field"),
    [("2026-11-16", "2026-11-23", "starts_on"), ("2026-12-01", "2026-11-30", "asked_on")],
)
def test_overtime_is_banked_only_from_the_day_it_is_asked(client, ana, starts_on, asked_on, field):
    client.force_login(ana)
    response = client.post(reverse("payroll:overtime"), {"starts_on": starts_on, "asked_on": asked_on})
    assert field in response.context["form"].errors
    assert not OvertimeChoice.objects.exists()


def test_sales_tax_screen_keeps_and_ends_the_numbers(client, ana):
    client.force_login(ana)
    address = reverse("payroll:sales_taxes")
    wrong = client.post(
        address, {"starts_on": "2026-11-01", "gst_number": "12", "qst_number": "1234567890TQ0001"}
    )
    assert "Example: 123456789 RT 0001" in words(wrong)
    assert wrong.context["form"]["gst_number"].value() == "12"
    given = {"starts_on": "2026-11-01", "gst_number": "123456789rt0001", "qst_number": "1234567890tq0001"}
    client.post(address, given)
    assert SalesTaxRegistration.objects.get(person=ana).qst_number == "1234567890 TQ 0001"
    client.post(address, {"starts_on": "2026-12-01", "is_ended": "on"})
    assert SalesTaxRegistration.objects.get(person=ana).ends_on == date(2026, 11, 30)


def test_readings_ask_the_same_number_of_queries_for_one_and_three(
    client, ana, clerk, django_assert_num_queries
):
    client.force_login(ana)
    for total in (1, 3):
        while FileReading.objects.count() < total:
            FileReading.objects.create(person=ana, reader=clerk, what="tax_profile")
        client.get(reverse("payroll:readings"))
        with django_assert_num_queries(5):
            client.get(reverse("payroll:readings"))


# Confirmed by another -----------------------------------------------------------------------------


def confirm(profile, by):
    return profiles.confirm_taxes(profile, by=by, seen=profile.declared_at.isoformat())


def test_forms_are_entered_by_one_and_confirmed_by_another(ana, clerk, clock):
    profile = declare(ana, sin=SIN)
    assert (profile.declared_by, profile.is_confirmed) == (ana, False)
    clock.shift(60)
    confirm(profile, clerk)
    profile.refresh_from_db()
    assert (profile.confirmed_by, profile.confirmed_at - profile.declared_at) == (clerk, timedelta(minutes=1))
    assert JournalEntry.objects.get(event="taxes.confirmed").actor == clerk
    with pytest.raises(profiles.FormsAlreadyConfirmed):
        confirm(profile, clerk)


def test_whoever_entered_forms_does_not_confirm_them(ana, clerk):
    mine = declare(ana)
    with pytest.raises(profiles.ConfirmedByWhoEntered):
        confirm(mine, ana)
    entered_for_me = profiles.declare_taxes(ana, by=clerk, starts_on=date(2026, 7, 1))
    with pytest.raises(profiles.ConfirmedByWhoEntered):
        confirm(entered_for_me, clerk)
    assert confirm(entered_for_me, ana).confirmed_by == ana


def test_holder_never_confirms_their_own_forms(ana):
    clerk = make.person("Paule", powers=[Power.PREPARE_PAY])
    with pytest.raises(profiles.ConfirmedByWhoEntered):
        confirm(declare(clerk), clerk)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("payroll_tax_profile_confirmed_by_another", {"confirmed_at": True, "confirmed_by": "ana"}),
        ("payroll_tax_profile_confirmation_is_signed", {"confirmed_at": True}),
        ("payroll_tax_profile_confirmation_is_signed", {"confirmed_by": "clerk"}),
    ],
)
def test_database_refuses_half_a_confirmation_or_ones_own(ana, clerk, name, fields):
    profile, values = declare(ana), {"ana": ana, "clerk": clerk, True: timezone.now()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TaxProfile.objects.filter(pk=profile.pk).update(
            **{field: values[value] for field, value in fields.items()}
        )


def test_confirming_needs_the_power_today(ana, clerk):
    profile = declare(ana)
    Mandate.objects.filter(person=clerk).update(ends_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed):
        confirm(profile, clerk)


def test_forms_given_again_wait_again_and_what_was_read_before_is_not_confirmed(ana, clerk, clock):
    profile = declare(ana)
    seen = profile.declared_at.isoformat()
    confirm(profile, clerk)
    clock.shift(60)
    again = declare(ana, federal_exempt=True)
    assert (again.pk, again.is_confirmed) == (profile.pk, False)
    with pytest.raises(profiles.FormsChanged):
        profiles.confirm_taxes(again, by=clerk, seen=seen)


def test_new_version_leaves_the_former_confirmation(ana, clerk):
    confirm(declare(ana), clerk)
    declare(ana, starts_on=date(2026, 7, 1))
    assert [profile.is_confirmed for profile in TaxProfile.objects.filter(person=ana)] == [True, False]


def test_holder_confirms_from_the_opened_file_and_both_see_it(client, ana, clerk):
    profile = declare(ana, sin=SIN, federal_claim=Decimal("16452.00"))
    address = reverse("payroll:forms_confirm", args=[profile.pk])
    client.force_login(ana)
    text = words(client.get(reverse("payroll:profile")))
    assert "to be confirmed" in text
    assert address not in text
    client.force_login(clerk)
    waiting = client.get(reverse("payroll:forms_waiting"))
    assert str(ana) in words(waiting)
    assert "16,452" not in words(waiting)
    seen = {"seen": profile.declared_at.isoformat()}
    assert client.post(address, seen).url == reverse("payroll:profile_of", args=[ana.pk])
    assert not TaxProfile.objects.get().is_confirmed  # the file was not opened
    client.post(reverse("payroll:profile_open", args=[ana.pk]))
    page = client.get(reverse("payroll:profile_of", args=[ana.pk]))
    assert address in words(page)
    assert seen["seen"] in words(page)
    assert "The tax forms are confirmed" in words(client.post(address, seen, follow=True))
    assert f"Confirmed by {clerk}" in words(client.get(reverse("payroll:profile_of", args=[ana.pk])))
    client.force_login(ana)
    assert f"Confirmed by {clerk}" in words(client.get(reverse("payroll:profile")))


def test_forms_of_who_prepares_pay_alone_are_confirmed_by_who_issues_it(client):
    make.cooperative()
    clerk = make.person("Paule", language="en-ca", powers=[Power.PREPARE_PAY])
    issuer = make.person("Irène", language="en-ca", kind=None, powers=[Power.ISSUE_PAY])
    profile = declare(clerk, sin=SIN)
    client.force_login(issuer)
    assert str(clerk) in words(client.get(reverse("payroll:forms_waiting")))
    client.post(reverse("payroll:profile_open", args=[clerk.pk]))
    page = words(client.get(reverse("payroll:profile_of", args=[clerk.pk])))
    # They read and confirm; they change nothing.
    for name in ("taxes_of", "overtime_of", "sales_taxes_of", "banks_of"):
        address = reverse(f"payroll:{name}", args=[clerk.pk])
        assert address not in page
        assert client.get(address).status_code == 403
    client.post(
        reverse("payroll:forms_confirm", args=[profile.pk]), {"seen": profile.declared_at.isoformat()}
    )
    assert TaxProfile.objects.get().confirmed_by == issuer
    assert FileReading.objects.get().reader == issuer


def test_issuer_whose_mandate_ended_yesterday_confirms_nothing(ana):
    issuer = make.person("Irène", powers=[Power.ISSUE_PAY])
    profile = declare(ana)
    Mandate.objects.filter(person=issuer).update(ends_on=date(2026, 11, 22))
    with pytest.raises(NotAllowed):
        confirm(profile, issuer)


def test_member_confirms_what_was_entered_for_them(client, ana, clerk):
    profile = profiles.declare_taxes(ana, by=clerk, starts_on=date(2026, 1, 1))
    client.force_login(ana)
    assert "Somebody entered these for you" in words(client.get(reverse("payroll:profile")))
    client.post(
        reverse("payroll:forms_confirm", args=[profile.pk]), {"seen": profile.declared_at.isoformat()}
    )
    assert TaxProfile.objects.get().confirmed_by == ana


def test_forms_of_another_are_not_found_without_the_power(client, ana):
    profile = declare(ana)
    others = WITHOUT
    client.force_login(make.person("Zoé", powers=others))
    answer = client.post(
        reverse("payroll:forms_confirm", args=[profile.pk]), {"seen": profile.declared_at.isoformat()}
    )
    assert answer.status_code == 404
    assert not TaxProfile.objects.get().is_confirmed


def test_list_of_what_waits_asks_the_same_for_one_and_three(client, ana, clerk, django_assert_num_queries):
    client.force_login(clerk)
    for total in (1, 3):
        while TaxProfile.objects.count() < total:
            declare(make.person(f"Bo{total}", language="en-ca"))
        client.get(reverse("payroll:forms_waiting"))
        with django_assert_num_queries(5):
            assert len(client.get(reverse("payroll:forms_waiting")).context["page"]) == total


def test_each_field_of_the_forms_says_what_it_is_and_what_empty_means(client, ana):
    client.force_login(ana)
    form = client.get(reverse("payroll:taxes")).context["form"]
    with translation.override("en-ca"):
        for name in (*profiles.AMOUNTS, "qpp_stops_on"):
            assert "Empty:" in form[name].help_text
        for name in ("federal_exempt", "is_non_resident", "quebec_exempt"):
            assert "Not ticked:" in form[name].help_text


def test_non_resident_gives_their_claim_and_each_pay_says_it_is_not_handled(client, ana, clerk):
    client.force_login(ana)
    typed = {"starts_on": "2026-01-01", "is_non_resident": "on", "quebec_claim": "18952"}
    said = words(client.post(reverse("payroll:taxes"), typed))
    assert "even when it is 0" in said
    assert "18952" in said  # nothing typed is lost
    client.post(reverse("payroll:taxes"), typed | {"federal_claim": "0"})
    profile = TaxProfile.objects.get()
    assert profile.is_non_resident
    with translation.override("en-ca"):
        assert any(
            "non-resident" in str(sentence)
            for sentence in profiles.problems_on([ana], date(2026, 11, 20))[ana.pk]
        )
    with (
        pytest.raises(IntegrityError, match="payroll_non_resident_gives_their_claim"),
        transaction.atomic(),
    ):
        TaxProfile.objects.update(federal_claim="")
