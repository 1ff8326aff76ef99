"""What to look at before a pay: what stops it, and what it may go ahead in spite of, with a reason."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from koumbit.said import Minutes, Said, nsaid, said, together, word
from members.models import Cooperative, Person, Power
from timesheets import hours
from timesheets.calendar_words import holiday_name
from timesheets.holidays import holiday_on
from timesheets.hours import Standing
from timesheets.leave_rules import latest_rules, rules_on

from . import freelancers, nets, periods, profiles, rates, watching
from .bank_days import bank_day_before, is_bank_day
from .calendar import Period
from .deductions import NotReviewed, editions_on, sales_taxes_on
from .earnings import Reason
from .models import OpeningAdjustment, OpeningBalance, PayPeriod, PayRun, PayStub
from .pays import Preview
from .periods import calendar_of

#: Kinds of leave for which something may be due, where the co-op does not have this software pay it.
PAID_ELSEWHERE = ("vacation", "sick", "family", "holiday")

# What findings are about.
DATES = gettext_noop("Period and pay date")
YEAR = gettext_noop("The year so far")
SHEETS = gettext_noop("Sheets")
AMOUNTS = gettext_noop("Hours and amounts")
HOURS = gettext_noop("Hours")
PEOPLE = gettext_noop("People")
REMITTED = gettext_noop("Remittances and slips")


class Severity(StrEnum):
    """`stop`: the pay cannot be prepared. `warn`: it can, by saying why."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing to look at, as a sentence, with the page where it is settled and the power it needs."""

    severity: Severity
    #: What it is about, as a msgid.
    about: str
    said: Said
    url: str = ""
    kwargs: dict[str, Any] = field(default_factory=dict)
    needs: Power | None = None
    query: dict[str, str] = field(default_factory=dict)
    # What the link says, where "See" would not be enough.
    label: str = ""

    @property
    def topic(self) -> str:
        return gettext(self.about)

    @property
    def sentence(self) -> str:
        return str(self.said)

    @property
    def key(self) -> str:
        """What a form calls this finding: the same as long as it says the same, in any language."""
        content = json.dumps([self.about, self.said.kept()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def stops(self) -> bool:
        return self.severity == Severity.STOP

    @property
    def address(self) -> str:
        """The page where it is settled, empty when there is none."""
        return reverse(self.url, kwargs=self.kwargs, query=self.query or None) if self.url else ""


def not_reviewed(refusal: NotReviewed) -> Said:
    """Why a pay date is refused."""
    return said(refusal.message, **refusal.params)


def stops(period: Period, *, off_cycle: bool = False) -> Iterator[Finding]:
    """What stops a pay before anything is computed."""
    try:
        editions_on(period.pay_on)
        sales_taxes_on(period.pay_on)
    except NotReviewed as refusal:
        yield Finding(Severity.STOP, DATES, not_reviewed(refusal), "payroll:tables")
    waiting = PayRun.objects.filter(kind__in=PayRun.OF_WHAT_IS_DUE, issued_at=None).first()
    if waiting:
        yield Finding(
            Severity.STOP,
            DATES,
            said(
                "The pay of %(day)s is prepared and not issued: issue it or withdraw it first.",
                day=waiting.pay_on,
            ),
            "payroll:run",
            {"pk": waiting.pk},
        )
    if off_cycle:
        return
    later = PayPeriod.objects.paid().filter(ends_on__gte=period.starts_on).order_by("starts_on").first()
    if later and not (waiting and waiting.period_id == later.pk):
        yield Finding(
            Severity.STOP,
            DATES,
            said(
                "The period from %(first)s to %(last)s already has its pay: hours approved since are "
                "paid by the next one.",
                first=later.starts_on,
                last=later.ends_on,
            ),
            "payroll:runs",
        )


def preflight(
    period: Period,
    seen: Preview | None,
    *,
    people: Collection[int] | None = None,
    today: date | None = None,
) -> list[Finding]:
    """All that should be looked at before this pay, what stops it first.

    `seen` is its preview; without one (the tables stop it), only what does not need it is said. An
    off-cycle pay has its `people`: nothing is said of the others.
    """
    today = today or timezone.localdate()
    is_apart = people is not None
    found = [
        *stops(period, off_cycle=is_apart),
        *_pay_date(period, today, is_apart=is_apart),
        *(() if is_apart else _about_days(period, today)),
        *_openings(period),
        *_sheets(period, people),
    ]
    if seen:
        found += [
            *_minimum_wage(seen),
            *_about_hours(seen),
            *_paid_again(seen),
            *_about_people(seen),
            *_about_freelancers(seen),
        ]
        found += _about_leave(seen) if seen.due.terms else _leave(period, people)
    return sorted(found, key=lambda finding: (not finding.stops, finding.topic))


def correction_preflight(seen: Preview, *, today: date | None = None) -> list[Finding]:
    """What to look at before the correction of one stub."""
    return [
        *_about_hours(seen),
        *_about_people(seen),
        *_already_remitted(seen, today or timezone.localdate()),
    ]


def _already_remitted(seen: Preview, today: date) -> Iterator[Finding]:
    """A correction keeps the date of its stub: what was declared for that date changes."""
    pay_on = seen.period.pay_on
    if pay_on.year < today.year:
        yield Finding(
            Severity.WARN,
            REMITTED,
            said(
                "The stub is of %(year)s: what is owed to both governments for that year changes, and the "
                "slips of %(year)s, if they are out, are to be amended.",
                year=pay_on.year,
            ),
        )
    elif (pay_on.year, pay_on.month) < (today.year, today.month):
        yield Finding(
            Severity.WARN,
            REMITTED,
            said(
                "The stub was paid on %(day)s: what is owed to both governments for that date changes.",
                day=pay_on,
            ),
        )


def _pay_date(period: Period, today: date, *, is_apart: bool) -> Iterator[Finding]:
    day = period.pay_on
    if is_apart and day < today:
        yield Finding(
            Severity.WARN,
            DATES,
            said("The pay date, %(day)s, is past.", day=day),
        )
    if is_bank_day(day):
        return
    proposed = bank_day_before(day)
    if holiday_on(day):
        sentence = said(
            "The pay date, %(day)s, is a statutory holiday (%(holiday)s): no bank pays that day. The "
            "business day before is %(proposed)s.",
            day=day,
            proposed=proposed,
            holiday=word(partial(holiday_name, day)),
        )
    else:
        sentence = said(
            "The pay date, %(day)s, is on a weekend: no bank pays that day. The business day before is "
            "%(proposed)s.",
            day=day,
            proposed=proposed,
        )
    if proposed.year != day.year:
        sentence = together(sentence, said("That day is in another tax year: the pay would count in it."))
    yield Finding(
        Severity.WARN,
        DATES,
        sentence,
        "" if is_apart else "payroll:run_preview",
        {} if is_apart else {"first": period.starts_on},
        query={"pay_on": proposed.isoformat()},
        label=_("Pay on %(day)s") % {"day": written(proposed)},
    )


def _about_days(period: Period, today: date) -> Iterator[Finding]:
    if today <= period.ends_on:
        yield Finding(
            Severity.WARN,
            DATES,
            said(
                "The period lasts until %(day)s: hours of the days to come will be paid by the next pay.",
                day=period.ends_on,
            ),
        )
    next_one = next(periods.coming(today))
    if PayPeriod.objects.paid().exists() and next_one.ends_on < period.starts_on:
        yield Finding(
            Severity.WARN,
            DATES,
            said(
                "The period that starts on %(day)s has no pay: this one pays its hours, as late ones.",
                day=next_one.starts_on,
            ),
            "payroll:run_preview",
            {"first": next_one.starts_on},
        )


def _minimum_wage(seen: Preview) -> Iterator[Finding]:
    """No hour is paid less than the minimum wage. The pay goes ahead: less would be paid by stopping it."""
    first, last = seen.period.starts_on, seen.period.ends_on
    for shortfall in rates.shortfalls(first, last, known=seen.due.rates.recorded):
        sentence = watching.too_low(shortfall, last)
        yield Finding(Severity.WARN, AMOUNTS, sentence, "payroll:rates")


def _openings(period: Period) -> Iterator[Finding]:
    """What was paid in the year before this software, and is not counted."""
    year = period.pay_on.year
    waits = OpeningAdjustment.objects.filter(balance=OuterRef("pk"), confirmed_at=None)
    balances = OpeningBalance.objects.filter(year=year).order_by().annotate(waits=Exists(waits))
    rows = list(balances.values_list("confirmed_at", "waits"))
    confirmed = [confirmed_at for confirmed_at, _waits in rows]
    if adjusted := sum(is_waiting for _confirmed_at, is_waiting in rows):
        sentence = nsaid(
            "%(count)s adjustment of an opening balance of %(year)s is not confirmed: the pay does not count it.",
            "%(count)s adjustments of opening balances of %(year)s are not confirmed: the pay does not count them.",
            adjusted,
            year=year,
        )
        yield Finding(Severity.WARN, YEAR, sentence, "payroll:openings")
    if waiting := confirmed.count(None):
        sentence = nsaid(
            "%(count)s opening balance of %(year)s is not confirmed: the pay does not count it.",
            "%(count)s opening balances of %(year)s are not confirmed: the pay does not count them.",
            waiting,
            year=year,
        )
        yield Finding(Severity.WARN, YEAR, sentence, "payroll:openings")
    if confirmed or PayStub.objects.paid_in(year).exists():
        return
    first = calendar_of(Cooperative.objects.get()).pay_dates(year)[0]
    if first < period.pay_on:
        yield Finding(
            Severity.WARN,
            YEAR,
            said(
                "This is the first pay of %(year)s made here. If people were already paid this year, have their "
                "opening balances entered: the yearly maximums and the slips count them.",
                year=year,
            ),
            "payroll:openings",
        )


UNSETTLED = {
    Standing.MISSING: gettext_noop("%(person)s has no sheet for the week of %(day)s."),
    Standing.DRAFT: gettext_noop("%(person)s has not submitted the week of %(day)s (%(time)s)."),
    Standing.QUESTIONED: gettext_noop(
        "%(person)s has a question to answer on the week of %(day)s (%(time)s)."
    ),
    Standing.WAITING: gettext_noop("%(person)s's week of %(day)s waits for the committee (%(time)s)."),
}


def _sheets(period: Period, people: Collection[int] | None) -> Iterator[Finding]:
    unsettled = hours.unsettled_sheets(period.starts_on, period.ends_on, people=people)
    names = Person.objects.in_bulk({sheet.person_id for sheet in unsettled})
    for sheet in unsettled:
        sentence = said(
            UNSETTLED[sheet.state],
            person=names[sheet.person_id],
            day=sheet.week_starts_on,
            time=Minutes(sheet.minutes),
        )
        url = "timesheets:review" if sheet.url_kwargs else "timesheets:queue"
        yield Finding(Severity.WARN, SHEETS, sentence, url, dict(sheet.url_kwargs), Power.APPROVE_HOURS)


def _about_hours(seen: Preview) -> Iterator[Finding]:
    if seen.due.without_rate:
        yield Finding(
            Severity.STOP,
            AMOUNTS,
            said(
                "No hourly rate is in force on %(day)s: have the decision that sets it recorded.",
                day=seen.due.without_rate[0],
            ),
            "payroll:rates",
        )
    without = seen.due.without_status
    names = Person.objects.in_bulk(without)
    for person_id, days in without.items():
        sentence = nsaid(
            "%(person)s has approved hours on %(day)s and no work status that day: they are not paid.",
            "%(person)s has approved hours on %(count)s days without a work status, from %(day)s: "
            "they are not paid.",
            len(days),
            person=names[person_id],
            day=days[0],
        )
        yield Finding(
            Severity.WARN,
            AMOUNTS,
            sentence,
            "members:person",
            {"pk": person_id},
        )
    for left in seen.carried:
        if left.gross < 0:
            message = gettext_noop(
                "%(person)s was paid %(amount)s too much: nothing is paid to them this time, it is carried "
                "to their next pay. If they were paid as the wrong kind of worker, void that stub."
            )
        elif left.net < 0:
            message = gettext_noop(
                "%(person)s has %(amount)s due, less than their deductions: it is carried to their next pay."
            )
        elif left.gross:
            message = gettext_noop(
                "%(person)s has %(amount)s due: it waits until what was overpaid is settled."
            )
        else:
            continue
        sentence = said(message, person=left.person, amount=abs(left.gross))
        yield Finding(Severity.WARN, AMOUNTS, sentence, "members:person", {"pk": left.person.pk})


def _paid_again(seen: Preview) -> Iterator[Finding]:
    """Hours of a voided stub that this pay pays again: the money of that stub must have come back."""
    again = {
        (stub.person.pk, line.week)
        for stub in seen.stubs
        for line in stub.earnings
        if line.reason == Reason.VOID
    }
    if not again:
        return
    voided = PayStub.objects.filter(
        voided_by__kind=PayRun.Kind.VOID,
        voided_by__issued_at__isnull=False,
        person__in={person_id for person_id, _week in again},
    )
    stubs = [
        stub
        for stub in voided.select_related("run", "person").prefetch_related("lines").order_by("pk")
        if any((stub.person_id, line.week_starts_on) in again for line in stub.lines.all())
    ]
    for pk, sentence in nets.to_get_back(stubs).items():
        (run,) = (stub.run_id for stub in stubs if stub.pk == pk)
        told = together(sentence, said("This pay pays the hours of that stub again."))
        yield Finding(Severity.WARN, AMOUNTS, told, "payroll:run_money", {"pk": run})


def _about_people(seen: Preview) -> Iterator[Finding]:
    salaried = [stub.person for stub in seen.stubs if stub.kind == PayStub.Kind.STUB]
    problems = profiles.problems_on(salaried, seen.period.pay_on)
    for person in salaried:
        for sentence in problems.get(person.pk, ()):
            yield Finding(
                Severity.WARN,
                PEOPLE,
                said("%(person)s: %(problem)s.", person=person, problem=sentence),
                "payroll:profile_of",
                {"pk": person.pk},
                Power.PREPARE_PAY,
            )
        if person.born_on is None:
            yield Finding(
                Severity.WARN,
                PEOPLE,
                said(
                    "%(person)s has no date of birth on file: their age cannot exempt them from QPP.",
                    person=person,
                ),
                "members:person",
                {"pk": person.pk},
            )


def _about_freelancers(seen: Preview) -> Iterator[Finding]:
    """Who has no registration numbers, and is paid more than a small supplier may sell, or nearly."""
    unregistered = [
        stub for stub in seen.stubs if stub.kind == PayStub.Kind.STATEMENT and not stub.registration
    ]
    if not unregistered:
        return
    now = {stub.person.pk: stub.gross for stub in unregistered}
    watched = freelancers.watch(now, seen.period.pay_on, with_this=now)
    for stub in unregistered:
        if sentence := freelancers.about_limit(stub.person, watched[stub.person.pk]):
            yield Finding(
                Severity.WARN,
                PEOPLE,
                sentence,
                "payroll:sales_taxes_of",
                {"pk": stub.person.pk},
                Power.PREPARE_PAY,
            )


def _about_leave(seen: Preview) -> Iterator[Finding]:
    """Vacation that its bank cannot pay, and holidays whose wages were paid before the co-op started here."""
    short = seen.due.short
    for person in Person.objects.filter(pk__in=short).by_name():
        yield Finding(
            Severity.WARN,
            AMOUNTS,
            said(
                "%(person)s has %(time)s of approved vacation more than their vacation bank holds: "
                "those last minutes are not paid until it does.",
                person=person,
                time=Minutes(short[person.pk]),
            ),
            "payroll:banks_of",
            {"pk": person.pk},
            Power.PREPARE_PAY,
        )
    if rules_on(seen.period.ends_on) is None:
        yield Finding(
            Severity.WARN,
            AMOUNTS,
            said(
                "What the law has paid of sick and family days was reviewed through %(day)s: days after it are "
                "not paid by this run.",
                day=latest_rules().reviewed_through,
            ),
        )
    for day, people in seen.due.unknown_base.items():
        yield Finding(
            Severity.WARN,
            AMOUNTS,
            nsaid(
                "The indemnity of %(holiday)s (%(day)s) is 1/20 of the wages of the four weeks before it, some of "
                "which come before the first period here. What %(count)s person earned in them is not said "
                "in their pay file, under their banks.",
                "The indemnity of %(holiday)s (%(day)s) is 1/20 of the wages of the four weeks before it, some of "
                "which come before the first period here. What %(count)s people earned in them is not said "
                "in their pay files, under their banks.",
                len(people),
                holiday=word(partial(holiday_name, day)),
                day=day,
            ),
        )


def _leave(period: Period, people: Collection[int] | None) -> Iterator[Finding]:
    """Leave that the law or the co-op may have to pay, where it has this software pay none."""
    minutes: Counter[int] = Counter()
    found = hours.approved_leave(period.ends_on, since=period.starts_on, people=people, kinds=PAID_ELSEWHERE)
    for day in found:
        minutes[day.person_id] += day.minutes
    for person in Person.objects.filter(pk__in=minutes).by_name():
        yield Finding(
            Severity.WARN,
            HOURS,
            said(
                "%(person)s has %(time)s of approved vacation, sick, family or holiday leave in this period: "
                "the cooperative pays it otherwise, and this run does not.",
                person=person,
                time=Minutes(minutes[person.pk]),
            ),
            "members:person",
            {"pk": person.pk},
        )
