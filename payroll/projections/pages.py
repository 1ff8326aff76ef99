"""What the pages of projections show: rows of words, pictures, sentences. Every figure comes from an `Outlook`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from koumbit.charts import Chart, Curve, Picture, Series, curves, stacked
from koumbit.formats import day as written
from koumbit.formats import dollars, hours, percent
from timesheets.hours import minutes_by_service

from ..deductions import sales_taxes_on
from ..deductions.money import ZERO, cents, whole_dollars
from ..models import ExpectedAmount, Projection, Supposition
from .actual import Compared
from .facts import Facts
from .months import after, last_day, month_of
from .outlook import NO_SERVICE, Month, Outlook
from .paying import known_day

#: Of the hours of a service, the last months that are averaged.
LATELY = 3
#: Names of months below a picture, so that none runs into the next.
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table whose columns are scenarios or projections, each cell as it is read."""

    label: str
    cells: Sequence[str]
    is_sum: bool = False


def name_of(month: date, *, with_year: bool = True) -> str:
    return capfirst(date_format(month, "F Y" if with_year else "F"))


def short_name_of(month: date) -> str:
    return capfirst(date_format(month, "N Y"))


# Side by side -------------------------------------------------------------------------------------


def rows_of(outlooks: Sequence[Outlook]) -> list[Row]:
    """The whole of each, one beside the other."""
    totals = [of.total for of in outlooks]

    def row(label: str, amounts: Iterable[Decimal | None], *, is_sum: bool = False) -> Row:
        return Row(label, [dollars(amount) for amount in amounts], is_sum)

    return [
        row(_("Revenue"), (of.income for of in totals)),
        row(_("Salaried pay"), (of.salaried for of in totals)),
        row(_("Employer contributions"), (of.contributions for of in totals)),
        row(_("Freelance pay, before sales taxes"), (of.freelance for of in totals)),
        row(_("Fixed costs"), (of.costs for of in totals)),
        row(_("Result: revenue less all costs"), (of.result for of in totals), is_sum=True),
        row(_("In the bank at the end"), (of.closing for of in outlooks), is_sum=True),
        row(_("Least in the bank"), (of.lowest[1] for of in outlooks)),
        Row(_("at the end of"), [date_format(of.lowest[0], "F Y") for of in outlooks]),
        row(_("Break-even: revenue needed each month"), (of.needed for of in outlooks)),
        row(_("What an hour at work has to bring in"), (of.hour_cost for of in outlooks)),
        row(_("of which pay and contributions"), (of.hour_pay_cost for of in outlooks)),
        Row(_("Hours at work"), [hours(of.work_minutes) for of in totals]),
    ]


def cash_picture(named: Mapping[str, Outlook]) -> tuple[Picture, list[tuple[str, list[Decimal | None]]]]:
    """What is in the bank at the end of each month, a curve for each; and the same by month."""
    months = sorted({of.month for outlook in named.values() for of in outlook.months})
    known = [
        dict(zip((of.month for of in outlook.months), outlook.closings, strict=True))
        for outlook in named.values()
    ]
    places = {month: place for place, month in enumerate(months)}
    every = -(-len(months) // MOST_TICKS)
    picture = curves(
        [
            Curve(name, [(places[month], amount) for month, amount in by_month.items()])
            for name, by_month in zip(named, known, strict=True)
        ],
        first=0,
        last=len(months) - 1,
        ticks=[(place, short_name_of(month)) for month, place in places.items() if place % every == 0],
        with_zero=True,
    )
    rows = [(name_of(month), [by_month.get(month) for by_month in known]) for month in months]
    return picture, rows


def spending_chart(outlook: Outlook) -> Chart:
    """Where the money of each month goes, in whole dollars, and its revenue as a level."""

    def series(name: str, amounts: Iterable[Decimal]) -> Series:
        return Series(name, [int(whole_dollars(amount)) for amount in amounts])

    months = outlook.months
    return stacked(
        [short_name_of(of.month) for of in months],
        [
            series(_("salaried pay"), (of.salaried for of in months)),
            series(_("employer contributions"), (of.contributions for of in months)),
            series(_("freelance pay"), (of.freelance for of in months)),
            series(_("fixed costs"), (of.costs for of in months)),
        ],
        [int(whole_dollars(of.income)) for of in months],
        unit="dollars",
    )


def month_rows(outlook: Outlook) -> list[tuple[Month, Decimal]]:
    """Each month, and what is in the bank at its end."""
    return list(zip(outlook.months, outlook.closings, strict=True))


# What came true ---------------------------------------------------------------------------------


def past_rows(past: Sequence[Compared]) -> list[tuple[str, list[Row]]]:
    """Each month that is over: of its hours, pays, revenue, costs and bank, foreseen, actual and the difference."""
    found = []
    for one in past:
        (income, costs, closing), foreseen, actual = one.money, one.foreseen, one.actual
        amounts = [
            (_("Pay"), (foreseen.pay, actual.pay, one.pay_change)),
            (
                _("Employer contributions"),
                (foreseen.contributions, actual.contributions, one.contributions_change),
            ),
            (_("Revenue"), income),
            (_("Fixed costs"), costs),
            (_("In the bank at the end"), closing),
        ]
        times = (foreseen.minutes, actual.minutes, one.minutes_change)
        rows = [Row(_("Hours paid"), [hours(time) for time in times])]
        rows += [Row(label, [dollars(amount) for amount in three]) for label, three in amounts]
        found.append((name_of(foreseen.month), rows))
    return found


# Break-even by service ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfService:
    """A service's revenue of a month, on average; the minutes it pays for, and those worked on it lately."""

    name: str
    revenue: Decimal
    minutes: int | None
    worked: int | None


def services_of(projection: Projection) -> dict[str, str]:
    """The services that the projection speaks of, by key as text, in order of name."""
    found = {
        str(part.service_id): part.service.name
        for part in (*projection.amounts.all(), *projection.suppositions.all())
        if part.service_id
    }
    return dict(sorted(found.items(), key=lambda item: item[1].lower()))


def by_service(outlook: Outlook, services: Mapping[str, str], today: date) -> list[OfService]:
    """Each service with a revenue, how many hours a month it pays for at break-even. One query."""
    revenue, count = outlook.total.revenue, len(outlook.months)
    last = after(month_of(today), -1)
    worked = minutes_by_service(after(last, 1 - LATELY), last_day(last)) if revenue else {}
    found = []
    for key, name in (*services.items(), (NO_SERVICE, _("without a service"))):
        if amount := revenue.get(key, ZERO):
            paid = outlook.hours_paid_by(amount)
            found.append(
                OfService(
                    name,
                    cents(amount / count),
                    None if paid is None else paid // count,
                    worked.get(int(key), 0) // LATELY if key else None,
                )
            )
    return found


# What it is worked out from -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a projection, in words: what, how much, when. `part` is the row itself."""

    part: ExpectedAmount | Supposition
    name: str
    how_much: str
    when: str


def amounts_said(projection: Projection, side: str) -> list[Said]:
    """What is expected on that side, service by service."""
    found = [part for part in projection.amounts.all() if part.side == side]
    return [
        Said(
            part,
            " – ".join(text for text in (part.service.name if part.service else "", part.name) if text),
            _("%(amount)s a month") % {"amount": dollars(part.amount)}
            if part.is_monthly
            else dollars(part.amount),
            _span(part.first_month, part.last_month) if part.is_monthly else _once(part.first_month),
        )
        for part in found
    ]


def suppositions_said(projection: Projection) -> list[tuple[str, str, list[Said]]]:
    """What each scenario supposes: its code, its name, its changes."""
    parts = list(projection.suppositions.all())
    return [
        (
            scenario.value,
            str(scenario.label),
            [
                Said(part, part.name, how_much(part), _span(part.first_month, part.last_month))
                for part in parts
                if part.scenario == scenario
            ],
        )
        for scenario in Supposition.Scenario
    ]


def how_much(part: Supposition) -> str:
    """What a supposition changes, in words."""
    if part.kind == Supposition.Kind.RATE:
        return _("%(amount)s an hour") % {"amount": dollars(part.amount)}
    if part.kind == Supposition.Kind.PERSON:
        return _("somebody new, %(kind)s, %(hours)s a week") % {
            "kind": part.get_work_kind_display(),
            "hours": hours(part.minutes_per_week),
        }
    sentences = {
        Supposition.Kind.HOURS: _("%(change)s of agreed hours"),
        Supposition.Kind.REVENUE: _("%(change)s of the revenue of %(service)s")
        if part.service
        else _("%(change)s of revenue"),
        Supposition.Kind.COSTS: _("%(change)s of fixed costs"),
    }
    if part.amount is not None:
        change = _("%(amount)s a month") % {"amount": _signed(dollars(part.amount), part.amount)}
    else:
        places = 0 if part.percent == int(part.percent) else 2
        change = _signed(percent(part.percent / 100, places), part.percent)
    told = {"change": change, "service": part.service.name if part.service else ""}
    return sentences[Supposition.Kind(part.kind)] % told


def _signed(text: str, amount: Decimal) -> str:
    return f"+{text}" if amount > 0 else text


def _once(month: date) -> str:
    return _("once, in %(month)s") % {"month": date_format(month, "F Y")}


def _span(first: date, last: date | None) -> str:
    if last is None:
        return _("from %(month)s on") % {"month": date_format(first, "F Y")}
    return pgettext("months", "from %(first)s to %(last)s") % {
        "first": date_format(first, "F Y"),
        "last": date_format(last, "F Y"),
    }


def known(facts: Facts) -> list[str]:
    """What was known of the co-op, and what is assumed beyond, in sentences."""
    day = max(facts.first, facts.read_on)
    weekly = sum(
        work.minutes_per_week for worker in facts.workers for work in worker.works if work.holds_on(day)
    )
    people = sum(
        any(work.minutes_per_week and work.is_within(facts.first, facts.last_day) for work in worker.works)
        for worker in facts.workers
    )
    sentences = [
        ngettext(
            "Read on %(day)s: %(count)s person with agreed hours, %(hours)s a week.",
            "Read on %(day)s: %(count)s people with agreed hours, %(hours)s a week in all.",
            people,
        )
        % {"day": written(facts.read_on), "count": people, "hours": hours(weekly)}
    ]
    if facts.without_hours:
        sentences.append(
            ngettext(
                "%(count)s person works without agreed hours: nothing of theirs is foreseen. "
                "Suppose somebody new to count them.",
                "%(count)s people work without agreed hours: nothing of theirs is foreseen. "
                "Suppose somebody new to count them.",
                facts.without_hours,
            )
            % {"count": facts.without_hours}
        )
    first = [amount for starts_on, amount in facts.rates if starts_on <= facts.first]
    later = [of for of in facts.rates if facts.first < of[0] <= facts.last_day]
    if first:
        sentences.append(_("The hourly rate is %(amount)s at first.") % {"amount": dollars(first[-1])})
    sentences += [
        _("It becomes %(amount)s on %(day)s, as it was decided.")
        % {"amount": dollars(amount), "day": written(day)}
        for day, amount in later
    ]
    return sentences


def carried_sentence(facts: Facts, outlook: Outlook) -> str:
    """That months beyond the reviewed tables are computed with the last ones; empty when none is."""
    carried = [of for of in outlook.months if of.is_carried]
    if not carried:
        return ""
    return _(
        "Assumption: from %(month)s on, contributions are computed with the tables reviewed through %(day)s, "
        "as if nothing changed; those of these months were not known."
    ) % {"month": date_format(carried[0].month, "F Y"), "day": written(facts.reviewed_through)}


def sales_taxes_sentence(outlook: Outlook) -> str:
    """What GST and QST come to on freelance pay, though they are in no total; empty when there is none.

    As if every freelancer were registered: who is, is in their own pay file.
    """
    freelance = outlook.total.freelance
    if not freelance:
        return ""
    table = sales_taxes_on(known_day(outlook.months[0].month))
    return _(
        "If every freelancer is registered, %(taxes)s of GST and QST are paid with their statements, then claimed "
        "back: they are in no total."
    ) % {"taxes": dollars(cents(freelance * table.gst_rate) + cents(freelance * table.qst_rate))}
