"""A co-op that starts in mid-year: what was paid before is entered by one, confirmed by another, and counted."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from koumbit.refusals import Refused
from members.models import JournalEntry, Person, Power
from members.powers import NotAllowed
from payroll import opening, periods, runs
from payroll.dues import Payee
from payroll.forms.opening_file import columns
from payroll.models import OpeningAdjustment, OpeningAmount, OpeningBalance, OpeningChange
from payroll.pays import years
from tests import make
from tests.payroll import paid

pytestmark = pytest.mark.django_db

THROUGH = date(2026, 11, 6)
AMOUNTS = {
    ("deduction", "federal_tax"): Decimal("2400.00"),
    ("deduction", "quebec_tax"): Decimal("3000.00"),
    ("deduction", "qpp"): Decimal("2000.00"),
    ("deduction", "qpip"): Decimal("150.00"),
    ("deduction", "ei"): Decimal("455.00"),
    ("employer", "qpp"): Decimal("2000.00"),
    ("employer", "qpip"): Decimal("210.70"),
    ("employer", "ei"): Decimal("637.00"),
    ("employer", "hsf"): Decimal("577.50"),
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=True):
        yield


@pytest.fixture
def coop():
    return paid.coop()


def enter(coop, person=None, **more) -> OpeningBalance:
    fields = {"through": THROUGH, "pays": 22, "gross": Decimal("35000.00"), "amounts": AMOUNTS} | more
    return opening.enter(person or coop.ana, by=coop.preparer, **fields)


def confirmed(coop, person=None, **more) -> OpeningBalance:
    return opening.confirm(enter(coop, person, **more), by=coop.issuer)


def test_confirmed_balance_is_counted_by_the_year_and_an_unconfirmed_one_is_not(coop):
    balance = enter(coop, nonperiodic=Decimal("1000.00"))
    payee = Payee(coop.ana.pk, "stub")
    assert opening.openings(2026) == {}
    assert years(2026) == {}
    opening.confirm(balance, by=coop.issuer)
    kept = opening.openings(2026)[payee]
    assert (kept.gross, kept.pensionable, kept.insurable) == (Decimal("35000.00"),) * 3
    assert kept.by_code == AMOUNTS
    year = years(2026)[payee]
    assert year.so_far().qpp == Decimal("2000.00")
    assert year.side("earning") == year.pensionable == Decimal("35000.00")
    assert year.usual_gross == Decimal("1545.45")
    # 2,000 × 1.00 / 6.30 of additional contributions, for 1,000 of 35,000.
    assert year.nonperiodic_f5 == Decimal("9.07")
    assert opening.openings(2025) == {}


def test_stub_shows_the_whole_year_and_stops_at_its_maximums(coop):
    most = AMOUNTS | {("deduction", "ei"): Decimal("895.00"), ("employer", "ei"): Decimal("1253.00")}
    confirmed(coop, amounts=most, gross=Decimal("68800.00"))
    stub = coop.pay(has_documents=False).stubs.get(person=coop.ana)
    assert stub.lines.get(side="deduction", code="ei").amount == Decimal("0.70")
    assert stub.facts["year_to_date"]["gross"] == "69724.50"
    assert stub.facts["year_to_date"]["ei"] == "895.70"


def test_freelancer_has_a_price_and_its_taxes(coop):
    taxes = {("sales_tax", "gst"): Decimal("50.00"), ("sales_tax", "qst"): Decimal("99.75")}
    confirmed(coop, coop.bo, kind="statement", gross=Decimal("1000.00"), amounts=taxes)
    statement = coop.pay(has_documents=False).stubs.get(person=coop.bo)
    assert statement.facts["year_to_date"]["gross"] == "1311.75"
    assert statement.facts["year_to_date"]["gst"] == "65.59"
    with pytest.raises(ValidationError):
        enter(coop, coop.preparer, kind="statement", amounts=taxes, pensionable=Decimal(10))


def test_two_people_make_a_balance_in_the_verbs_and_in_the_database(coop):
    for person in (coop.ana, coop.issuer):
        with pytest.raises(NotAllowed):
            opening.enter(coop.ana, by=person, through=THROUGH, pays=1, gross=Decimal(1), amounts={})
    balance = enter(coop)
    with pytest.raises(NotAllowed):
        opening.confirm(balance, by=coop.preparer)
    make.mandate(coop.preparer, [Power.ISSUE_PAY])
    with pytest.raises(opening.ConfirmedByWhoEntered):
        opening.confirm(balance, by=coop.preparer)
    with pytest.raises(IntegrityError, match="payroll_opening_confirmed_by_another"), transaction.atomic():
        OpeningBalance.objects.update(confirmed_at=timezone.now(), confirmed_by=coop.preparer)
    opening.confirm(balance, by=coop.issuer)
    with pytest.raises(opening.AlreadyConfirmed):
        opening.confirm(balance, by=coop.issuer)
    assert list(
        JournalEntry.objects.filter(event__startswith="opening.").values_list("event", flat=True)
    ) == [
        "opening.entered",
        "opening.confirmed",
    ]


def test_balance_is_withdrawn_and_entered_again_until_a_pay_counts_it(coop):
    opening.withdraw(confirmed(coop), by=coop.preparer)
    assert not OpeningBalance.objects.exists()
    balance = confirmed(coop)
    coop.pay(has_documents=False)
    with pytest.raises(Refused):
        opening.withdraw(balance, by=coop.preparer)
    doors = [
        lambda: OpeningBalance.objects.update(gross=1),
        lambda: OpeningBalance.objects.all()._raw_delete("default"),
        lambda: OpeningAmount.objects.update(amount=1),
        lambda: OpeningAmount.objects.all()._raw_delete("default"),
        lambda: OpeningAmount.objects.create(balance=balance, side="deduction", code="qpp2", amount=1),
    ]
    for door in doors:
        with pytest.raises(DatabaseError, match="opening balance"), transaction.atomic():
            door()
    assert opening.openings(2026)[Payee(coop.ana.pk, "stub")].by_code == AMOUNTS


def test_balance_is_not_edited_even_before_it_is_confirmed(coop):
    enter(coop)
    for door in (
        lambda: OpeningBalance.objects.update(gross=1),
        lambda: OpeningAmount.objects.update(amount=1),
    ):
        with pytest.raises(DatabaseError, match="withdraw it and enter it again"), transaction.atomic():
            door()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"amounts": {("deduction", "qpp"): Decimal("4479.31")}}, opening.MoreThanTheMaximum),
        ({"amounts": {("deduction", "federal_tax"): Decimal("35000.01")}}, opening.MoreThanTheGross),
        ({"through": date(2027, 6, 1)}, Refused),
        ({"nonperiodic": Decimal("35000.01")}, ValidationError),
        ({"gross": Decimal(0), "amounts": {}}, ValidationError),
    ],
)
def test_amounts_that_cannot_be_are_refused(coop, more, refusal):
    with pytest.raises(refusal):
        enter(coop, **more)
    assert not OpeningBalance.objects.exists()


def test_one_balance_a_year_and_none_over_pays_made_here(coop):
    enter(coop)
    with pytest.raises(ValidationError):
        enter(coop)
    coop.pay(has_documents=False)
    late = enter(coop, coop.bo, kind="statement", amounts={}, through=date(2026, 11, 20))
    with pytest.raises(opening.PaidHereBefore):
        opening.confirm(late, by=coop.issuer)
    balance = OpeningBalance.objects.get(person=coop.ana)
    opening.confirm(balance, by=coop.issuer)  # entered late: the pays to come count it
    assert not opening.is_counted(balance)
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 8})
    stub = coop.pay(paid.next_period(), has_documents=False).stubs.get()
    assert Decimal(stub.facts["year_to_date"]["gross"]) > 35000


def test_first_pay_of_the_year_asks_for_the_balances(coop):
    def said():
        period = periods.starting(paid.PERIOD)
        found = runs.preflight(period, runs.preview(period))
        return [finding.sentence for finding in found if finding.url == "payroll:openings"]

    (sentence,) = said()
    assert "2026" in sentence
    balance = enter(coop)
    (sentence,) = said()
    assert "1" in sentence
    opening.confirm(balance, by=coop.issuer)
    assert said() == []
    coop.pay(has_documents=False)
    make.cooperative(first_period_on=date(2025, 12, 22))
    assert said() == []


# Adjustments --------------------------------------------------------------------------------------

EI, EMPLOYER_EI = ("deduction", "ei"), ("employer", "ei")


def counted(coop, **more) -> OpeningBalance:
    """A balance that a pay has counted."""
    balance = confirmed(coop, **more)
    coop.pay(has_documents=False)
    return balance


def adjust(coop, balance, **more):
    fields = {"because": "Une paie oubliée", "gross": Decimal("35000.00"), "amounts": AMOUNTS} | more
    return opening.adjust(balance, by=coop.preparer, **fields)


def test_adjustment_is_signed_differences_that_the_next_pays_count(coop):
    """EI was copied 440.00 too low: the pay that counted it stays, the next one stops at the maximum."""
    balance = counted(coop)
    first = coop.ana.stubs.get()
    right = AMOUNTS | {EI: Decimal("883.30"), EMPLOYER_EI: Decimal("1236.62")}
    adjustment = adjust(coop, balance, amounts=right, gross=Decimal("36000.00"))
    assert dict(adjustment.changes.values_list("what", "amount")) == {
        "gross": Decimal("1000.00"),
        "pensionable": Decimal("1000.00"),
        "insurable": Decimal("1000.00"),
        "deduction.ei": Decimal("428.30"),
        "employer.ei": Decimal("599.62"),
    }
    payee = Payee(coop.ana.pk, "stub")
    assert opening.openings(2026)[payee].gross == Decimal("35000.00")
    opening.confirm_adjustment(adjustment, by=coop.issuer)
    now = opening.openings(2026)[payee]
    assert (now.gross, now.by_code) == (Decimal("36000.00"), right)
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 8, "tue": 8})
    stub = coop.pay(paid.next_period(), has_documents=False).stubs.get(person=coop.ana)
    left = Decimal("895.70") - Decimal("883.30") - first.lines.get(side="deduction", code="ei").amount
    assert stub.lines.get(side="deduction", code="ei").amount == left > 0
    assert Decimal(stub.facts["year_to_date"]["ei"]) == Decimal("895.70")
    # Wrong the other way afterwards: another adjustment takes it back, to the cent.
    back = adjust(coop, balance)
    assert {change.amount for change in back.changes.filter(what="gross")} == {Decimal("-1000.00")}
    opening.confirm_adjustment(back, by=coop.issuer)
    assert opening.openings(2026)[payee].by_code == AMOUNTS


def test_adjustment_is_made_by_two_people_and_is_final_once_confirmed(coop):
    balance = counted(coop)
    for person in (coop.ana, coop.issuer):
        with pytest.raises(NotAllowed):
            opening.adjust(balance, by=person, because="x", gross=Decimal(1), amounts={})
    adjustment = adjust(coop, balance, gross=Decimal("36000.00"))
    with pytest.raises(ValidationError, match="attend déjà"):
        adjust(coop, balance, gross=Decimal("37000.00"))
    with pytest.raises(NotAllowed):
        opening.confirm_adjustment(adjustment, by=coop.preparer)
    make.mandate(coop.preparer, [Power.ISSUE_PAY])
    with pytest.raises(opening.AdjustedByWhoEntered):
        opening.confirm_adjustment(adjustment, by=coop.preparer)
    with pytest.raises(IntegrityError, match="payroll_adjustment_confirmed_by_another"), transaction.atomic():
        OpeningAdjustment.objects.update(confirmed_at=timezone.now(), confirmed_by=coop.preparer)
    opening.withdraw_adjustment(adjustment, by=coop.preparer)
    again = adjust(coop, balance, gross=Decimal("36000.00"))
    opening.confirm_adjustment(again, by=coop.issuer)
    for refused in (opening.confirm_adjustment, opening.withdraw_adjustment):
        with pytest.raises(opening.AdjustmentConfirmed):
            refused(again, by=coop.issuer if refused == opening.confirm_adjustment else coop.preparer)
    doors = [
        lambda: OpeningAdjustment.objects.update(because="Autre"),
        lambda: OpeningChange.objects.update(amount=1),
        lambda: OpeningChange.objects.all()._raw_delete("default"),
        lambda: OpeningChange.objects.create(adjustment=again, what="deduction.qpp2", amount=1),
        lambda: OpeningAdjustment.objects.all()._raw_delete("default"),
    ]
    for door in doors:
        with pytest.raises(DatabaseError, match="adjustment of an opening balance"), transaction.atomic():
            door()
    events = JournalEntry.objects.filter(event__startswith="opening.adj").values_list("event", flat=True)
    assert list(events) == [
        "opening.adjusted",
        "opening.adjustment_withdrawn",
        "opening.adjusted",
        "opening.adjustment_confirmed",
    ]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({}, opening.NothingToAdjust),
        ({"pensionable": Decimal("35000.01")}, opening.PartsDoNotFit),
        ({"gross": Decimal("-1.00")}, opening.PartsDoNotFit),
        ({"gross": Decimal("5000.00")}, opening.MoreThanTheGross),
        ({"amounts": {("deduction", "qpp"): Decimal("4479.31")}}, opening.MoreThanTheMaximum),
        ({"gross": Decimal("36000.00"), "because": " "}, ValidationError),
    ],
)
def test_adjustments_that_cannot_be_are_refused(coop, more, refusal):
    balance = counted(coop)
    with pytest.raises(refusal):
        adjust(coop, balance, **more)
    assert not OpeningAdjustment.objects.exists()


def test_preflight_says_that_an_adjustment_waits(coop):
    balance = counted(coop)
    make.approved(coop.ana, starts_on=paid.next_period(), hours={"mon": 8})
    period = periods.starting(paid.next_period())

    def said():
        return [of for of in runs.preflight(period, runs.preview(period)) if of.url == "payroll:openings"]

    assert said() == []
    adjustment = adjust(coop, balance, gross=Decimal("36000.00"))
    assert len(said()) == 1
    opening.confirm_adjustment(adjustment, by=coop.issuer)
    assert said() == []


def test_balance_that_no_pay_has_counted_is_withdrawn_instead(coop):
    with pytest.raises(opening.NotCounted):
        adjust(coop, confirmed(coop), gross=Decimal("36000.00"))


def test_part_taxed_as_lump_sums_keeps_its_share_of_contributions(coop):
    balance = counted(coop, nonperiodic=Decimal("1000.00"))
    adjustment = adjust(coop, balance, nonperiodic=Decimal("2000.00"))
    opening.confirm_adjustment(adjustment, by=coop.issuer)
    now = opening.openings(2026)[Payee(coop.ana.pk, "stub")]
    # 2,000 × 1.00 / 6.30, for 2,000 of 35,000.
    assert (now.nonperiodic, now.nonperiodic_f5) == (Decimal("2000.00"), Decimal("18.14"))


def test_adjustment_from_the_form_to_the_confirmation(coop, client):
    balance = counted(coop)
    page, address = (reverse(f"payroll:{name}", args=[balance.pk]) for name in ("opening", "opening_adjust"))
    client.force_login(coop.preparer)
    assert address in client.get(page).content.decode()
    form = client.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"deduction_ei": "455,00"}
    said = client.post(address, typed | {"because": "Relu"}).content.decode()
    assert "there is nothing to adjust" in said
    client.post(address, typed | {"because": "Relu", "deduction_ei": "500.00"})
    adjustment = OpeningAdjustment.objects.get()
    confirm = reverse("payroll:adjustment_confirm", args=[adjustment.pk])
    said = client.get(page).content.decode()
    assert "$45.00" in said
    assert confirm not in said
    assert address not in said  # one at a time
    client.force_login(coop.issuer)
    assert confirm in client.get(page).content.decode()
    client.post(confirm)
    assert "$500.00" in client.get(page).content.decode()


@pytest.mark.parametrize("adjusted", [1, 3])
def test_year_asks_the_same_number_of_queries_however_many_are_adjusted(
    coop, adjusted, django_assert_num_queries
):
    balance = counted(coop)
    for number in range(adjusted):
        more = adjust(coop, balance, gross=Decimal("36000.00") + number)
        opening.confirm_adjustment(more, by=coop.issuer)
    with django_assert_num_queries(4):
        opening.openings(2026)


# Screens ------------------------------------------------------------------------------------------


def test_balance_from_the_form_to_the_confirmation(coop, client):
    client.force_login(coop.preparer)
    address = reverse("payroll:opening_enter")
    assert address in client.get(reverse("payroll:openings")).content.decode()
    typed = {
        "person": coop.ana.pk,
        "through": "2026-11-06",
        "pays": "22",
        "gross": "35,000.00",
        "deduction_qpp": "5000",
        "employer_qpp": "2000",
    }
    said = client.post(address, typed).content.decode()
    assert "is more than the year’s maximum" in said
    assert "35,000.00" in said
    answer = client.post(address, typed | {"deduction_qpp": "2000.00"})
    balance = OpeningBalance.objects.get()
    assert answer.url == reverse("payroll:opening", args=[balance.pk])
    confirm = reverse("payroll:opening_confirm", args=[balance.pk])
    assert confirm not in client.get(answer.url).content.decode()
    assert client.post(confirm).status_code == 403
    client.force_login(coop.issuer)
    said = client.get(answer.url).content.decode()
    assert confirm in said
    assert "$33,000.00" in said
    assert client.get(confirm).status_code == 405
    client.post(confirm)
    assert "Every pay of the year counts it." in client.get(answer.url).content.decode()
    client.force_login(coop.preparer)
    client.post(reverse("payroll:opening_withdraw", args=[balance.pk]))
    assert not OpeningBalance.objects.exists()


def test_form_of_a_freelancer_asks_for_its_taxes(coop, client):
    client.force_login(coop.preparer)
    address = f"{reverse('payroll:opening_enter')}?freelance"
    said = client.get(address).content.decode()
    assert "sales_tax_gst" in said
    assert "deduction_qpp" not in said
    client.post(
        address,
        {"person": coop.bo.pk, "through": "2026-11-06", "pays": "3", "gross": "1000", "sales_tax_gst": "50"},
    )
    assert OpeningBalance.objects.get().kind == "statement"


def test_model_is_filled_in_a_spreadsheet_and_sent_back(coop, client):
    """In French: its columns, decimal commas; a line that is wrong stops the whole file and is named."""
    Person.objects.filter(pk=coop.preparer.pk).update(language="fr-ca")
    client.force_login(coop.preparer)
    model = client.get(reverse("payroll:openings_model")).content.decode("utf-8-sig")
    head, *lines = [row.split(";") for row in model.splitlines()]
    lines = [line for line in lines if line[0] in (coop.ana.email, coop.bo.email)]
    assert [line[:2] for line in lines] == [[coop.ana.email, "stub"], [coop.bo.email, "statement"]]

    def sent(**cells):
        rows = []
        for line in lines:
            told = {"through": "2026-11-06", "pays": "22", "gross": "35 000,00"} | cells
            if line[1] == "stub":
                told["deduction_qpp"] = cells.get("deduction_qpp", "2000,00")
            named = dict(zip(columns_in_french(), range(len(head)), strict=True))
            row = list(line)
            for name, text in told.items():
                if name in named and not (line[1] == "statement" and name.startswith("deduction")):
                    row[named[name]] = text
            rows.append(";".join(row))
        content = "\n".join([";".join(head), *rows])
        file = SimpleUploadedFile("soldes.csv", content.encode())
        return client.post(reverse("payroll:openings_import"), {"file": file})

    said = sent(gross="abc").content.decode()
    assert "Ligne 2" in said
    assert "Ligne 3" in said
    assert not OpeningBalance.objects.exists()
    assert "Ligne 2" in sent(deduction_qpp="9999,00").content.decode()
    assert not OpeningBalance.objects.exists()
    assert sent().url == reverse("payroll:openings")
    assert list(OpeningBalance.objects.order_by("kind").values_list("person", "kind", "gross")) == [
        (coop.bo.pk, "statement", Decimal("35000.00")),
        (coop.ana.pk, "stub", Decimal("35000.00")),
    ]
    assert "Ligne 2" in sent().content.decode()  # entered already


def columns_in_french() -> list[str]:
    with translation.override("fr-ca"):
        return list(columns())


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"\xff\x00;\n", b"email;gross\nx@example.org;1\n"])
def test_strange_file_is_refused_with_a_sentence(coop, client, content):
    client.force_login(coop.preparer)
    answer = client.post(reverse("payroll:openings_import"), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not OpeningBalance.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_list_asks_the_same_number_of_queries(coop, client, people, django_assert_num_queries):
    for person in [coop.ana, coop.preparer, coop.issuer][:people]:
        enter(coop, person)
    client.force_login(coop.preparer)
    client.get(reverse("payroll:openings"))  # the reading is written down, once
    with django_assert_num_queries(8):
        said = client.get(reverse("payroll:openings")).content.decode()
    assert said.count("to be confirmed") == people
