"""What a salaried person's leave is worth in the weeks a pay settles, whoever paid it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from members.models import WorkStatus
from timesheets import hours, legal_week

from . import earnings, indemnities, vacation
from .deductions.money import ZERO
from .deductions.parameters import LeavePay
from .earnings import Code, Line, Worked
from .in_force import Rates, Spans
from .indemnities import Indemnity
from .settling import Scope, Settled, Sick, Terms, is_salaried


class Owed(NamedTuple):
    """The lines of somebody's leave, the indemnities among them, and the vacation their bank cannot pay."""

    lines: list[Line]
    indemnities: list[Indemnity] = []
    short: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """Approved leave that is paid, by person: drawn from the overtime bank, vacation, holidays, sick days.

    `later` are the minutes of leave that a bank has promised for after this pay, by kind; `off` those of the
    days that fill the legal week as hours worked do, paid here or otherwise.
    """

    rates: Rates
    since: date
    settled: Settled
    terms: Terms | None
    sick: Sick
    taken: dict[int, list[Worked]]
    vacation: dict[int, list[Worked]]
    holidays: dict[int, dict[date, int]]
    later: Counter[tuple[int, str]]
    off: dict[int, Counter[date]]
    statuses: Spans

    @classmethod
    def read(
        cls,
        settled: Settled,
        scope: Scope,
        since: date,
        terms: Terms | None,
        statuses: Spans,
        sick: Sick,
        rates: Rates,
    ) -> "Leave":
        """One query, whatever the number of people."""
        kinds = [hours.BANKED_LEAVE, *legal_week.COUNTED]
        taken, vacations = defaultdict(list), defaultdict(list)
        later: Counter[tuple[int, str]] = Counter()
        off: dict[int, Counter[date]] = defaultdict(Counter)
        for of in hours.approved_leave(date.max, since=settled.oldest, kinds=kinds):
            if (of.person_id, of.week_starts_on) not in settled:
                continue
            day = Worked(of.day, of.week_starts_on, of.minutes)
            if not is_salaried(statuses, of.person_id, of.day):
                continue
            if of.kind in legal_week.COUNTED:
                off[of.person_id][of.day] += of.minutes
            if of.kind == hours.COMPENSATORY:
                continue
            if of.kind == hours.BANKED_LEAVE and scope.counts(of.person_id, of.day):
                taken[of.person_id].append(day)
            elif terms and of.kind == hours.VACATION and of.begins_on < terms.before:
                if of.day >= terms.since:
                    vacations[of.person_id].append(day)
            else:
                later[of.person_id, of.kind] += of.minutes
        holidays: dict[int, dict[date, int]] = defaultdict(dict)
        for week, days in terms.holidays.items() if terms else ():
            who = statuses.facts if week >= settled.recent else settled.older_people
            for person_id in who:
                if (person_id, week) in settled:
                    held = sum(
                        is_salaried(statuses, person_id, day) and scope.counts(person_id, day) for day in days
                    )
                    if held:
                        holidays[person_id][week] = held
        own = {
            person_id: {week: days for week, days in weeks.items() if (person_id, week) in settled}
            for person_id, weeks in sick.items()
        }
        return cls(rates, since, settled, terms, own, taken, vacations, holidays, later, off, statuses)

    @property
    def people(self) -> set[int]:
        return {*self.taken, *self.vacation, *self.holidays, *self.sick}

    def fills(self, person_id: int, worked: Collection[Worked]) -> dict[date, int]:
        """The minutes of their weeks with hours that vacation, and holidays not worked, fill (s. 56)."""
        off: Mapping[date, int] = self.off.get(person_id, {})
        weeks = {day.week for day in worked}
        weeks = weeks if off else {week for week in weeks if legal_week.holidays_in(week)}
        if not weeks:
            return {}
        by_week: dict[date, Counter[date]] = {week: Counter() for week in weeks}
        for day in worked:
            if day.week in weeks:
                by_week[day.week][day.day] += day.minutes

        def agreed_on(day: date) -> int:
            status = self.statuses.on(person_id, day)
            is_paid = status is not None and status.kind == WorkStatus.Kind.SALARIED
            return status.agreed_minutes_per_week if is_paid else 0

        found = {
            week: legal_week.filled(legal_week.days_off(week, off, agreed_on), own)
            for week, own in by_week.items()
        }
        return {week: minutes for week, minutes in found.items() if minutes}

    def unknown_base(self, recent: date, since: date, known: set[int]) -> dict[date, set[int]]:
        """The holidays of this pay whose four weeks start before the first day that is paid here, and for whom.

        Whoever has said what they earned in these weeks is `known`.
        """
        found: dict[date, set[int]] = defaultdict(set)
        if self.terms is None:
            return found
        for person_id, weeks in self.holidays.items():
            for week in weeks:
                if (
                    week >= recent
                    and person_id not in known
                    and indemnities.weeks_before(week, self.terms.law)[0] < since
                ):
                    found[self.terms.holidays[week][0]].add(person_id)
        return found

    def owed(
        self,
        person_id: int,
        worked: list[Line],
        already: list[Line],
        wages: Mapping[date, Decimal],
        available: Decimal,
    ) -> Owed:
        """What a salaried person's leave in these weeks is worth, beside what they `worked`.

        `already` is what was paid of these weeks, `wages` what was earned in those before them,
        `available` what is left of their vacation. Raises NoRate.
        """
        lines = earnings.taken(self.taken.get(person_id, ()), self.rates.on, since=self.since)
        if self.terms is None:
            return Owed(lines)
        paid = [line for line in already if line.code == Code.VACATION]
        due = vacation.due(self.vacation.get(person_id, ()), paid, self.rates.on, max(ZERO, available))
        lines += due.lines
        own = self._indemnities(person_id, [*worked, *lines], wages, self.terms.law)
        return Owed([*lines, *(indemnity.line for indemnity in own)], own, due.short)

    def _indemnities(
        self, person_id: int, lines: Iterable[Line], before: Mapping[date, Decimal], law: LeavePay
    ) -> list[Indemnity]:
        """Those of the weeks that are settled, oldest first: each is a part of what the earlier ones are."""
        holidays, sick = self.holidays.get(person_id, {}), self.sick.get(person_id, {})
        weeks = sorted({*holidays, *sick})
        if not weeks:
            return []
        wages: dict[date, Decimal] = defaultdict(lambda: ZERO, before)
        for line in lines:
            if line.code in earnings.IN_BASE:
                wages[line.week] += line.amount
        found = []
        for week in weeks:
            days = Fraction(holidays.get(week, 0))
            absences = sick.get(week, ())
            of_week = [
                indemnities.of_week(week, Code.HOLIDAY, wages, law, days=days),
                indemnities.of_week(
                    week,
                    Code.SICK,
                    wages,
                    law,
                    days=sum((absence.share for absence in absences), Fraction(0)),
                    minutes=sum(absence.minutes for absence in absences),
                ),
            ]
            for indemnity in of_week:
                if indemnity.amount or indemnity.minutes:
                    wages[week] += indemnity.amount
                    found.append(indemnity)
        return found
