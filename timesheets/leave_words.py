"""How the law's counters and what stands out in a request for leave are told to people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit import formats

from .absences import Counters
from .calendar_words import holiday_name
from .holidays import Holiday, holiday_on
from .leave_days import days_between, is_working_day
from .leave_rules import Figure, LeaveRules, latest_rules, rules_on
from .models import Leave

Kind = Leave.Kind
A_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing the law grants: what was used of it, what is left, and the figures that say so."""

    title: str
    used: str
    granted: str
    left: str
    figures: tuple[Figure, ...]

    @property
    def is_to_verify(self) -> bool:
        return any(figure.is_to_verify for figure in self.figures)


def count(days: Fraction) -> str:
    """A number of days as the reader writes it: `2`, `1,5`, `0,71`."""
    hundredths = (2 * A_HUNDRED * days + 1) // 2
    places = 0 if hundredths % A_HUNDRED == 0 else 1 if hundredths % 10 == 0 else 2
    return formats.number(Decimal(hundredths) / A_HUNDRED, places)


def grants_of(counters: Counters, on: date) -> list[Grant]:
    """The counters of one person as rows to read: used, granted by law, left."""
    rules = counters.rules
    paid_left = count(counters.paid_left)
    if counters.paid_from > on:
        paid_left = _("from %(day)s on") % {"day": formats.day(counters.paid_from)}
    return [
        Grant(
            _("Family obligations in %(year)s, days") % {"year": counters.year},
            count(counters.family),
            str(rules.family_days_a_year.value),
            count(counters.family_left),
            (rules.family_days_a_year, rules.year_starts_in_month),
        ),
        Grant(
            _("Of %(year)s, sick and family together, paid by law, days") % {"year": counters.year},
            count(counters.paid),
            str(rules.paid_days_a_year.value),
            paid_left,
            (rules.paid_days_a_year, rules.service_months_for_paid_days, rules.year_starts_in_month),
        ),
        Grant(
            _("Sick in the %(months)s months up to %(day)s, days")
            % {"months": rules.sick_weeks_within_months.value, "day": formats.day(on)},
            count(counters.sick),
            _("%(weeks)s weeks") % {"weeks": rules.sick_weeks.value},
            "–",
            (rules.sick_weeks, rules.sick_weeks_within_months),
        ),
    ]


def figures_of(grants: Sequence[Grant]) -> list[Figure]:
    """The figures behind these rows, each once."""
    return list(dict.fromkeys(figure for grant in grants for figure in grant.figures))


def reviewed_through() -> date:
    """The last day for which somebody has read the law."""
    return latest_rules().reviewed_through


def signals_of(leave: Leave, minutes: Mapping[date, int], counters: Counters | None) -> list[str]:
    """What the committee should know of the law before it decides. Signals, not errors."""
    rules = rules_on(leave.starts_on)
    if rules is None:
        return [_not_reviewed(leave.starts_on)]
    return {
        Kind.SICK: _of_sickness,
        Kind.FAMILY: _of_family,
        Kind.PARENTAL: _of_parental,
        Kind.HOLIDAY: _of_holiday,
    }.get(Kind(leave.kind), _of_nothing)(leave, minutes, counters, rules)


def _not_reviewed(day: date) -> str:
    return _("The law’s figures are reviewed through %(last)s: none is shown for %(day)s.") % {
        "last": formats.day(reviewed_through()),
        "day": formats.day(day),
    }


def _of_nothing(
    leave: Leave, minutes: Mapping[date, int], counters: Counters | None, rules: LeaveRules
) -> list[str]:
    return []


def _of_sickness(
    leave: Leave, minutes: Mapping[date, int], counters: Counters | None, rules: LeaveRules
) -> list[str]:
    sentence = _(
        "The law lets nobody ask for a medical note for the first %(absences)s absences of "
        "%(days)s days or less in twelve months."
    ) % {"absences": rules.absences_without_proof.value, "days": rules.days_without_proof.value}
    return [_marked(sentence, rules.absences_without_proof, rules.days_without_proof)]


def _of_family(
    leave: Leave, minutes: Mapping[date, int], counters: Counters | None, rules: LeaveRules
) -> list[str]:
    asked = len(minutes)
    if counters is None or asked <= counters.family_left:
        return []
    sentence = ngettext(
        "%(asked)s day asked for, %(left)s left of the %(limit)s the law grants a year: "
        "beyond that, the cooperative may agree.",
        "%(asked)s days asked for, %(left)s left of the %(limit)s the law grants a year: "
        "beyond that, the cooperative may agree.",
        asked,
    ) % {
        "asked": asked,
        "left": count(counters.family_left),
        "limit": rules.family_days_a_year.value,
    }
    return [_marked(sentence, rules.family_days_a_year)]


def _of_parental(
    leave: Leave, minutes: Mapping[date, int], counters: Counters | None, rules: LeaveRules
) -> list[str]:
    sentence = _(
        "Each parent has a right to at most %(weeks)s weeks in a row, without pay from the cooperative; "
        "the parental insurance plan pays benefits."
    ) % {"weeks": rules.parental_weeks.value}
    return [_marked(sentence, rules.parental_weeks)]


def _of_holiday(
    leave: Leave, minutes: Mapping[date, int], counters: Counters | None, rules: LeaveRules
) -> list[str]:
    holiday, day = leave.compensates, leave.starts_on
    told = {"holiday": holiday_name(holiday), "day": formats.day(holiday)}
    found = [_("Stands for “%(holiday)s”, %(day)s.") % told]
    if holiday_on(holiday) == Holiday.NATIONAL:
        if _working_days_between(holiday, day) > rules.national_holiday_working_days.value:
            found.append(
                _(
                    "For 24 June the law gives the working day before or after it, or a day agreed upon "
                    "when it fell in one’s vacation."
                )
            )
    elif abs((day - holiday).days) > 7 * rules.worked_holiday_weeks.value:
        found.append(
            _(
                "More than %(weeks)s weeks from the holiday: the law allows no more for one that was worked; "
                "for one on a day off or in one’s vacation, any day agreed upon."
            )
            % {"weeks": rules.worked_holiday_weeks.value}
        )
    return found


def _working_days_between(holiday: date, day: date) -> int:
    """How many working days the second lies from the first: 1 for the next or the last one."""
    first, last = sorted([holiday, day])
    return sum(is_working_day(one) for one in days_between(first, last) if one != holiday)


def _marked(sentence: str, *figures: Figure) -> str:
    """The sentence, saying so where a figure in it was not read in the law itself."""
    if any(figure.is_to_verify for figure in figures):
        return _("%(sentence)s (to verify)") % {"sentence": sentence}
    return sentence
