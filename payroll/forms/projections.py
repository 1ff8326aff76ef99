"""A projection, what it expects, what its scenarios suppose, and the sliders that try something else."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koumbit.forms import MinutesField, MoneyField, PlainText
from members.models import WorkStatus
from timesheets.hours import services

from .. import rates
from ..models import ExpectedAmount, Projection, Supposition
from ..projections.months import MONTHS_OF_YEAR, after, following, month_of
from ..projections.pages import name_of
from ..projections.scenarios import WhatIf
from .rates import HIGHEST, LOWEST

MOST = Decimal("99999999.99")
LONGEST_WEEK = 60 * 60
Kind, Scenario, Side = Supposition.Kind, Supposition.Scenario, ExpectedAmount.Side
#: How far the sliders go, in percent.
REACH = 50


class MonthField(forms.TypedChoiceField):
    """One of the months of a projection, by its first day."""

    def __init__(self, *, empty: str = "", **kwargs):
        super().__init__(coerce=date.fromisoformat, empty_value=None, **kwargs)
        self.empty = empty

    def offer(self, months: list[date]) -> None:
        blank = [("", self.empty)] if self.empty else []
        self.choices = [*blank, *((month.isoformat(), name_of(month)) for month in months)]

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) else value


class PercentField(MoneyField):
    """More or less, in percent: `10`, `-5`, `2,5`."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a percentage. Write it like 10 or -5."),
        "min_value": _("A percentage goes from −100 to 1,000."),
        "max_value": _("A percentage goes from −100 to 1,000."),
    }

    def __init__(self, **kwargs):
        super().__init__(min_value=Decimal(-100), max_value=Decimal(1000), **kwargs)


class ProjectionForm(PlainText, forms.Form):
    """What a projection is called, its months, what is in the bank, and its assumptions in words."""

    title = forms.CharField(label=_("Title"), max_length=120)
    starts_on = MonthField(label=_("First month"))
    months = forms.IntegerField(
        label=_("How many months"),
        min_value=Projection.SHORTEST,
        max_value=Projection.LONGEST,
        initial=Projection.SHORTEST,
        help_text=_("12 to 24."),
    )
    opening = MoneyField(
        label=_("In the bank at first"),
        min_value=-MOST,
        max_value=MOST,
        help_text=_("What the accounts hold on the first day of the first month; below zero if overdrawn."),
    )
    assumptions = forms.CharField(
        label=_("Assumptions, in words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What one has to believe for this to come true. Others read it with the figures."),
    )

    def __init__(self, *args, today: date, projection: Projection | None = None, **kwargs):
        now = month_of(today)
        own = projection.starts_on if projection else after(now)
        initial = {name: getattr(projection, name) for name in self.base_fields} if projection else {}
        super().__init__(*args, initial={"starts_on": own} | initial, **kwargs)
        months = {*following(after(now, -MONTHS_OF_YEAR), 2 * MONTHS_OF_YEAR + 1), own}
        self.fields["starts_on"].offer(sorted(months))


class _PartForm(PlainText, forms.Form):
    """A line of a projection: its fields by name, from a month of the projection on."""

    def __init__(self, *args, projection: Projection, part=None, initial=None, **kwargs):
        kept = {name: getattr(part, name) for name in self.base_fields if part and hasattr(part, name)}
        if part:
            kept["service"] = part.service_id
        super().__init__(*args, initial=kept | (initial or {}), **kwargs)
        own = [month for month in (kept.get("first_month"), kept.get("last_month")) if month]
        months = sorted({*following(projection.starts_on, projection.months), *own})
        self.fields["first_month"].offer(months)
        self.fields["last_month"].offer(months)
        if "service" in self.fields:
            offered = [of for of in services() if of.is_open or of.pk == kept.get("service")]
            self.fields["service"].choices = [("", self.no_service), *((of.pk, of.name) for of in offered)]

    no_service = _("none in particular")

    def clean(self):
        given = super().clean()
        first, last = given.get("first_month"), given.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", _("The last month comes before the first. Check both."))
        if "service" in self.fields:
            given["service_id"] = given.pop("service", None)
        return given


def _service_field(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class ExpectedForm(_PartForm):
    """Something to receive or to pay."""

    EVERY_MONTH, ONCE = "monthly", "once"

    service = _service_field(_("Service"))
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"), max_value=MOST)
    often = forms.ChoiceField(
        label=_("How often"),
        choices=[(EVERY_MONTH, _("every month")), (ONCE, _("once, in the first month given"))],
        widget=forms.RadioSelect,
        initial=EVERY_MONTH,
    )
    first_month = MonthField(label=_("From the month"))
    last_month = MonthField(label=_("Until the month"), required=False, empty=_("no last month"))

    def __init__(self, *args, side: str, part=None, **kwargs):
        often = {"often": self.EVERY_MONTH if part is None or part.is_monthly else self.ONCE}
        super().__init__(*args, part=part, initial=often, **kwargs)
        self.side = side
        self.fields["amount"].help_text = _("Before sales taxes: those go through.")
        if side == Side.COST:
            del self.fields["service"]
            self.fields["name"].required = True
            self.fields["name"].help_text = _("Rent, insurance, an accountant’s fees…")
        else:
            self.fields["name"].help_text = _("A client or a contract, where the service does not say it.")

    def clean(self):
        given = super().clean()
        if self.side == Side.REVENUE and not given.get("service_id") and not given.get("name"):
            self.add_error("service", _("Say what it is: a service, or a name."))
        is_monthly = given.pop("often", self.EVERY_MONTH) == self.EVERY_MONTH
        if not is_monthly:
            given["last_month"] = None
        return given | {"is_monthly": is_monthly, "side": self.side}


class SuppositionForm(_PartForm):
    """A change that a scenario supposes; `of` makes the form of each kind."""

    scenario = forms.ChoiceField(label=_("In the scenario"), choices=Scenario)
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What would happen, in a few words: others read it.")
    )
    first_month = MonthField(label=_("From the month"))
    last_month = MonthField(label=_("Until the month"), required=False, empty=_("no last month"))
    kind: str

    field_order = ["scenario", "name", "amount", "minutes_per_week", "work_kind", "percent", "service"]

    def clean(self):
        return super().clean() | {"kind": self.kind}


class RateForm(SuppositionForm):
    kind = Kind.RATE.value
    amount = MoneyField(label=_("Rate per hour"), min_value=LOWEST, max_value=HIGHEST)


class HoursForm(SuppositionForm):
    kind = Kind.HOURS.value
    percent = PercentField(
        label=_("Percent more or less"), help_text=_("Of everybody’s agreed hours: 10, or -5.")
    )


class PersonForm(SuppositionForm):
    kind = Kind.PERSON.value
    minutes_per_week = MinutesField(label=_("Hours a week"), longest=LONGEST_WEEK)
    work_kind = forms.ChoiceField(label=_("Paid as"), choices=WorkStatus.Kind)

    def clean_minutes_per_week(self) -> int:
        if not self.cleaned_data["minutes_per_week"]:
            raise ValidationError(_("Give a number of hours above zero."), "nothing")
        return self.cleaned_data["minutes_per_week"]


class _PercentOrAmountForm(SuppositionForm):
    percent = PercentField(label=_("Percent more or less"), required=False, help_text=_("As in 10, or -5."))
    amount = MoneyField(
        label=_("Or an amount each month, more or less"), required=False, min_value=-MOST, max_value=MOST
    )

    def clean(self):
        given = super().clean()
        if not self.errors and (given.get("percent") is None) == (given.get("amount") is None):
            self.add_error("percent", _("Give a percentage or an amount, one of the two."))
        return given


class RevenueForm(_PercentOrAmountForm):
    kind = Kind.REVENUE.value
    no_service = _("all of them")
    service = _service_field(_("Of the service"))


class CostsForm(_PercentOrAmountForm):
    kind = Kind.COSTS.value


SUPPOSITIONS: dict[str, type[SuppositionForm]] = {
    form.kind: form for form in (RateForm, HoursForm, PersonForm, RevenueForm, CostsForm)
}


# What if ------------------------------------------------------------------------------------------


def _slider(label, *, lowest: int, highest: int) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": 1, "data-slider": ""})
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=lowest,
        max_value=highest,
        max_digits=5,
        decimal_places=2,
        widget=widget,
    )


class WhatIfForm(forms.Form):
    """The sliders: plain numbers, which a script draws as sliders. Asked in the address, and never kept."""

    scenario = forms.ChoiceField(label=_("From the scenario"), choices=Scenario)
    rate = forms.DecimalField(
        label=_("Hourly rate, $"),
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "data-slider": ""}),
    )
    hours = _slider(_("Agreed hours, ± %"), lowest=-REACH, highest=REACH)
    revenue = _slider(_("Revenue, ± %"), lowest=-REACH, highest=REACH)
    costs = _slider(_("Fixed costs, ± %"), lowest=-REACH, highest=REACH)

    def __init__(self, data, *, rate: Decimal, first: date):
        asked = data if data is not None and "what" in data else None
        super().__init__(
            asked,
            initial={
                "scenario": (data or {}).get("scenario") or Scenario.EXPECTED,
                "rate": rate,
                "hours": 0,
                "revenue": 0,
                "costs": 0,
            },
        )
        minimum = rates.highest_minimum(first, None)
        self.floor, self.present = (minimum.hourly if minimum else Decimal(1)), rate
        self.fields["rate"].widget.attrs |= {"min": self.floor, "max": max(2 * rate, self.floor)}

    def clean_rate(self) -> Decimal | None:
        rate = self.cleaned_data["rate"]
        if rate is not None and rate < self.floor:
            raise ValidationError(_("A rate is not under the minimum wage."), "min_value")
        return rate

    @property
    def what_if(self) -> WhatIf:
        """What is asked; a rate that was not moved changes nothing."""
        given = self.cleaned_data
        rate = None if given["rate"] in (None, self.present) else given["rate"]
        nothing = Decimal(0)
        return WhatIf(rate, given["hours"] or nothing, given["revenue"] or nothing, given["costs"] or nothing)


class CompareForm(forms.Form):
    """Two projections and one scenario of both, asked in the address."""

    a = forms.ModelChoiceField(Projection.objects.none(), label=_("Projection"), empty_label=None)
    b = forms.ModelChoiceField(Projection.objects.none(), label=_("Beside"), empty_label=None)
    scenario = forms.ChoiceField(label=_("Scenario"), choices=Scenario, initial=Scenario.EXPECTED)

    def __init__(self, data, *, visible):
        super().__init__(data if "b" in data else None, initial={"a": data.get("a")})
        for name in ("a", "b"):
            self.fields[name].queryset = visible
            self.fields[name].label_from_instance = _title_and_author


def _title_and_author(projection: Projection) -> str:
    return f"{projection.title} – {projection.author}"


class MonthFiguresForm(PlainText, forms.Form):
    """What a month that is over came to, and where it was read."""

    BACK = 24

    month = MonthField(label=_("Month"))
    revenue = MoneyField(
        label=_("Revenue"), max_value=MOST, required=False, help_text=_("Before sales taxes.")
    )
    costs = MoneyField(
        label=_("Fixed costs"),
        max_value=MOST,
        required=False,
        help_text=_("Before sales taxes, without pay or contributions."),
    )
    closing = MoneyField(label=_("In the bank at the end"), min_value=-MOST, max_value=MOST, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Where it was read: the books of that month, a statement. Another member must find it."),
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].offer([after(month_of(today), -back) for back in range(1, self.BACK + 1)])
