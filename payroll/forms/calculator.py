"""A pay that does not exist: « what if » in the words of the pay stub."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, MinutesField, MoneyField

from .. import earnings
from ..deductions import Claims, Employer, Pay, YearToDate, edition_on
from ..deductions.money import ZERO, cents

PAYS_IN_YEAR = [(str(pays), str(pays)) for pays in (52, 53, 26, 27, 24, 12)]
LARGEST = Decimal("999999.99")
MOST_OF_WEEK = 168 * 60
YEAR_TO_DATE = ("gross", "qpp", "qpp2", "qpip", "ei")


def _money(label, **kwargs) -> MoneyField:
    return MoneyField(label=label, required=False, max_value=LARGEST, **kwargs)


class CalculatorForm(forms.Form):
    """Hours or a gross amount, a pay date, the forms' claims, and what the year already holds."""

    pay_on = DayField(label=_("Date of payment"))
    pays_in_year = forms.TypedChoiceField(label=_("Pays in the year"), choices=PAYS_IN_YEAR, coerce=int)
    minutes = MinutesField(label=_("Hours at the regular rate"), required=False, longest=400 * 60)
    overtime = MinutesField(label=_("Overtime, paid at time and a half"), required=False, longest=400 * 60)
    gross = _money(_("Or gross pay"), help_text=_("Instead of hours."))
    nonperiodic = _money(
        _("Non-periodic amount"), help_text=_("Retroactive pay, bonus: taxed beside the regular pay.")
    )
    federal_claim = _money(
        _("TD1, line 13: total claim amount"), help_text=_("Empty for the basic personal amount.")
    )
    federal_extra_tax = _money(_("TD1: additional tax on each pay"))
    quebec_claim = _money(
        _("TP-1015.3, line 10: amount for personal credits"),
        help_text=_("Empty for the basic personal amount."),
    )
    quebec_extra_tax = _money(_("TP-1015.3, line 11: additional tax on each pay"))
    year_gross = _money(_("Gross pay"))
    year_qpp = _money(_("QPP"))
    year_qpp2 = _money(_("QPP, second additional contribution"))
    year_qpip = _money(_("QPIP"))
    year_ei = _money(_("Employment insurance"))

    PARTS = (
        (_("This pay"), ("pay_on", "pays_in_year", "minutes", "overtime", "gross", "nonperiodic")),
        (_("Tax forms"), ("federal_claim", "federal_extra_tax", "quebec_claim", "quebec_extra_tax")),
        (_("The year before this pay"), tuple(f"year_{name}" for name in YEAR_TO_DATE)),
    )

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields as the page groups them, each group with its title."""
        for title, names in self.PARTS:
            yield title, [self[name] for name in names]

    def clean(self):
        given = super().clean()
        has_hours = given.get("minutes") or given.get("overtime")
        if has_hours and given.get("gross"):
            self.add_error("gross", _("Give hours or a gross amount, not both."))
        elif not self.errors and not (has_hours or given.get("gross") or given.get("nonperiodic")):
            self.add_error("minutes", _("Give hours, or a gross amount."))
        return given

    def pay(self, *, rate: Decimal | None, born_on: date | None, employer: Employer) -> Pay:
        """The pay to compute. `rate` prices the hours; `employer` sets the co-op's own shares.

        Raises Refused (`payroll.deductions`) when the amounts contradict each other.
        """
        given = self.cleaned_data
        return Pay(
            pay_date=given["pay_on"],
            periods_per_year=given["pays_in_year"],
            gross=given["gross"] or self._worth(rate or ZERO),
            nonperiodic=given["nonperiodic"] or ZERO,
            claims=Claims(
                birth_date=born_on,
                federal_claim=given["federal_claim"],
                federal_extra_tax=given["federal_extra_tax"] or ZERO,
                quebec_claim=given["quebec_claim"],
                quebec_extra_tax=given["quebec_extra_tax"] or ZERO,
            ),
            employer=employer,
        )

    def _worth(self, rate: Decimal) -> Decimal:
        given = self.cleaned_data
        return earnings.worth(given["minutes"] or 0, rate, earnings.Code.REGULAR) + earnings.worth(
            given["overtime"] or 0, rate, earnings.Code.OVERTIME
        )

    def so_far(self) -> YearToDate:
        """The year before this pay; what was pensionable and the co-op's QPIP follow from the gross.

        Raises NotReviewed for a pay date without tables.
        """
        year = {name: self.cleaned_data[f"year_{name}"] or ZERO for name in YEAR_TO_DATE}
        table = edition_on(self.cleaned_data["pay_on"]).contributions
        premium = min(cents(table.qpip_employer_rate * year["gross"]), table.qpip_employer_maximum)
        return YearToDate(**year, pensionable=year["gross"], qpip_employer=premium)


class OtherHoursForm(forms.Form):
    """Hours a week, or for the whole period. Asked in the address: hours are no secret, and one can come back."""

    WEEK, PERIOD = "week", "period"

    minutes = MinutesField(
        label=_("If I worked"), longest=400 * 60, help_text=_("Example: 28, 28 h 30 or 28.5.")
    )
    of = forms.ChoiceField(
        label=_("Counted"),
        choices=[(WEEK, _("each week")), (PERIOD, _("in the whole period"))],
        widget=forms.RadioSelect,
        initial=WEEK,
    )

    def __init__(self, data: QueryDict | None, *, usual: int | None):
        super().__init__(
            None if data is None else {"of": self.WEEK} | data.dict(), initial={"minutes": usual}
        )
        self.usual = usual

    def clean_minutes(self) -> int:
        minutes = self.cleaned_data["minutes"]
        if not minutes:
            raise forms.ValidationError(_("Give a number of hours above zero."), "nothing")
        return minutes

    def clean(self):
        given = super().clean()
        is_of_week = given.get("of") != self.PERIOD
        if is_of_week and given.get("minutes", 0) > MOST_OF_WEEK:
            self.add_error("minutes", _("A week has 168 hours."))
        return given

    def per_week(self, weeks: Decimal) -> Decimal | None:
        """Minutes a week that are asked for, the agreed ones at first; None when there are none to compute."""
        if not self.is_bound:
            return Decimal(self.usual) if self.usual else None
        if not self.is_valid():
            return None
        minutes = Decimal(self.cleaned_data["minutes"])
        return minutes / weeks if self.cleaned_data["of"] == self.PERIOD else minutes
