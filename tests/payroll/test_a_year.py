"""A whole year of a mixed co-op, lived by the acts of the screens (`a_year`), then reconciled to the cent."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction

from payroll import (
    archive,
    books,
    deposits,
    earnings,
    employer_year,
    ledger,
    ledgers,
    reconciling,
    register,
    remittances,
    roe,
    runs,
    slip_checks,
    slips,
    standings,
    wage_register,
    year_end,
)
from payroll.deductions.money import ZERO, cents
from payroll.models import Deposit, PayPeriod, PayRun, PayStub, Slip, StubLine
from payroll.remittance_parts import PLACES
from payroll.slip_rules import rules_of
from tests.conftest import HAS_PANGO
from tests.payroll import a_year
from tests.payroll.deposits import reader
from timesheets import hours
from timesheets.holidays import holidays_of

pytestmark = pytest.mark.django_db
RULES, TABLE = rules_of(2026)
Side, Code = StubLine.Side, StubLine.Code
WORKED = ("regular", "overtime", "banked")


@pytest.fixture(scope="module")
def coop(django_db_setup, django_db_blocker):
    """The year is lived once, and read on a day of February 2027."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel("2025-12-01 15:00:00+00:00", tick=False) as clock,
        transaction.atomic(),
    ):
        made = a_year.Coop(clock, has_documents=HAS_PANGO)
        made.live()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # nobody does it for rows that are not committed
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def lines(coop):
    """Every line of the year's stubs."""
    return list(StubLine.objects.select_related("stub__run", "stub__person").order_by("pk"))


def total(lines, *places, person=None, of="amount"):
    """The sum of the lines of these sides and codes, or of these sides."""
    wanted = set(places)
    return sum(
        (
            getattr(line, of) or 0
            for line in lines
            if (person is None or line.stub.person == person)
            and (line.side in wanted or (line.side, line.code) in wanted)
        ),
        ZERO,
    )


def minutes_of(stub):
    return sum(line.minutes or 0 for line in stub.lines.all())


def net_of(stub):
    lines = list(stub.lines.all())
    return total(lines, "earning", "sales_tax") - total(lines, "deduction")


def withheld(lines, person, code, *, since=date.min):
    return total(
        [line for line in lines if line.stub.run.pay_on >= since], ("deduction", code), person=person
    )


def boxes_now():
    """What the slips that hold say, by kind of slip."""
    written = defaultdict(list)
    for slip in slips.latest(2026).values():
        written[slip.kind].append(slip.boxes)
    return written


def moved(entries):
    """What each account moved by."""
    return {of.account.number: of.debit - of.credit for of in ledger.trial_balance(entries)}


# The pays -----------------------------------------------------------------------------------------


def test_year_has_27_pays_and_each_counts_them(coop):
    regular = PayRun.objects.filter(kind=PayRun.Kind.REGULAR).order_by("pay_on")
    assert [run.pay_on for run in regular] == [date(2026, 1, 1) + timedelta(14 * n) for n in range(27)]
    assert set(PayPeriod.objects.values_list("pays_in_year", flat=True)) == {27}
    assert Counter(run.kind for run in coop.runs) == {
        "regular": 27,
        "offcycle": 1,
        "void": 2,
        "correction": 3,
    }
    assert all(run.prepared_by != run.issued_by for run in PayRun.objects.all())


def test_hours_and_leave_approved_are_hours_paid(coop, lines):
    approved = defaultdict(int)
    for day in hours.approved_days(date(2026, 12, 27), since=a_year.FIRST):
        approved[day.person_id] += day.minutes
    away = defaultdict(int)
    for day in hours.approved_leave(date(2026, 12, 31)):
        away[day.person_id, {"banked": "taken", "family": "sick"}.get(day.kind, day.kind)] += day.minutes
    for name, person in coop.people.items():
        worked = total(lines, *(("earning", code) for code in WORKED), person=person, of="minutes")
        assert worked == approved[person.pk] > 0, name
        for code in ("vacation", "taken"):
            paid = total(lines, ("earning", code), person=person, of="minutes")
            assert paid == away[person.pk, code], (name, code)
    ana, bea = coop.people["Ana"], coop.people["Bea"]
    # Of three sick days, the law has two paid.
    assert total(lines, ("earning", "sick"), person=ana, of="minutes") == 840
    assert total(lines, ("earning", "sick"), person=bea, of="minutes") == 420


def test_nothing_is_due_any_more_at_the_end_of_the_year(coop):
    seen = runs.preview(runs.off_cycle_period(date(2026, 12, 27), date(2026, 12, 31)))
    assert (seen.stubs, seen.carried) == ((), ())
    with pytest.raises(runs.NothingToPay):
        runs.prepare_off_cycle(
            list(coop.people.values()),
            through=date(2026, 12, 27),
            pay_on=date(2026, 12, 31),
            by=coop.preparer,
            because="Rien n’a été oublié ?",
        )


def test_every_stub_is_computed_again_to_the_cent(coop):
    stubs = list(PayStub.objects.prefetch_related("lines"))
    checked = [stub for stub in stubs if archive._same_sum(stub) is not None]
    assert all(archive._same_sum(stub) for stub in checked)
    without = [stub for stub in stubs if stub not in checked]
    assert {stub.person for stub in without if not stub.mirrors} == {coop.people["Eli"]}


@pytest.mark.pdf
def test_documents_of_the_last_pay_are_made_again_byte_for_byte(coop):
    last = PayRun.objects.latest("pay_on")
    stub = last.stubs.get(person=coop.people["Ana"])
    found = archive.recheck(stub, at=last.issued_at)
    assert (found.is_intact, found.is_same_document, found.is_same_sum) == (True, True, True)


def test_year_to_date_of_the_last_stub_is_the_sum_of_the_lines(coop, lines):
    for name, person in coop.people.items():
        last = PayStub.objects.filter(person=person, mirrors=None).order_by("run__pay_on", "pk").last()
        told = last.facts["year_to_date"]
        assert Decimal(told["gross"]) == total(lines, "earning", person=person), name
        assert Decimal(told["deductions"]) == total(lines, "deduction", person=person), name
        for code in ("federal_tax", "quebec_tax", "qpp", "qpp2", "qpip", "ei"):
            assert Decimal(told.get(code, 0)) == withheld(lines, person, code), (name, code)


# Raises, corrections, departures, leave -----------------------------------------------------------


def test_raise_in_the_middle_of_a_period_splits_its_week(coop):
    stub = coop.stub("Jon", 21)  # works on Mondays and Tuesdays, before the raise of Wednesday
    assert {line.rate for line in stub.lines.filter(code="regular", week_starts_on=date(2026, 10, 5))} == {
        Decimal("37.25")
    }
    stub = coop.stub("Fay", 21)
    split = stub.lines.filter(code="regular", week_starts_on=date(2026, 10, 5))
    assert sorted(split.values_list("rate", "minutes")) == [(Decimal("37.25"), 840), (Decimal("38.10"), 1260)]


def test_retroactive_raise_is_paid_once_as_a_lump_sum(coop):
    stub = coop.stub("Fay", 12)
    moved = stub.lines.filter(reason="rate")
    assert sorted(moved.values_list("week_starts_on", "minutes", "rate")) == [
        (date(2026, 5, 25), -1260, Decimal("36.00")),
        (date(2026, 5, 25), 1260, Decimal("37.25")),
    ]
    assert stub.nonperiodic == Decimal("26.25")
    assert not StubLine.objects.filter(reason="rate", stub__run__pay_on__gt=stub.run.pay_on).exists()


def test_late_sheet_correction_void_and_off_cycle_are_named(coop):
    cal, ana, bea = (coop.people[name] for name in ("Cal", "Ana", "Bea"))
    late = StubLine.objects.filter(stub__person=cal, reason="late")
    assert {line.week_starts_on for line in late} == {a_year.starts_of(10)}
    taken = StubLine.objects.get(stub__person=ana, reason="correction", code="regular")
    assert (taken.week_starts_on, taken.minutes) == (a_year.starts_of(3), -60)
    assert coop.stub("Bea", 9).lines.filter(reason="void").exists()
    for stub in coop.voided:
        assert total(StubLine.objects.filter(stub__in=[stub, stub.mirrored_by]), "earning") == 0
    assert PayStub.objects.filter(person=bea).count() == 28
    assert coop.off_cycle.stubs.get().person == cal
    more = []
    for stub in coop.corrected:
        now = PayStub.objects.get(run__voids=stub, mirrors=None)
        more.append(minutes_of(now) - minutes_of(stub))
    assert more == [120, 60, -180]


def test_departure_pays_both_banks_and_its_record_counts_every_pay(coop, lines):
    gus = coop.people["Gus"]
    assert total(lines, ("earning", "bank_out"), person=gus) > 0
    out = total(lines, ("earning", "vacation_out"), person=gus)
    held = ledgers.of_person(gus, today=date(2026, 12, 31))
    assert (held.vacation_balance, held.overtime_balance) == (0, 0)
    record = roe.record_of(gus)
    assert record.is_settled
    assert record.vacation_pay == out > 0
    assert record.last_day_paid == a_year.GUS_LEAVES
    assert sum(period.earnings for period in record.periods) == total(lines, "earning", person=gus)
    paid = [line for line in lines if line.code != "banked"]
    # Each paid holiday is a day of seven hours more: he worked none of them.
    holidays = {line.week_starts_on for line in lines if line.stub.person == gus and line.code == "holiday"}
    assert len(holidays) == 6
    assert sum(period.minutes for period in record.periods) == 6 * 420 + total(
        paid, "earning", person=gus, of="minutes"
    )


def test_holidays_are_a_twentieth_of_the_four_weeks_before(coop, lines):
    """Whatever changed these weeks since: raise, late sheet, correction."""
    for name, person in coop.people.items():
        wages, paid = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
        for line in lines:
            if line.stub.person == person and line.side == Side.EARNING:
                if line.code in earnings.IN_BASE:
                    wages[line.week_starts_on] += line.amount
                if line.code == "holiday":
                    paid[line.week_starts_on] += line.amount
        if name in a_year.FREELANCE:
            assert not paid
            continue
        for day in holidays_of(2026):
            if day < date(2026, 2, 1) or (name == "Gus" and day > a_year.GUS_LEAVES):
                continue
            week = day - timedelta(day.weekday())
            base = sum((wages[week - timedelta(7 * back)] for back in (1, 2, 3, 4)), ZERO)
            assert paid[week] == cents(base / 20), (name, day)


def test_holiday_not_worked_counts_in_the_legal_week(coop, lines):
    """Hal works nine hours a day: four days beside Canada Day are 45 hours in the legal week, of which five beyond."""
    own = [line for line in lines if line.stub.person == coop.people["Hal"]]
    week = [line for line in own if line.week_starts_on == date(2026, 6, 29)]
    assert total(week, ("earning", "regular"), of="minutes") == 31 * 60
    assert total(week, ("earning", "overtime"), of="minutes") == 5 * 60
    assert total(week, ("earning", "holiday")) > 0


def test_vacation_is_paid_before_the_leave(coop):
    for name, kind, days in a_year.ABSENCES:
        if kind == "vacation":
            paid = StubLine.objects.filter(stub__person=coop.people[name], code="vacation", minutes__gt=0)
            assert {line.stub.run.pay_on < days[0] for line in paid.select_related("stub__run")} == {True}


def test_vacation_ledger_is_its_part_of_gross_less_what_was_paid(coop, lines):
    opened = a_year.OPENED
    for name, person in coop.people.items():
        if name in a_year.FREELANCE:
            continue
        gross = defaultdict(lambda: ZERO)
        for line in lines:
            if line.stub.person == person and line.side == Side.EARNING and line.code != "vacation_out":
                gross[line.stub.run.pay_on >= date(2026, 5, 1)] += line.amount
        # Three years of service by the end of the reference year make 6 %.
        part = Decimal("0.04") if name in a_year.STARTED else Decimal("0.06")
        earned = sum((cents(amount * part) for amount in gross.values()), opened.get(name, ZERO))
        paid = total(lines, ("earning", "vacation"), ("earning", "vacation_out"), person=person)
        held = ledgers.of_person(person, today=date(2026, 12, 31))
        assert held.vacation_balance == earned - paid >= 0, name
        told = PayStub.objects.filter(person=person, mirrors=None).order_by("run__pay_on", "pk").last()
        assert Decimal(told.facts["vacation_bank"]["balance"]) == held.vacation_balance, name


def test_overtime_bank_is_what_was_banked_less_what_was_taken(coop, lines):
    lou = coop.people["Lou"]
    banked = total(lines, ("earning", "banked"), person=lou, of="minutes")
    taken = total(lines, ("earning", "taken"), person=lou, of="minutes")
    assert (banked > 0, taken) == (True, 840)
    assert ledgers.of_person(lou, today=date(2026, 12, 31)).overtime_balance == banked * 3 / 2 - taken


# Maximums and ages --------------------------------------------------------------------------------


def test_high_pay_reaches_every_maximum_and_stops_there(coop, lines):
    kim = coop.people["Kim"]
    assert total(lines, "earning", person=kim) > TABLE.qpip_maximum_insurable
    for code, most in {"qpp": "4479.30", "qpp2": "416.00", "ei": "895.70", "qpip": "442.90"}.items():
        assert withheld(lines, kim, code) == Decimal(most), code
    employer = {"qpp": "4479.30", "qpp2": "416.00", "ei": "1253.98", "qpip": "620.06"}
    for code, most in employer.items():
        assert total(lines, ("employer", code), person=kim) == Decimal(most), code
    capped = TABLE.qpip_maximum_insurable * Decimal("0.0006")
    assert abs(total(lines, ("employer", "standards"), person=kim) - capped) <= Decimal("0.14")


def test_person_turning_18_contributes_from_june_up_to_seven_twelfths(coop, lines):
    hal = coop.people["Hal"]
    assert withheld(lines, hal, "qpp", since=date(2026, 6, 1)) == withheld(lines, hal, "qpp")
    assert withheld(lines, hal, "qpp") == cents(Decimal("4479.30") * 7 / 12)
    assert withheld(lines, hal, "qpp2") == cents(Decimal("416.00") * 7 / 12)
    first = coop.stub("Hal", 11)
    assert first.run.pay_on == date(2026, 6, 4)
    assert first.lines.filter(side="deduction", code="qpp").exists()
    assert withheld(lines, hal, "ei") == Decimal("895.70")


def test_no_contribution_to_qpp_after_the_election_nor_in_the_year_of_73(coop, lines):
    ida, jon = coop.people["Ida"], coop.people["Jon"]
    assert withheld(lines, ida, "qpp") > 0
    assert withheld(lines, ida, "qpp", since=date(2026, 9, 1)) == 0
    assert coop.stub("Ida", 17).run.pay_on == date(2026, 8, 27)
    assert coop.stub("Ida", 17).lines.filter(code="qpp").count() == 2
    assert total(lines, ("deduction", "qpp"), ("employer", "qpp"), person=jon) == 0
    for person in (ida, jon):
        assert withheld(lines, person, "ei", since=date(2026, 9, 1)) > 0
        assert withheld(lines, person, "qpip", since=date(2026, 9, 1)) > 0


def test_the_whole_year_asks_what_was_withheld(coop):
    """What the governments check once the slips are in: no more than the maximum, no dollar too little."""
    for person, contributions in slip_checks.reviewed(2026, TABLE).items():
        for of in contributions:
            assert of.over_maximum == 0, (person.given_name, of)
            assert of.missing <= 1, (person.given_name, of)


# Stubs = remittances = slips = books = deposits ---------------------------------------------------


def test_remittances_are_the_stubs_line_by_line(coop, lines):
    book = standings.Book.read(2026)
    assert (book.left_total, book.unexplained, book.to_send) == (0, 0, [])
    periodic = defaultdict(lambda: ZERO)
    for standing in book.standings:
        for place, amount in standing.paid.items():
            periodic[place] += amount
    assert set(periodic) == {place for places in PLACES.values() for place in places}
    for place, amount in periodic.items():
        assert amount == total(lines, place), place
    assert sum(periodic.values()) == total(lines, "deduction", "employer") - total(
        lines, ("employer", "standards")
    )


def test_yearly_remittance_settles_the_year(coop, lines):
    figures = employer_year.figures(2026)
    assert figures.payroll == total([of for of in lines if of.stub.kind == "stub"], "earning")
    assert standings.year_standing(figures, date(2027, 2, 20)).left_total == 0
    assert figures.hsf_on_stubs == total(lines, ("employer", "hsf"))
    assert abs(figures.hsf_adjustment) <= Decimal("2.00")
    assert abs(figures.standards_difference) <= Decimal("2.00")
    assert not figures.is_training_due


def test_slips_are_the_stubs_capped(coop, lines):
    people = {name: {} for name in coop.people}
    for slip in Slip.objects.select_related("person"):
        people[slip.person.given_name][slip.kind] = {
            box: text if box in ("10", "45") else Decimal(text) for box, text in slip.boxes.items()
        }
    for name, kinds in people.items():
        person = coop.people[name]
        gross = total(lines, "earning", person=person)
        if name in a_year.FREELANCE:
            assert kinds == {"t4a": {"048": gross}}, name
            continue
        rl1, t4 = kinds["rl1"], kinds["t4"]
        assert rl1["A"] == t4["14"] == gross, name
        for slip, boxes in (
            (rl1, {"B.A": "qpp", "B.B": "qpp2", "C": "ei", "E": "quebec_tax", "H": "qpip"}),
            (t4, {"17": "qpp", "17A": "qpp2", "18": "ei", "22": "federal_tax", "55": "qpip"}),
        ):
            for box, code in boxes.items():
                assert slip.get(box, ZERO) == withheld(lines, person, code), (name, box)
        assert t4["24"] == min(gross, TABLE.ei_maximum_insurable), name
        assert rl1["I"] == t4["56"] == min(gross, TABLE.qpip_maximum_insurable), name
    assert people["Kim"]["rl1"]["G"] == people["Kim"]["t4"]["26"] == Decimal("85000.00")
    assert people["Jon"]["rl1"]["G"] == 0
    assert people["Hal"]["rl1"]["G"] == cents(Decimal("85000.00") * 7 / 12)
    first_months = [line for line in lines if line.stub.run.pay_on < date(2026, 9, 1)]
    assert people["Ida"]["rl1"]["G"] == total(first_months, "earning", person=coop.people["Ida"])


def test_summaries_reconcile_with_stubs_and_remittances(coop):
    rows = reconciling.reconcile(2026, boxes_now(), RULES, confirmed_at=coop.year_end.confirmed_at)
    assert len(rows) == 11
    assert {row.label: row.not_on_slips for row in rows if row.not_on_slips} == {}
    figures = employer_year.figures(2026)
    adjusted = {Code.HSF.label: -figures.hsf_adjustment}
    adjusted[Code.LABOUR_STANDARDS.label] = -figures.standards_difference
    assert {row.label: row.not_sent for row in rows if row.not_sent} == {
        label: amount for label, amount in adjusted.items() if amount
    }
    assert slips.open_year_end(2026) is None


def test_books_balance_and_nothing_is_owed_any_more(coop, lines):
    entries = books.entries(date(2026, 1, 1), date(2027, 2, 28), accounts=books.chart())
    kinds = Counter(entry.number.partition("-")[0] for entry in entries)
    assert (kinds["PAIE"], kinds["REM"]) == (len(coop.runs), 25)
    found = moved(entries)
    stubs = [line for line in lines if line.stub.kind == "stub"]
    fees = [line for line in lines if line.stub.kind == "statement"]
    net = total(lines, "earning", "sales_tax") - total(lines, "deduction")
    assert sum(found.values()) == 0
    assert found["5410"] == total(stubs, "earning")
    assert found["5450"] == total(fees, "earning")
    assert found["1410"] == total(lines, ("sales_tax", "gst"))
    assert found["1420"] == total(lines, ("sales_tax", "qst"))
    # What the bank paid is the deposits and the cheques; what people have to give back stays open.
    splits = [deposits.split(run) for run in coop.runs]
    paid_out = sum((split.deposits.amount + split.cheques.amount for split in splits), ZERO)
    assert found["2300"] == paid_out - net > 0
    sent = sum(total for amounts in standings.paid(2026).values() for total in amounts.values())
    assert found["1060"] == -sent - paid_out
    # What is owed of vacation is what members read, but for what they were owed before.
    held = sum((of.vacation for of in ledgers.of_everyone(today=date(2026, 12, 31))), ZERO)
    assert found["2340"] == -(held - sum(a_year.OPENED.values()))
    assert found["5415"] == -found["2340"]
    assert (found["2310"], found["2320"], found["2330"]) == (0, 0, 0)
    assert found["5420"] + found["5430"] == sent - total(lines, "deduction")


def test_deposits_and_cheques_are_the_nets(coop, lines):
    net = total(lines, "earning", "sales_tax") - total(lines, "deduction")
    paid = {"deposits": ZERO, "cheques": ZERO, "nothing": ZERO}
    for run in coop.runs:
        split = deposits.split(run)
        assert split.net == register.totals_of(run).net, run
        for way in paid:
            paid[way] += getattr(split, way).amount
    assert sum(paid.values()) == net
    # Bea's stub was never paid; Kim gives back hers, and Fay what was too much: no bank does it.
    kim, fay = net_of(coop.voided[1]), net_of(coop.corrected[2])
    kept = net_of(PayStub.objects.get(run__voids=coop.corrected[2], mirrors=None))
    assert paid["nothing"] == -kim - (fay - kept) < 0
    read = [reader.read(file.content) for file in coop.files]
    assert sum(file.total for file in read) == paid["deposits"]
    assert sum(payment.amount for file in read for payment in file.payments) == paid["deposits"]
    assert [file.number for file in read] == list(range(1, len(coop.files) + 1))
    own = defaultdict(lambda: ZERO)
    for deposit in Deposit.objects.select_related("stub__person"):
        own[deposit.stub.person] += deposit.amount
    for name in a_year.DEPOSITED:
        person = coop.people[name]
        due = total(lines, "earning", "sales_tax", person=person) - total(lines, "deduction", person=person)
        assert own[person] == due + {"Kim": kim, "Fay": fay - kept}.get(name, ZERO), name


def test_wage_register_is_the_stubs(coop, lines):
    found = wage_register.registers(2026)
    approved = defaultdict(dict)
    for day in hours.approved_days(date(2026, 12, 27), since=a_year.FIRST):
        if day.minutes:
            approved[day.person_id][day.day] = day.minutes
    assert {of.person.given_name for of in found} == set(coop.people) - set(a_year.FREELANCE)
    for of in found:
        assert sum(entry.gross for entry in of.entries) == total(lines, "earning", person=of.person)
        assert sum(entry.net for entry in of.entries) == total(lines, "earning", person=of.person) - total(
            lines, "deduction", person=of.person
        )
        days = [day for entry in of.entries for week in entry.weeks for day in week.days]
        assert dict(days) == approved[of.person.pk]
        assert (of.born_on is not None) == (of.person.given_name == "Hal")
        # Each day stands once, in the pay that holds it.
        assert len(days) == len(dict(days)), of.person.given_name
    for run in coop.runs:
        stubs = PayStub.objects.filter(run=run)
        rows = register.table(run)
        assert len(rows) == stubs.count() + 3


# The year after -----------------------------------------------------------------------------------


def test_correction_after_the_slips_amends_them_and_reconciles_again(coop, monkeypatch):
    """In February 2027 a line of December proves wrong: every paper follows, and nothing stays owed."""
    for name in ("runs", "files", "corrected"):
        monkeypatch.setattr(coop, name, list(getattr(coop, name)))
    coop.correct("Ana", 26, date(2026, 12, 15), 9)
    [late] = standings.Book.read(2026).to_send[:1]
    assert (late.state, late.period.starts_on) == (standings.State.LATE, date(2026, 12, 1))
    coop.remit(date(2026, 12, 1))
    standing = standings.year_standing(employer_year.figures(2026), date(2027, 2, 15))
    remittances.record(
        standing, parts=standing.left, paid_on=date(2027, 2, 15), because="Correction", by=coop.preparer
    )
    prepared = year_end.prepare(2026, by=coop.preparer, dental="1", because="Correction de décembre")
    amended = year_end.confirm(prepared, by=coop.issuer)
    assert {(slip.person, slip.change) for slip in amended.slips.all()} == {(coop.people["Ana"], "amended")}
    rows = reconciling.reconcile(2026, boxes_now(), RULES)
    assert {row.label: row.not_on_slips for row in rows if row.not_on_slips} == {}
    assert standings.Book.read(2026).left_total == 0
    found = moved(books.entries(date(2026, 1, 1), date(2027, 2, 28), accounts=books.chart()))
    assert (found["2310"], found["2320"], found["2330"]) == (0, 0, 0)
    assert runs.preview(runs.off_cycle_period(date(2026, 12, 27), date(2026, 12, 31))).stubs == ()
