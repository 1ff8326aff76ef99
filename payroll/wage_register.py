"""The wage register the law asks every employer to keep, per person and pay period, letter by letter.

Source: Regulation respecting a registration system or the keeping of a register (CQLR, c. N-1.1, r. 6),
s. 1. Hours are those approved; amounts those of the issued stubs. Tips do not exist here (p, q).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit.formats import day as written
from koumbit.formats import hours as length
from members.models import Cooperative, Person
from timesheets import hours, weeks
from timesheets.calendar_words import holiday_name
from timesheets.holidays import holidays_of

from . import vacation
from .deductions.money import ZERO, cents
from .models import PayStub, StubLine
from .service import Service, at, services_of
from .vacation import ReferenceYear

Side, Code = StubLine.Side, StubLine.Code
ADULT = 18
VACATION, HOLIDAY = "vacation", "holiday"
HOUR = Decimal(60)


@dataclass(frozen=True)
class Week:
    """A legal week within a pay period: its days worked with their minutes."""

    starts_on: date
    days: list[tuple[date, int]]

    @property
    def minutes(self) -> int:
        return sum(minutes for _day, minutes in self.days)

    @property
    def days_worked(self) -> int:
        return len(self.days)


@dataclass(frozen=True)
class Entry:
    """One pay of a person in the register; the comments name the letters of the regulation."""

    stub: PayStub
    number: str
    weeks: list[Week]  # a, b, d
    overtime_minutes: int  # c, paid with its half
    banked_minutes: int  # c, replaced by leave
    rates: list[Decimal]  # e
    premiums: list[tuple[str, Decimal]]  # f
    gross: Decimal  # g
    deductions: list[tuple[str, Decimal]]  # h
    net: Decimal  # i
    period: tuple[date, date]  # j
    pay_on: date  # k
    reference_year: ReferenceYear  # l
    vacation: str  # m
    departures: list[date]  # n
    holidays: list[tuple[date, str]]  # o

    @property
    def minutes(self) -> int:
        return sum(week.minutes for week in self.weeks)


@dataclass(frozen=True)
class PersonRegister:
    """One person's register: who they are, and each of their pays, in order."""

    person: Person
    service: Service | None
    born_on: date | None  # r, only while under 18
    entries: list[Entry]


def registers(year: int, *, people: Collection[int] | None = None) -> list[PersonRegister]:
    """The register of the salaried people paid in a year, by name. The same few queries for any number."""
    stubs = _stubs(year, people)
    if not stubs:
        return []
    own = {stub.person_id for stub in stubs}
    periods = [_period(stub) for stub in stubs]
    first, last = min(period[0] for period in periods), max(period[1] for period in periods)
    worked: dict[int, dict[date, int]] = defaultdict(dict)
    for day in hours.approved_days(last, since=first, people=own):
        if day.minutes > 0:
            worked[day.person_id][day.day] = day.minutes
    away: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    # The day before tells whether a vacation goes on from the period before.
    for leave in hours.approved_leave(
        last, since=first - timedelta(days=7), people=own, kinds=[VACATION, HOLIDAY]
    ):
        away[leave.person_id][leave.kind].append(leave.day)
    services, cooperative = services_of(own), Cooperative.objects.get()
    replaced = {stub.facts["corrects"]["number"] for stub in stubs if "corrects" in stub.facts}
    found: dict[Person, list[Entry]] = defaultdict(list)
    for stub in stubs:
        service = at(services[stub.person_id], _period(stub)[1])
        # What takes a stub back repeats its amounts, not the hours that were worked; a corrected stub
        # leaves them to the one that replaces it; two pays of one period do not both have its days.
        has_hours = "voids" not in stub.facts and stub.facts["number"] not in replaced
        days = _taken(worked[stub.person_id], *_period(stub)) if has_hours else {}
        found[stub.person].append(_entry(stub, days, away[stub.person_id], service, cooperative))
    return [
        PersonRegister(
            person,
            at(services[person.pk], entries[-1].period[1]),
            person.born_on if _is_minor(person, entries[0].period[0]) else None,
            entries,
        )
        for person, entries in found.items()
    ]


def people_in(year: int) -> QuerySet[Person]:
    """The salaried people paid in a year, by name."""
    paid = PayStub.objects.paid_in(year).filter(kind=PayStub.Kind.STUB)
    return Person.objects.filter(pk__in=paid.values("person")).by_name()


def _stubs(year: int, people: Collection[int] | None) -> list[PayStub]:
    stubs = PayStub.objects.paid_in(year).filter(kind=PayStub.Kind.STUB)
    if people is not None:
        stubs = stubs.filter(person__in=people)
    rows = stubs.select_related("run", "person").prefetch_related("lines")
    return list(rows.order_by("person__sort_name", "person", "run__pay_on", "pk"))


def _period(stub: PayStub) -> tuple[date, date]:
    return date.fromisoformat(stub.facts["period_starts_on"]), date.fromisoformat(
        stub.facts["period_ends_on"]
    )


def _is_minor(person: Person, day: date) -> bool:
    return person.born_on is not None and relativedelta(day, person.born_on).years < ADULT


def _taken(worked: dict[date, int], first: date, last: date) -> dict[date, int]:
    """The days worked from a day to a day, taken out of those that no entry has yet."""
    return {day: worked.pop(day) for day in sorted(worked) if first <= day <= last}


def _entry(
    stub: PayStub,
    days: dict[date, int],
    away: dict[str, list[date]],
    service: Service | None,
    cooperative: Cooperative,
) -> Entry:
    first, last = _period(stub)
    lines = list(stub.lines.all())
    earned = [line for line in lines if line.side == Side.EARNING]
    deducted = [(str(line.get_code_display()), line.amount) for line in lines if line.side == Side.DEDUCTION]
    gross = sum((line.amount for line in earned), ZERO)
    reference = vacation.year_of(stub.run.pay_on, cooperative.vacation_year_month)
    return Entry(
        stub=stub,
        number=stub.facts["number"],
        weeks=_weeks(days, cooperative.week_starts_on),
        overtime_minutes=_minutes(earned, Code.OVERTIME),
        banked_minutes=_minutes(earned, Code.BANKED),
        rates=sorted({line.rate for line in earned if line.rate is not None}),
        premiums=_premiums(earned),
        gross=gross,
        deductions=deducted,
        net=gross - sum((amount for _label, amount in deducted), ZERO),
        period=(first, last),
        pay_on=stub.run.pay_on,
        reference_year=reference,
        vacation=vacation_length(service, reference),
        departures=_departures(away[VACATION], first, last),
        holidays=_holidays(away[HOLIDAY], first, last),
    )


def _weeks(days: dict[date, int], starts_on: int) -> list[Week]:
    found: dict[date, list[tuple[date, int]]] = defaultdict(list)
    for day, minutes in days.items():
        found[weeks.week_of(day, starts_on)].append((day, minutes))
    return [Week(week, own) for week, own in found.items()]


def _minutes(lines: Iterable[StubLine], code: str) -> int:
    return sum(line.minutes or 0 for line in lines if line.code == code)


def _premiums(lines: Iterable[StubLine]) -> list[tuple[str, Decimal]]:
    """Everything earned that is not time at the usual rate, summed by kind."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.code != Code.REGULAR and line.amount:
            sums[str(line.get_code_display())] += line.amount
    return list(sums.items())


def vacation_length(service: Service | None, year: ReferenceYear) -> str:
    """How long the vacation earned by the end of a reference year lasts, in words."""
    if service is None:
        return ""
    length = vacation.length_of(year, [vacation.Service(service.since, service.until)])
    if length.weeks:
        return ngettext("%(count)s week", "%(count)s weeks", length.weeks) % {"count": length.weeks}
    return ngettext("%(count)s day", "%(count)s days", length.days) % {"count": length.days}


def _departures(days: list[date], first: date, last: date) -> list[date]:
    """The days on which a vacation begins: no day of it in the three days before, as over a weekend."""
    known = set(days)
    return [
        day
        for day in sorted(known)
        if first <= day <= last and not any(day - timedelta(days=back) in known for back in (1, 2, 3))
    ]


def _holidays(compensated: list[date], first: date, last: date) -> list[tuple[date, str]]:
    """Statutory holidays of a period, and the compensatory days taken for one."""
    statutory = [
        (day, holiday_name(day))
        for year in {first.year, last.year}
        for day in holidays_of(year)
        if first <= day <= last
    ]
    taken = [(day, _("compensatory day")) for day in compensated if first <= day <= last]
    return sorted([*statutory, *taken])


# Files --------------------------------------------------------------------------------------------


def table(year: int, found: list[PersonRegister], masked: dict[int, str]) -> list[list[Any]]:
    """The register as rows of cells, a row per pay. `masked`: social insurance numbers, as they are shown."""
    rows: list[list[Any]] = [
        [_("Wage register of %(year)s (N-1.1, r. 6, s. 1)") % {"year": year}],
        [
            _("Person"),
            _("Number"),
            _("Address"),
            _("Social insurance number"),
            _("Employment"),
            _("Start date"),
            _("Date of birth, if under 18"),
            _("First day of the period"),
            _("Last day of the period"),
            _("Date of payment"),
            _("Hours per day"),
            _("Hours per week"),
            _("Days of work per week"),
            _("Total hours"),
            _("Overtime paid, hours"),
            _("Overtime banked, hours"),
            _("Rate"),
            _("Premiums and indemnities"),
            _("Gross"),
            _("Deductions"),
            _("Net"),
            _("Reference year"),
            _("Annual vacation"),
            _("Vacation begins"),
            _("Holidays"),
        ],
    ]
    for own in found:
        rows += [_row(own, entry, masked.get(own.person.pk, "")) for entry in own.entries]
    return rows


def _row(own: PersonRegister, entry: Entry, sin: str) -> list[Any]:
    def amounts(pairs: list[tuple[str, Decimal]]) -> str:
        return "; ".join(f"{label}: {amount:.2f}" for label, amount in pairs)

    def clock(minutes: int) -> Decimal:
        return cents(minutes / HOUR)

    return [
        str(own.person),
        entry.number,
        " ".join(own.person.address.split()),
        sin,
        own.service.job_title if own.service else "",
        own.service.since if own.service else "",
        own.born_on or "",
        *entry.period,
        entry.pay_on,
        "; ".join(f"{day}: {length(minutes)}" for week in entry.weeks for day, minutes in week.days),
        "; ".join(f"{week.starts_on}: {length(week.minutes)}" for week in entry.weeks),
        "; ".join(str(week.days_worked) for week in entry.weeks),
        clock(entry.minutes),
        clock(entry.overtime_minutes),
        clock(entry.banked_minutes),
        "; ".join(f"{rate:.2f}" for rate in entry.rates),
        amounts(entry.premiums),
        entry.gross,
        amounts(entry.deductions),
        entry.net,
        f"{entry.reference_year.starts_on} – {entry.reference_year.ends_on}",
        entry.vacation,
        "; ".join(written(day) for day in entry.departures),
        "; ".join(f"{day} {name}" for day, name in entry.holidays),
    ]
