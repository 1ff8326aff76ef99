"""A year of hours lived again through the verbs of the screens: imported, approved, paid, added up.

For trying the software on real hours: into an empty database, in the present of the machine. The
people of the file found the co-op; two of them approve, prepare and issue.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from members import governance, lifecycle
from members.founding import Founder, found
from members.models import Committee, Cooperative, Person, WorkStatus
from timesheets import hours, importing, workflow
from timesheets.seen import digest_of, lines_of

from . import rates, runs
from .calendar import Calendar
from .deductions.money import cents
from .models import PayRun, PayStub, StubLine
from .register import as_written, stubs_of

RATE = Decimal("21.50")
HOUR = 60
#: The amounts of a stub, as the files of worked cases name them.
AMOUNTS = {
    "federal_tax": ("deduction", "federal_tax"),
    "quebec_tax": ("deduction", "quebec_tax"),
    "qpp": ("deduction", "qpp"),
    "qpp2": ("deduction", "qpp2"),
    "qpip": ("deduction", "qpip"),
    "ei": ("deduction", "ei"),
    "qpp_employer": ("employer", "qpp"),
    "qpp2_employer": ("employer", "qpp2"),
    "qpip_employer": ("employer", "qpip"),
    "ei_employer": ("employer", "ei"),
    "hsf_employer": ("employer", "hsf"),
}
#: A row per stub; the Health Services Fund has no column there.
STUB_COLUMNS = ("person", "pay_date", "minutes", "gross", *list(AMOUNTS)[:-1], "net")


class NotEmpty(Refused):
    """A replay founds its own co-op: it never mixes with one that is there."""

    sentence = gettext_lazy(
        "There are already people in this database: a replay needs an empty one (set DATABASE_URL or VAR_DIR)."
    )


class NotReadable(Refused):
    """The file holds nothing that can be imported, or lines that cannot be."""


@dataclass
class Replay:
    """What a replay did: counts, and the seconds of each phase."""

    minutes_imported: int = 0
    entries: int = 0
    people: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    stopped: str = ""

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0) + time.monotonic() - began, 3)

    def report(self) -> dict[str, Any]:
        """Counts, totals in cents by amount, seconds by phase."""
        approved = hours.approved_days(date.max)
        paid = PayRun.objects.filter(issued_at__isnull=False).aggregate(
            first=Min("period__starts_on"), last=Max("period__ends_on"), runs=Count("pk")
        )
        within = sum(
            day.minutes for day in approved if paid["runs"] and paid["first"] <= day.day <= paid["last"]
        )
        earned = StubLine.objects.filter(side=StubLine.Side.EARNING).aggregate(
            minutes=Sum("minutes", default=0), amount=Sum("amount", default=Decimal(0))
        )
        report: dict[str, Any] = {
            "counts": {
                "people": self.people,
                "entries": self.entries,
                "minutes_imported": self.minutes_imported,
                "minutes_approved": sum(day.minutes for day in approved),
                "minutes_in_paid_periods": within,
                "minutes_paid": earned["minutes"],
                "runs": paid["runs"],
                "stubs": PayStub.objects.count(),
            },
            "totals": self._totals(earned["amount"]),
            "seconds": self.seconds | {"total": round(sum(self.seconds.values()), 3)},
        }
        return report | ({"stopped": self.stopped} if self.stopped else {})

    @staticmethod
    def _totals(gross: Decimal) -> dict[str, int]:
        rows = StubLine.objects.order_by().values_list("side", "code").annotate(total=Sum("amount"))
        sums = {(side, code): total for side, code, total in rows}
        amounts = {name: sums.get(place, Decimal(0)) for name, place in AMOUNTS.items()}
        withheld = sum(
            (amounts[name] for name, (side, _code) in AMOUNTS.items() if side == "deduction"), Decimal(0)
        )
        all_of_them = {"gross": gross, **amounts, "net": gross - withheld}
        return {name: int(amount * 100) for name, amount in all_of_them.items()}


def replay(
    content: bytes,
    *,
    first_period: date,
    pay_after: int,
    until: date,
    documents: bool = True,
) -> Replay:
    """Live the hours of a file in an empty database, pay by pay, until that pay date.

    Everyone is salaried with default tax forms, at one rate, paid for hours only; periods are of two weeks from
    `first_period`, paid `pay_after` days after their last day. Raises NotEmpty, NotReadable, Refused.
    """
    if Person.objects.exists() or Cooperative.objects.exists():
        raise NotEmpty
    done = Replay()
    with done.phase("read"):
        plan = importing.plan(content)
    if plan.refusals or not plan.writes:
        raise NotReadable(_refused_lines(plan))
    with done.phase("found"):
        one, two = _found(plan, first_period, pay_after)
    with done.phase("import"):
        imported = importing.apply(plan, by=one)
    done.entries, done.minutes_imported, done.people = (
        imported.entries,
        imported.minutes,
        len(imported.people),
    )
    sheets = sorted(imported.new_weeks, key=lambda sheet: (sheet.starts_on, sheet.person_id))
    calendar = Calendar(Cooperative.PayFrequency.BIWEEKLY, first_period, pay_after)
    last_day = max(row.day for row in plan.file.rows)
    for period in calendar.periods_from(first_period):
        if period.pay_on > until or period.starts_on > last_day:
            break
        due = [sheet for sheet in sheets if sheet.starts_on <= period.ends_on]
        with done.phase("approve"):
            _approve(due, one, two)
        sheets = sheets[len(due) :]
        try:
            with done.phase("prepare"):
                run = runs.prepare(period, by=one, because=_("A year of hours, lived again."))
        except runs.NothingToPay:
            continue
        except runs.Stopped as refusal:
            done.stopped = str(refusal)
            break
        with done.phase("issue"):
            runs.issue(run, by=two, documents=documents)
    with done.phase("approve"):
        _approve(sheets, one, two)
    return done


def stub_rows() -> Iterator[dict[str, Any]]:
    """A row per stub of every run, in the order they were paid."""
    for run in PayRun.objects.filter(issued_at__isnull=False).order_by("pay_on", "pk"):
        for stub in stubs_of(run).prefetch_related("lines"):
            draft = as_written(stub)
            amounts = {name: draft.by_code.get(AMOUNTS[name], Decimal(0)) for name in AMOUNTS}
            row = {
                "person": stub.person.email,
                "pay_date": run.pay_on,
                "minutes": draft.minutes,
                "gross": draft.gross,
                **amounts,
                "net": draft.net,
            }
            yield {
                name: f"{row[name]:.2f}" if isinstance(row[name], Decimal) else row[name]
                for name in STUB_COLUMNS
            }


def _refused_lines(plan: importing.Plan, most: int = 20) -> str:
    if not plan.refusals:
        return _("The file holds no hours.")
    lines = [
        _("Line %(line)d: %(sentence)s") % {"line": refusal.line, "sentence": refusal.sentence}
        for refusal in plan.refusals[:most]
    ]
    return "\n".join([str(importing.FileRefused(plan)), *lines])


def _found(plan: importing.Plan, first_period: date, pay_after: int) -> tuple[Person, Person]:
    """The co-op, its rate, and two of its people: whoever approves, prepares, issues is not alone."""
    spans = {someone.person.email: someone for someone in plan.people}
    founders = [
        Founder(someone.person.given_name, someone.person.family_name, email)
        for email, someone in list(spans.items())[:2]
    ]
    if len(founders) < 2:
        founders.append(Founder(_("Somebody"), _("Else"), "somebody.else@example.org"))
    founded_on = min(first_period, *(row.day for row in plan.file.rows))
    minutes = sum(row.minutes for row in plan.file.rows)
    people = found(
        name=_("Cooperative of the replay"),
        address="Montréal (Québec)",
        founders=founders,
        founded_on=founded_on,
        first_period_on=first_period,
        pay_frequency=Cooperative.PayFrequency.BIWEEKLY,
        pay_days_after=pay_after,
        yearly_payroll=cents(minutes * RATE / HOUR),
        # Hours are all that is paid in a replay: its amounts can be redone from the file alone.
        leave_paid_from=None,
    )
    one, two = people
    for person, other in ((one, two), (two, one)):
        if person.email in spans:
            lifecycle.start_work_status(
                person,
                by=other,
                kind=WorkStatus.Kind.SALARIED,
                tenure=WorkStatus.Tenure.OCCASIONAL,
                job_title=_("Worker-member"),
                starts_on=founded_on,
            )
    decision = governance.record_decision(
        Committee.objects.get(),
        by=one,
        adopted_on=founded_on,
        title=_("One hourly rate"),
        text=_("Every hour is paid the same, whatever the work."),
    )
    rates.set_rate(amount=RATE, starts_on=founded_on, decision=decision, by=two)
    return one, two


def _approve(sheets: Iterable, one: Person, two: Person) -> None:
    """Each week submitted by its owner and approved by somebody else. Weeks to come wait."""
    today = timezone.localdate()
    for sheet in sheets:
        if sheet.starts_on > today:
            continue
        workflow.submit(sheet, by=sheet.person)
        seen = digest_of(lines_of(sheet.entries.all()))
        workflow.approve(sheet, by=one if sheet.person != one else two, seen=seen)
