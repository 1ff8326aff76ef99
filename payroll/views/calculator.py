"""« What if »: one pay, computed and explained, nothing written."""

from datetime import date

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from koumbit.refusals import Refused
from members.access import own_only
from members.models import Cooperative, Person, WorkStatus

from .. import archive, deductions, editions, periods, what_if
from ..calendar import DAY, Calendar
from ..employer import employer_on
from ..explaining import explained, refusal
from ..forms.calculator import YEAR_TO_DATE, CalculatorForm, OtherHoursForm
from ..models import HourlyRate, TaxProfile
from ..periods import calendar_of
from ..profiles import amounts_of, dollars_of


@own_only
@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request):
    """Each deduction of one pay, with its steps; begins with the reader's own usual pay.

    The form is posted, though it writes nothing: tax claims do not belong in an address.
    """
    cooperative = Cooperative.objects.get()
    if request.method == "POST" or "pay_on" in request.GET:
        form = CalculatorForm(request.POST or request.GET)
    else:
        form = CalculatorForm(initial=_usual(request.user, calendar_of(cooperative)))
    context = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _computed(form, request.user, cooperative)
    return render(request, "payroll/calculator_detail.html", context)


def _computed(form: CalculatorForm, person: Person, cooperative: Cooperative) -> dict:
    """What the form asks for; when it cannot be computed, the form says why."""
    pay_on = form.cleaned_data["pay_on"]
    rate = HourlyRate.objects.on(pay_on)
    if rate is None and not form.cleaned_data["gross"]:
        form.add_error(
            "pay_on", _("No hourly rate is set for that day: give a gross amount instead of hours.")
        )
        return {}
    employer = employer_on(pay_on, cooperative)
    try:
        so_far = form.so_far()
        pay = form.pay(rate=rate.amount if rate else None, born_on=person.born_on, employer=employer)
        result, parts = explained(pay, so_far)
    except deductions.NotReviewed as refused:
        form.add_error("pay_on", refusal(refused))
        return {}
    except deductions.Refused as refused:
        form.add_error(None, refusal(refused))
        return {}
    gross = pay.gross + pay.nonperiodic
    shares = [part for part in parts if part.side == "employer"]
    return {
        "rate": rate,
        "gross": gross,
        "net": gross - result.total,
        "withheld": result.total,
        "deducted": [part for part in parts if part.side == "deduction"],
        "employer": shares,
        "shared": sum(part.amount for part in shares),
        "cost": gross + sum(part.amount for part in shares),
        "editions": editions.used_on(pay_on),
    }


def _usual(person: Person, calendar: Calendar) -> dict:
    """The reader's own next pay, as an ordinary one: agreed hours, tax forms, year so far."""
    first, last = deductions.reviewed_days()
    stub = archive.last_stub(person)
    day = timezone.localdate()
    if stub:
        day = max(day, date.fromisoformat(stub.facts["period_ends_on"]) + DAY)
    period = calendar.period_of(day)
    pay_on = min(max(period.pay_on, first), last)
    usual = {"pay_on": pay_on, "pays_in_year": len(calendar.pay_dates(pay_on.year))}
    status = WorkStatus.objects.filter(person=person).on(period.starts_on).first()
    if status and status.agreed_minutes_per_week:
        usual["minutes"] = int(status.agreed_minutes_per_week * what_if.weeks_of(calendar))
    profile = TaxProfile.objects.filter(person=person).on(pay_on).first()
    if profile:
        usual |= amounts_of(profile)
    if stub and stub.run.pay_on.year == pay_on.year:
        so_far = stub.facts["year_to_date"]
        usual |= {f"year_{name}": dollars_of(so_far.get(name, "")) for name in YEAR_TO_DATE}
    return usual


# My own pay with other hours ----------------------------------------------------------------------


@own_only
@require_safe
def other_hours(request):
    """My next pay if I worked more, or less: my own rate, forms and year, beside my last pay."""
    cooperative, today = Cooperative.objects.get(), timezone.localdate()
    period = next(periods.coming(today, cooperative))
    status = what_if.status_of(request.user, period)
    usual = status.agreed_minutes_per_week if status else None
    form = OtherHoursForm(request.GET if "minutes" in request.GET else None, usual=usual)
    context = {"form": form, "usual": usual, "period": period}
    weeks = what_if.weeks_of(periods.calendar_of(cooperative))
    per_week = form.per_week(weeks)
    if per_week is not None:
        try:
            context["supposed"] = found = what_if.suppose(
                request.user, per_week, cooperative=cooperative, today=today, period=period
            )
            context["editions"] = editions.used_on(found.pay_on)
        except deductions.Refused as refused:
            context["refused"] = refusal(refused)
        except Refused as refused:
            context["refused"] = str(refused)
    return render(request, "payroll/other_hours.html", context)
