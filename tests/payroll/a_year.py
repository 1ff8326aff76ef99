"""A mixed co-op that lives the whole of 2026, by the acts of the screens, for the tests that reconcile it.

It pays every two weeks on Thursdays, from 1 January to 31 December: 27 pays. Nobody is given anything
by hand: people are admitted, fill in their weeks, ask for leave; a committee approves; one person
prepares and another issues, remits and makes the slips. Whatever happens has its day in `EVENTS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from time_machine import Traveller

from members import governance, lifecycle, paths
from members.models import Decision, Person, Power
from payroll import (
    bank_accounts,
    books,
    deposits,
    employer,
    freelancers,
    periods,
    profiles,
    rates,
    remittances,
    runs,
    standings,
    year_end,
)
from payroll.models import DepositFile, PayRun, PayStub, YearEnd
from roles.models import Task
from tests import make
from timesheets import drafts, leave, seen, workflow
from timesheets.drafts import Cell, Content
from timesheets.holidays import holidays_of
from timesheets.models import Leave, LeaveDay, TimeEntry, WeekSheet

YEAR = 2026
DAY, WEEK = timedelta(days=1), timedelta(days=7)
FIRST = date(2025, 12, 15)
PAYS = 27
BECAUSE = "Tout a été vérifié."
HOLIDAYS = {**holidays_of(2025), **holidays_of(2026)}
#: The raise that is adopted after its first day, in the middle of a period that is paid already; the other.
RETROACTIVE, AUTUMN = date(2026, 5, 27), date(2026, 10, 7)
LETTER = {
    "originator_id": "8150012345",
    "short_name": "ESSAI",
    "long_name": "COOPERATIVE D'ESSAI",
    "data_centre": "81510",
    "trace": "zeros",
    "clearer_centre": "",
    "institution": "815",
    "transit": "30123",
    "number": "1111111",
    "last_number": 0,
}

FULL = [[7, 7, 7, 7, 7]]
#: Hours of the days of a week, Monday first, one row after the other all year long.
HOURS = {
    "Ana": FULL,
    "Bea": [[7, 7, 7]],
    "Cal": [[4, 6.5, 0, 8, 2], [8, 8, 8, 8, 8, 3], [7.25, 7, 7, 7, 7.75], [3, 0, 0, 9], [0]],
    "Dov": [[5, 5, 0, 4.5], [0, 8]],
    "Eli": [[0], [3, 3], [0], [4.75]],
    "Fay": FULL,
    "Gus": [[7, 7, 7, 7, 7], [9, 9, 9, 9, 8]],
    "Hal": [[9, 9, 9, 9, 9]],
    "Ida": [[8, 8, 8]],
    "Jon": [[6, 6]],
    "Kim": [[11, 11, 11, 11, 11]],
    "Lou": [[7, 7, 7, 7, 7], [8, 8, 8, 8, 10], [7, 7, 7, 7, 7]],
}
BORN = {"Hal": date(2008, 5, 20), "Ida": date(1961, 2, 10), "Jon": date(1953, 6, 1)}
FREELANCE = ("Dov", "Eli")
STARTED = {"Bea": date(2025, 1, 13), "Fay": date(2026, 4, 15), "Hal": date(2025, 9, 8)}
GUS_LEAVES = date(2026, 8, 14)
#: Vacation owed when the co-op starts.
OPENED = {"Ana": Decimal("5550.00"), "Kim": Decimal("1500.00")}
#: Deposited; the others are paid by cheque.
DEPOSITED = ("Ana", "Dov", "Fay", "Gus", "Kim", "Lou")

#: Leave: who, what, days.
ABSENCES = (
    ("Ana", "sick", [date(2026, 2, 3), date(2026, 2, 4), date(2026, 2, 5)]),
    ("Bea", "family", [date(2026, 3, 24)]),
    ("Gus", "banked", [date(2026, 4, 22)]),
    ("Ana", "vacation", [date(2026, 7, 6) + DAY * n for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]),
    ("Kim", "vacation", [date(2026, 8, 17) + DAY * n for n in range(5)]),
    ("Lou", "banked", [date(2026, 9, 17), date(2026, 9, 18)]),
    ("Bea", "vacation", [date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 11)]),
)
#: How long before its first day leave is asked for; sick days, the day after.
AHEAD = {"vacation": 35, "banked": 10}


def starts_of(number: int) -> date:
    """The first day of the nth period, from 0; its pay is four days after its last one."""
    return FIRST + 2 * WEEK * number


@dataclass
class Coop:
    """The co-op, its people by given name, and who acts for it."""

    clock: Traveller
    has_documents: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    runs: list[PayRun] = field(default_factory=list)
    files: list[DepositFile] = field(default_factory=list)
    voided: list[PayStub] = field(default_factory=list)
    corrected: list[PayStub] = field(default_factory=list)
    off_cycle: PayRun | None = None
    raises: list[Decision] = field(default_factory=list)
    year_end: YearEnd | None = None

    def at(self, day: date, hour: int = 15) -> None:
        """It is now that day, in the morning in Montréal, or later: time does not go back."""
        self.clock.move_to(max(datetime.combine(day, time(hour), UTC), timezone.now()))

    def stub(self, name: str, number: int) -> PayStub:
        """Somebody's stub of the nth regular pay."""
        run = PayRun.objects.get(kind=PayRun.Kind.REGULAR, period__starts_on=starts_of(number))
        return run.stubs.get(person=self.people[name], mirrors=None)

    # Opening --------------------------------------------------------------------------------------

    def open(self) -> None:
        """December 2025: the co-op starts to use the software, its people are entered."""
        self.at(date(2025, 12, 8))
        make.cooperative(
            first_period_on=FIRST,
            pay_days_after=4,
            leave_paid_from=FIRST,
            yearly_payroll=Decimal("700000.00"),
        )
        self.admitter = make.person("Zoé", kind=None, powers=[Power.ADMIT_PEOPLE])
        self.approver = make.person("Yan", kind=None, powers=[Power.APPROVE_HOURS])
        self.preparer = make.person("Paule", kind=None, powers=[Power.PREPARE_PAY])
        self.issuer = make.person("Irène", kind=None, powers=[Power.ISSUE_PAY])
        self.assembly = make.committee([Power.SET_RATE], name="Assemblée")
        self.secretary, self.teller = (make.person(name, kind=None) for name in ("Sacha", "Taylor"))
        for person in (self.secretary, self.teller):
            make.Mandate.objects.create(committee=self.assembly, person=person, starts_on=make.LONG_AGO)
        self.admission = make.decision(
            powers=[Power.ADMIT_PEOPLE], title="Admissions", recorded_by=self.secretary
        )
        self.task: Task = make.task("Soutien")
        self.set_rate("36.00", starts_on=date(2025, 12, 1))
        employer.classify(
            unit="54321",
            per_hundred_dollars=Decimal("0.95"),
            is_paid_with_quebec=True,
            starts_on=date(2026, 1, 1),
            notice="Décision de classification",
            by=self.preparer,
        )
        employer.tell_year(
            YEAR,
            sector="other",
            estimated_payroll=Decimal("700000.00"),
            associated_payroll=Decimal("0.00"),
            training_spent=Decimal("0.00"),
            notice="Prévisions",
            by=self.preparer,
        )
        deposits.set_originator(by=self.issuer, **LETTER)
        books.map_accounts(
            {place.key: (place.number, place.name) for place in books.places()}, by=self.preparer
        )
        for name in HOURS:
            if name != "Fay":
                self.admit(name)
        self.declare()

    def admit(self, name: str) -> None:
        person = lifecycle.admit_person(
            by=self.admitter,
            email=f"{name.lower()}@example.org",
            given_name=name,
            family_name="Essai",
            born_on=BORN.get(name, date(1985, 5, 1)),
        )
        starts_on = STARTED.get(name, make.LONG_AGO)
        lifecycle.start_work_status(
            person,
            by=self.admitter,
            kind="freelance" if name in FREELANCE else "salaried",
            tenure="permanent",
            job_title="Pigiste" if name in FREELANCE else "Membre travailleuse",
            starts_on=starts_on,
            agreed_minutes_per_week=0 if name in FREELANCE else int(sum(HOURS[name][0]) * 60),
        )
        if name not in FREELANCE:
            paths.start_membership(person, by=self.admitter, starts_on=starts_on, admitted_by=self.admission)
            profiles.declare_taxes(person, by=person, starts_on=max(starts_on, FIRST), sin="046 454 286")
        if name in DEPOSITED:
            number = f"{len(self.people) + 1000000}"
            bank_accounts.give(
                person,
                by=person,
                starts_on=max(starts_on, FIRST),
                institution="815",
                transit="30456",
                number=number,
            )
        self.people[name] = person

    def declare(self) -> None:
        """What people say before the year: overtime to bank, sales taxes, what they were owed already."""
        for name in ("Gus", "Lou"):
            person = self.people[name]
            profiles.bank_overtime(person, by=person, starts_on=FIRST, asked_on=date(2025, 12, 8))
        profiles.register_sales_taxes(
            self.people["Dov"],
            by=self.people["Dov"],
            starts_on=FIRST,
            gst_number="123456789 RT 0001",
            qst_number="1234567890 TQ 0001",
        )
        for name, last_year, this_year in (("Ana", "3100.00", "2450.00"), ("Kim", "1500.00", "0.00")):
            profiles.open_banks(
                self.people[name],
                by=self.preparer,
                on=FIRST,
                last_year=Decimal(last_year),
                this_year=Decimal(this_year),
                banked_minutes=0,
                earned_in_four_weeks=Decimal("5040.00"),
            )

    def set_rate(self, amount: str, *, starts_on: date, adopted_on: date | None = None) -> None:
        """The assembly adopts a rate; one member records the decision, another sets it."""
        decision = governance.record_decision(
            self.assembly,
            by=self.secretary,
            adopted_on=adopted_on or starts_on,
            effective_on=starts_on,
            title="Taux horaire unique",
            text=f"{amount} $ à compter du {starts_on}",
        )
        rates.set_rate(amount=Decimal(amount), starts_on=starts_on, decision=decision, by=self.teller)
        self.raises.append(decision)

    # Weeks ----------------------------------------------------------------------------------------

    def works(self, name: str, day: date) -> bool:
        """Has the person a status that day, and no leave? Only Kim works on holidays."""
        if day < STARTED.get(name, FIRST) or (name == "Gus" and day > GUS_LEAVES):
            return False
        if day in HOLIDAYS and name != "Kim":
            return False
        return not any(who == name and day in days for who, _kind, days in ABSENCES)

    def fill(self, name: str, week: date) -> WeekSheet:
        """The person writes the hours of a week and submits it."""
        person, rows = self.people[name], HOURS[name]
        row = rows[((week - FIRST) // WEEK) % len(rows)]
        wanted = {
            Cell(self.task.pk, None, week + DAY * place): Content(int(hours * 60))
            for place, hours in enumerate(row)
            if hours and self.works(name, week + DAY * place)
        }
        if wanted:
            saved = drafts.save_draft(person, week, wanted)
            assert saved.is_whole, saved.refused
        return workflow.submit(workflow.open_week(person, week), by=person)

    def approve(self, sheet: WeekSheet) -> None:
        digest = seen.digest_of(seen.lines_of(sheet.entries.all()))
        workflow.approve(sheet, by=self.approver, seen=digest)

    def week(self, name: str, week: date) -> None:
        self.approve(self.fill(name, week))

    def weeks(self, number: int) -> None:
        """Everybody's two weeks of a period, but for those that events deal with."""
        for week in (starts_of(number), starts_of(number) + WEEK):
            for name in self.people:
                if (name, week) in OTHERWISE or not any(self.works(name, week + DAY * n) for n in range(7)):
                    continue
                self.week(name, week)

    def correct_hours(self, name: str, day: date, hours: float) -> None:
        """The person says what an approved line should have been; the committee approves the difference."""
        entry = TimeEntry.objects.get(person=self.people[name], day=day, corrects=None)
        drafts.correct(entry, int(hours * 60), reason="Erreur de saisie", by=self.people[name])
        sheet = entry.sheet
        sheet.refresh_from_db()
        self.approve(workflow.submit(sheet, by=self.people[name]))

    def ask(self, name: str, kind: str, days: list[date]) -> Leave:
        """Leave is asked for and approved."""
        person = self.people[name]
        usual = HOURS[name][0]
        wanted = {day: int(usual[day.weekday()] * 60) for day in days}
        asked = leave.request(by=person, kind=kind, days=wanted)
        days_asked = dict(LeaveDay.objects.filter(leave=asked).values_list("day", "minutes"))
        return leave.approve(asked, by=self.approver, seen=leave.digest_of(asked, days_asked))

    # Pays -----------------------------------------------------------------------------------------

    def issue(self, run: PayRun, *, documents: bool = False) -> PayRun:
        """Somebody else issues it, and makes the deposit file where somebody is deposited."""
        run = runs.issue(run, by=self.issuer, documents=documents)
        self.runs.append(run)
        if deposits.split(run).deposits.stubs:
            self.files.append(deposits.make_file(run, by=self.issuer, because=BECAUSE)[0])
        return run

    def pay(self, number: int) -> PayRun:
        """The regular pay of a period: looked at on Tuesday, issued on Wednesday, paid on Thursday."""
        ends_on = starts_of(number + 1) - DAY
        self.at(ends_on + 2 * DAY)
        period = periods.starting(starts_of(number))
        run = runs.prepare(period, by=self.preparer, because=BECAUSE)
        self.at(ends_on + 3 * DAY)
        return self.issue(run, documents=self.has_documents and number == PAYS - 1)

    def remit(self, month: date) -> None:
        """What the pays of a month owe is paid to both governments."""
        for to in ("cra", "rq"):
            standing = standings.standing_of(to, month)
            if standing.left or not standing.remittances:
                remittances.record(
                    standing,
                    parts=standing.left,
                    paid_on=timezone.localdate(),
                    reference=f"{to} {month}",
                    because=BECAUSE,
                    seen=standing.digest,
                    by=self.preparer,
                )

    def pay_off_cycle(self, name: str, number: int) -> None:
        """The first week of a period is paid to somebody apart from the others."""
        self.week(name, starts_of(number))
        run = runs.prepare_off_cycle(
            [self.people[name]],
            through=starts_of(number) + 6 * DAY,
            pay_on=starts_of(number) + 9 * DAY,
            by=self.preparer,
            because="Avance demandée",
            rest=BECAUSE,
        )
        self.off_cycle = self.issue(run)

    def void(self, name: str, number: int, because: str) -> None:
        """A stub is taken back; the next pay pays what is due."""
        stub = self.stub(name, number)
        self.voided.append(stub)
        self.issue(runs.void_stub(stub, by=self.preparer, because=because))

    def correct(self, name: str, number: int, day: date, hours: float) -> None:
        """The hours of a day were wrong on a stub: both are corrected at once."""
        stub = self.stub(name, number)
        self.corrected.append(stub)
        self.correct_hours(name, day, hours)
        self.issue(runs.correct_stub(stub, by=self.preparer, because="Une ligne était fausse"))

    # The year -------------------------------------------------------------------------------------

    def live(self) -> None:
        self.open()
        events = sorted(_events(self), key=lambda event: event[0])
        for number in range(PAYS):
            due = starts_of(number + 1)  # the Monday after the period
            while events and events[0][0] < due:
                day, act = events.pop(0)
                self.at(day)
                act()
            self.at(due)
            self.weeks(number)
            self.pay(number)
        self.close()

    def close(self) -> None:
        """January and February 2027: the last remittance, the slips, what is paid once a year."""
        self.at(date(2027, 1, 12))
        self.remit(date(2026, 12, 1))
        self.at(date(2027, 1, 20))
        prepared = year_end.prepare(YEAR, by=self.preparer, dental="1", because=BECAUSE)
        self.year_end = year_end.confirm(prepared, by=self.issuer)
        self.at(date(2027, 2, 15))
        standing = standings.standing_of("rq-year", date(2026, 1, 1))
        remittances.record(
            standing,
            parts=standing.left,
            paid_on=date(2027, 2, 15),
            because=BECAUSE,
            seen=standing.digest,
            by=self.preparer,
        )


#: Weeks that are not simply worked, submitted and approved at the end of their period.
OTHERWISE = {("Cal", starts_of(6)), ("Cal", starts_of(10))}

Event = tuple[date, Callable[[], object]]


def _events(coop: Coop) -> Iterator[Event]:
    """All that happens beside working and paying, each on its day."""
    for name, kind, days in ABSENCES:
        ahead = AHEAD.get(kind)
        asked_on = days[0] - DAY * ahead if ahead else days[-1] + DAY
        yield asked_on, lambda name=name, kind=kind, days=days: coop.ask(name, kind, days)
    for month in range(1, 12):
        yield date(2026, month + 1, 12), lambda month=month: coop.remit(date(2026, month, 1))
    yield (
        date(2026, 1, 13),
        lambda: freelancers.number_invoice(
            coop.people["Dov"],
            by=coop.people["Dov"],
            period=periods.starting(starts_of(2)),
            number="D-2026-1",
        ),
    )
    # Hours approved too high: the next pay takes the difference back.
    yield starts_of(6), lambda: coop.correct_hours("Ana", starts_of(3) + DAY, 6)
    yield starts_of(6) + 8 * DAY, lambda: coop.pay_off_cycle("Cal", 6)
    yield date(2026, 4, 7), lambda: coop.admit("Fay")
    yield starts_of(9) + 5 * DAY, lambda: coop.void("Bea", 8, "Chèque perdu")
    yield starts_of(10) + 6 * DAY, lambda: coop.correct("Lou", 9, starts_of(9) + DAY, 9)
    yield starts_of(12) + DAY, lambda: coop.week("Cal", starts_of(10))
    yield date(2026, 6, 8), lambda: coop.set_rate("37.25", starts_on=RETROACTIVE, adopted_on=date(2026, 6, 6))
    yield (
        date(2026, 7, 20),
        lambda: lifecycle.end_work_status(
            coop.people["Gus"].work_statuses.get(), by=coop.admitter, ends_on=GUS_LEAVES
        ),
    )
    # This one paid the vacation of July, before it.
    yield date(2026, 8, 5), lambda: coop.correct("Ana", 13, starts_of(13) + DAY, 8)
    yield (
        date(2026, 8, 20),
        lambda: profiles.declare_taxes(
            coop.people["Ida"],
            by=coop.people["Ida"],
            starts_on=date(2026, 8, 20),
            qpp_stops_on=date(2026, 9, 1),
        ),
    )
    yield date(2026, 9, 21), lambda: coop.set_rate("38.10", starts_on=AUTUMN, adopted_on=date(2026, 9, 20))
    yield date(2026, 10, 13), lambda: coop.correct("Fay", 20, starts_of(20) + DAY, 4)
    # Deposited already: Kim gives the money back, and is paid again.
    yield date(2026, 11, 9), lambda: coop.void("Kim", 22, "Mauvais compte")
