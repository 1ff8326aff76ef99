"""The slips of a year: from stubs to figures, prepared by one, confirmed by another, amended; who reads them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from members.models import Power, WorkStatus
from members.powers import NotAllowed
from payroll import (
    opening,
    periods,
    profiles,
    reconciling,
    remittances,
    runs,
    slip_checks,
    slips,
    standings,
    year_end,
)
from payroll.models import FileReading, PayStub, Slip, TaxProfile, YearEnd
from payroll.slip_rules import rules_of
from tests import make

from . import paid

pytestmark = pytest.mark.django_db
RULES, TABLE = rules_of(2026)
SIN = "046 454 286"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-23 15:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def coop():
    people = paid.coop()
    people.pay(has_documents=False)
    return people


def drafts(people=None):
    return {
        (draft.person, draft.kind): draft
        for draft in slips.drafts(2026, RULES, TABLE, dental="1", people=people)
    }


def prepare(coop, **options):
    given = {"dental": "1", "because": "Vérifié"} | options
    return year_end.prepare(2026, by=coop.preparer, **given)


def confirm(coop, **options):
    return year_end.confirm(prepare(coop, **options), by=coop.issuer)


def pay_again(coop, number=1, hours=None):
    make.approved(coop.ana, starts_on=paid.next_period(number), hours=hours or paid.WEEK)
    return coop.pay(paid.next_period(number), has_documents=False)


def words(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# Figures ------------------------------------------------------------------------------------------


def test_boxes_are_the_sums_of_the_stubs(coop):
    pay_again(coop)
    lines = {}
    for stub in PayStub.objects.filter(person=coop.ana):
        for line in stub.lines.all():
            lines[line.side, line.code] = lines.get((line.side, line.code), 0) + line.amount
    gross = sum(amount for (side, _code), amount in lines.items() if side == "earning")
    rl1, t4 = drafts()[coop.ana, "rl1"].boxes, drafts()[coop.ana, "t4"].boxes
    assert Decimal(rl1["A"]) == Decimal(t4["14"]) == gross
    for box, code in {"B.A": "qpp", "C": "ei", "E": "quebec_tax", "H": "qpip"}.items():
        assert Decimal(rl1[box]) == lines["deduction", code]
    assert Decimal(t4["22"]) == lines["deduction", "federal_tax"]
    assert rl1["G"] == rl1["I"] == rl1["A"]


def test_freelancer_has_a_t4a_of_fees_without_sales_taxes_and_no_rl1(coop):
    [draft] = [draft for (person, _kind), draft in drafts().items() if person == coop.bo]
    assert draft.kind == "t4a"
    assert draft.boxes == {"048": "311.75"}  # 14 h 30 at 21.50, GST and QST left out
    assert not slips.is_required("t4a", draft.boxes, RULES)
    assert slips.is_required("t4a", {"048": "500.00"}, RULES)
    assert slips.is_required("rl1", {"A": "1.00"}, RULES)


def test_salaried_then_freelance_in_the_year_has_the_slips_of_both(coop):
    next_day = paid.next_period()
    WorkStatus.objects.filter(person=coop.ana).update(ends_on=date(2026, 11, 15))
    WorkStatus.objects.create(
        person=coop.ana,
        kind="freelance",
        tenure="permanent",
        agreed_minutes_per_week=0,
        job_title="Pigiste",
        starts_on=next_day,
    )
    pay_again(coop, hours={"mon": 4})
    assert {kind for person, kind in drafts() if person == coop.ana} == {"rl1", "t4", "t4a"}
    assert drafts()[coop.ana, "t4a"].boxes["048"] == "86.00"
    assert drafts()[coop.ana, "t4"].boxes["14"] == "924.50"


def test_pay_of_january_is_of_the_year_it_is_paid_in(coop):
    assert slips.drafts(2025, *rules_of(2025), dental="1") == []


def test_voided_stub_leaves_nothing(coop):
    coop.void(coop.ana.stubs.get())
    assert (coop.ana, "rl1") not in drafts()
    pays = slips.pays_behind(coop.ana, 2026)
    assert [pay.is_void for pay in pays] == [False, True]


def test_each_box_opens_on_the_pays_that_sum_to_it(coop):
    pay_again(coop)
    pays = slips.pays_behind(coop.ana, 2026)
    for kind in ("rl1", "t4"):
        for box in slips.opened(drafts()[coop.ana, kind], pays):
            assert box.adds_up
    income = slips.opened(drafts()[coop.ana, "t4"], pays)[1]
    assert income.filled.box.name == "14"
    assert [pay.pay_on for pay, _amount in income.pays] == [date(2026, 11, 20), date(2026, 12, 4)]


def test_figures_ask_the_same_queries_for_one_and_three_people(coop, django_assert_num_queries):
    with django_assert_num_queries(6):
        assert len(drafts()) == 3
    for _n in range(2):
        someone = make.person("Éli", born_on=date(1990, 1, 1))
        make.approved(someone, starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    with django_assert_num_queries(6):
        assert len(drafts()) == 7


# What to look at ----------------------------------------------------------------------------------


def said(coop, **options) -> str:
    made = list(drafts().values())
    found = slip_checks.findings(2026, made, RULES, TABLE, **options)
    return " ".join(finding.sentence for finding in found).replace("\u00a0", " ")


def test_checks_name_what_is_missing(coop):
    sentences = said(coop)
    assert "2026 is not over" in sentences or "2026 n’est pas finie" in sentences
    assert str(coop.ana) in sentences  # no SIN, no address
    after = said(coop, today=date(2027, 1, 4))
    assert "2026 is not over" not in after
    assert "2026 n’est pas finie" not in after


def test_nothing_to_say_of_a_year_that_is_whole(coop):
    for person in (coop.ana, coop.bo):
        person.address = "1, rue de l’Essai\nMontréal"
        person.save()
        TaxProfile.objects.create(person=person, sin="046454286", starts_on=make.LONG_AGO, declared_by=person)
    assert said(coop, today=date(2027, 1, 4)) == ""


def test_prepared_pay_that_is_not_issued_is_named(coop):
    make.approved(coop.ana, starts_on=paid.next_period(), hours=paid.WEEK)
    runs.prepare(periods.starting(paid.next_period()), by=coop.preparer, because="x")
    assert len([f for f in slip_checks.findings(2026, [], RULES, TABLE) if f.url == "payroll:run"]) == 1


def test_pays_of_part_of_a_year_pass_the_governments_review(coop):
    pay_again(coop)
    [(person, contributions)] = slip_checks.reviewed(2026, TABLE).items()
    assert person == coop.ana
    assert all(of.missing <= Decimal("0.05") and not of.over_maximum for of in contributions)


def test_checks_ask_the_same_queries_whatever_the_number(coop, django_assert_num_queries):
    made = list(drafts().values())
    with django_assert_num_queries(8):
        slip_checks.findings(2026, made, RULES, TABLE)
    pay_again(coop)
    made = list(drafts().values()) * 3
    with django_assert_num_queries(8):
        slip_checks.findings(2026, made, RULES, TABLE)


# Two people ---------------------------------------------------------------------------------------


def test_one_prepares_another_confirms(coop):
    found = prepare(coop)
    assert not Slip.objects.exists()
    assert found.slip_count == 3
    with pytest.raises(NotAllowed):
        year_end.confirm(found, by=coop.ana)
    done = year_end.confirm(found, by=coop.issuer)
    assert done.is_confirmed
    assert Slip.objects.get(person=coop.ana, kind="t4").boxes["14"] == "924.50"
    assert year_end.confirm(found, by=coop.issuer).pk == done.pk
    assert Slip.objects.count() == 3


def test_preparer_does_not_confirm_even_with_the_power(coop):
    make.mandate(coop.preparer, [Power.ISSUE_PAY])
    found = prepare(coop)
    with pytest.raises(year_end.ConfirmedByPreparer):
        year_end.confirm(found, by=coop.preparer)
    with pytest.raises(IntegrityError, match="payroll_confirmed_by_another"), transaction.atomic():
        YearEnd.objects.filter(pk=found.pk).update(
            confirmed_at=found.prepared_at, confirmed_by=found.prepared_by
        )


def test_member_prepares_nothing(coop):
    with pytest.raises(NotAllowed):
        year_end.prepare(2026, by=coop.ana, dental="1", because="x")


def test_warnings_take_a_reason(coop):
    with pytest.raises(year_end.SayWhy):
        prepare(coop, because=" ")


def test_one_version_waits_at_a_time(coop):
    prepare(coop)
    with pytest.raises(year_end.AlreadyPrepared):
        prepare(coop)


def test_withdrawn_slips_leave_nothing(coop):
    year_end.withdraw(prepare(coop), by=coop.preparer)
    assert not YearEnd.objects.exists()
    found = confirm(coop)
    with pytest.raises(year_end.AlreadyConfirmed):
        year_end.withdraw(found, by=coop.preparer)


def test_pay_issued_after_preparing_stops_the_confirmation(coop):
    found = prepare(coop)
    pay_again(coop)
    with pytest.raises(year_end.FiguresChanged):
        year_end.confirm(found, by=coop.issuer)
    assert not Slip.objects.exists()


def test_year_that_was_not_reviewed_is_refused(coop):
    with pytest.raises(year_end.Stopped):
        year_end.prepare(2027, by=coop.preparer, dental="1", because="x")


def test_confirmed_slips_never_change(coop):
    found = confirm(coop)
    slip = Slip.objects.first()
    for change in (
        lambda: Slip.objects.filter(pk=slip.pk).update(boxes={}),
        lambda: slip.delete(),
        lambda: YearEnd.objects.filter(pk=found.pk).update(because="autre"),
        lambda: Slip.objects.create(
            year_end=found, person=coop.issuer, kind="t4", change="original", boxes={}, facts={}
        ),
    ):
        with pytest.raises(IntegrityError, match=r"final|does not change"), transaction.atomic():
            change()


def test_prepared_figures_are_not_rewritten(coop):
    found = prepare(coop)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        YearEnd.objects.filter(pk=found.pk).update(digest="0" * 64)


# Amendments ---------------------------------------------------------------------------------------


def test_later_pay_asks_for_amended_slips_that_say_what_changed(coop):
    confirm(coop)
    assert not any(draft.is_new for draft in drafts().values())
    with pytest.raises(year_end.NoSlips):
        prepare(coop)
    pay_again(coop)
    changed = [draft for draft in drafts().values() if draft.is_new]
    assert {draft.kind for draft in changed} == {"rl1", "t4"}
    assert ("14", "924.50", "1849.00") in next(of for of in changed if of.kind == "t4").changes
    with pytest.raises(year_end.SayWhy):
        prepare(coop, because="")
    second = confirm(coop, because="Paie de décembre")
    assert (second.number, second.slip_count) == (2, 2)
    amended = Slip.objects.get(person=coop.ana, kind="t4", change="amended")
    assert amended.amends.boxes["14"] == "924.50"
    assert slips.latest(2026)[coop.ana.pk, "t4"] == amended
    assert not any(draft.is_new for draft in drafts().values())


def test_slip_whose_pays_are_all_voided_is_cancelled(coop):
    confirm(coop)
    coop.void(coop.ana.stubs.get())
    confirm(coop, because="Paie annulée")
    assert {slip.change for slip in Slip.objects.latest().filter(person=coop.ana)} == {"cancelled"}
    assert Slip.objects.latest().get(person=coop.ana, kind="t4").boxes == {}


def test_amended_slip_names_the_one_it_replaces(coop):
    found = prepare(coop)
    with pytest.raises(IntegrityError, match="payroll_amended_slip_names_the_first"), transaction.atomic():
        Slip.objects.create(year_end=found, person=coop.ana, kind="t4", change="amended", boxes={}, facts={})


# Reconciling --------------------------------------------------------------------------------------


def reconciled(**options):
    boxes = {}
    for (_person, kind), draft in drafts().items():
        boxes.setdefault(kind, []).append(draft.boxes)
    return reconciling.reconcile(2026, boxes, RULES, **options)


def test_slips_and_stubs_agree_to_the_cent(coop):
    pay_again(coop)
    rows = reconciled()
    assert not any(row.not_on_slips or row.not_sent for row in rows)
    assert all(row.sent is None for row in rows)
    assert rows[0].stubs == Decimal("1849.00")
    assert [box for _slip, box, _total in rows[0].boxes] == ["A", "14"]


def test_difference_is_explained_by_the_pays_issued_since(coop, clock):
    found = confirm(coop)
    clock.shift(3600)
    run = pay_again(coop)
    boxes = {}
    for slip in slips.latest(2026).values():
        boxes.setdefault(slip.kind, []).append(slip.boxes)
    rows = reconciling.reconcile(2026, boxes, RULES, confirmed_at=found.confirmed_at)
    gross = rows[0]
    assert gross.not_on_slips == Decimal("924.50")
    assert [(later.stub, later.amount) for later in gross.later] == [(run.stubs.get(), Decimal("924.50"))]
    for row in rows:
        assert row.not_on_slips == sum(later.amount for later in row.later)


def test_what_is_remitted_closes_the_last_difference(coop):
    standing = standings.standing_of("cra", date(2026, 11, 1))
    remittances.record(standing, parts=standing.left, paid_on=date(2026, 11, 20), by=coop.preparer)
    rows = {row.label: row for row in reconciled()}
    sent = {row.label for row in rows.values() if row.sent and not row.not_sent}
    assert len(sent) == 2  # federal tax, and employment insurance with its employer's share
    assert all(row.not_sent == row.stubs + row.employer for row in rows.values() if row.sent == 0)


def test_opening_balance_is_on_the_slips_like_a_pay(coop):
    before = drafts()[coop.ana, "t4"].boxes
    amounts = {("deduction", "federal_tax"): Decimal("800.00"), ("deduction", "qpp"): Decimal("500.00")}
    balance = opening.enter(
        coop.ana,
        by=coop.preparer,
        through=date(2026, 6, 12),
        pays=12,
        gross=Decimal("9000.00"),
        amounts=amounts,
    )
    assert drafts()[coop.ana, "t4"].boxes == before
    opening.confirm(balance, by=coop.issuer)
    now = drafts()[coop.ana, "t4"].boxes
    assert now["14"] == now["24"] == "9924.50"
    assert Decimal(now["22"]) == Decimal(before["22"]) + 800
    first = slips.pays_behind(coop.ana, 2026)[0]
    assert (first.stub, first.pay_on) == (None, date(2026, 6, 12))
    for box in slips.opened(drafts()[coop.ana, "t4"], slips.pays_behind(coop.ana, 2026)):
        assert box.adds_up
    rows = reconciled()
    assert not any(row.not_on_slips for row in rows)
    assert rows[0].before == Decimal("9000.00")
    # Twelve pays of the calendar before, one here: thirteen exemptions.
    assert slips.exemptions_of(2026, TABLE)[coop.ana.pk] == 13 * Decimal("134.61")


# Pages --------------------------------------------------------------------------------------------


def test_year_is_prepared_and_confirmed_on_screen(client, coop):
    client.force_login(coop.preparer)
    assert "2026" in words(client.get(reverse("payroll:year_ends")))
    page = client.get(reverse("payroll:year_end", args=[2026]))
    assert str(coop.ana) in words(page)
    for looked_at in (page, client.get(reverse("payroll:year_end_prepare", args=[2026]))):
        assert "The year 2026 is not over" in words(looked_at)
        assert "Everything is ready" not in words(looked_at)
    refused = client.post(reverse("payroll:year_end_prepare", args=[2026]), {"dental": "1", "because": ""})
    assert refused.status_code == 200
    client.post(reverse("payroll:year_end_prepare", args=[2026]), {"dental": "3", "because": "Vu"})
    assert YearEnd.objects.get().dental == "3"
    assert client.post(reverse("payroll:year_end_confirm", args=[2026])).status_code == 403
    client.force_login(coop.issuer)
    assert client.get(reverse("payroll:year_end_confirm", args=[2026])).status_code == 200
    client.post(reverse("payroll:year_end_confirm", args=[2026]))
    assert YearEnd.objects.get().confirmed_by == coop.issuer
    assert Slip.objects.get(person=coop.ana, kind="t4").boxes["45"] == "3"


def test_member_sees_their_own_confirmed_slips_only(client, coop):
    client.force_login(coop.ana)
    mine = reverse("payroll:slips_mine", args=[2026])
    assert "No slips yet" in words(client.get(mine))
    confirm(coop)
    text = words(client.get(mine))
    assert "$924.50" in text
    assert "not the government" in text
    assert "$311.75" not in text
    assert client.get(reverse("payroll:year_end", args=[2026])).status_code == 403
    client.force_login(coop.issuer)
    assert "No slips yet" in words(client.get(mine))


def test_reading_anothers_slips_is_kept_and_the_number_apart(client, coop):
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=date(2026, 1, 5), sin=SIN)
    client.force_login(coop.preparer)
    page = reverse("payroll:year_end_person", args=[2026, coop.ana.pk])
    assert "$924.50" not in words(client.get(page))
    client.post(reverse("payroll:year_end_open", args=[2026, coop.ana.pk]))
    text = words(client.get(page))
    assert "$924.50" in text
    assert "••• ••• 286" in text
    assert SIN not in text
    answer = client.post(reverse("payroll:sin_open", args=[coop.ana.pk]), {"next": page})
    assert answer.url == page
    assert SIN in words(client.get(page))
    assert sorted(FileReading.objects.values_list("what", flat=True)) == ["sin", "slip"]


def test_number_never_leads_elsewhere(client, coop):
    client.force_login(coop.preparer)
    away = client.post(reverse("payroll:sin_open", args=[coop.ana.pk]), {"next": "//example.org/"})
    assert away.url == reverse("payroll:year_ends")


def test_file_has_every_slip_a_total_and_no_number(client, coop):
    profiles.declare_taxes(coop.ana, by=coop.ana, starts_on=date(2026, 1, 5), sin=SIN)
    client.force_login(coop.preparer)
    answer = client.post(reverse("payroll:year_end_csv", args=[2026]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, ana, *_rest, total = rows[1:]
    place = head.index("T4 14")
    assert ana[place] == total[place] == "924.50"
    assert "286" not in answer.content.decode()
    assert FileReading.objects.filter(what="slip").count() == 2
    assert client.post(reverse("payroll:year_end_xlsx", args=[2026])).content[:2] == b"PK"


def test_summary_page_agrees_and_adds_up(client, coop):
    client.force_login(coop.issuer)
    response = client.get(reverse("payroll:year_end_summary", args=[2026]))
    assert response.context["agree"]
    assert "slips and stubs agree to the cent" in words(response)
    t4 = next(of for of in response.context["summaries"] if of.title == "T4")
    assert t4.slips == 1
    assert next(total for total, _label in t4.boxes if total.name == "14").total == Decimal("924.50")


def test_year_page_says_an_amendment_is_needed(client, coop):
    confirm(coop)
    pay_again(coop)
    client.force_login(coop.preparer)
    text = words(client.get(reverse("payroll:year_end", args=[2026])))
    assert "Amended slips are needed" in text
    assert "$924.50 → $1,849.00" in text


def test_year_page_asks_the_same_queries_for_one_and_three(client, coop, django_assert_num_queries):
    client.force_login(coop.preparer)
    url = reverse("payroll:year_end", args=[2026])
    client.get(url)
    with django_assert_num_queries(19):
        client.get(url)
    for _n in range(2):
        someone = make.person("Éli", born_on=date(1990, 1, 1))
        make.approved(someone, starts_on=paid.next_period(), hours=paid.WEEK)
    coop.pay(paid.next_period(), has_documents=False)
    with django_assert_num_queries(19):
        client.get(url)


def test_deadline_is_the_last_day_of_february_or_the_monday_after():
    assert year_end.due_on(2026) == date(2027, 3, 1)  # 28 February 2027 is a Sunday
    assert year_end.due_on(2027) == date(2028, 2, 29)
    assert year_end.due_on(2024) == date(2025, 2, 28)


@pytest.mark.pdf
@pytest.mark.parametrize(
    ("language", "said"), [("fr-ca", "n’est pas le formulaire"), ("en-ca", "not the government")]
)
def test_sheet_on_paper_speaks_the_readers_language(client, coop, language, said):
    confirm(coop)
    coop.ana.language = language
    coop.ana.save()
    client.force_login(coop.ana)
    answer = client.get(reverse("payroll:slips_mine_pdf", args=[2026]))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert said in " ".join(text.split())
    assert "924" in text


def test_no_sheet_before_the_slips_are_confirmed(client, coop):
    client.force_login(coop.ana)
    assert client.get(reverse("payroll:slips_mine_pdf", args=[2026])).status_code == 404
