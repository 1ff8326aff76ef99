"""A patronage dividend by hours, as it would be: for everyone the sum, for each their own share."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members.access import own_only
from members.views.shares import where_there_are_shares
from timesheets import hours

from ..deductions.money import cents
from ..forms.patronage import SurplusForm
from ..patronage import shared_out

#: With fewer, one's own share and the sum would tell the hours of another.
FEWEST = 3
HOUR = 60


@own_only
@require_safe
@where_there_are_shares
def simulation(request: HttpRequest) -> HttpResponse:
    """What a surplus would give each hour and me. Nothing is kept; nobody else's hours are shown."""
    today = timezone.localdate()
    first = hours.first_week_kept()
    first_year = first.year if first > date.min else today.year
    form = SurplusForm(
        request.GET if "amount" in request.GET else None,
        today=today,
        first_year=first_year,
        initial={"year": today.year},
    )
    context = {"form": form}
    if form.is_valid():
        context |= _result(request.user.pk, **form.cleaned_data)
    return render(request, "payroll/patronage.html", context)


def _result(person_id: int, amount, year: int) -> dict:
    minutes = hours.minutes_of_members(date(year, 1, 1), date(year, 12, 31))
    if len(minutes) < FEWEST:
        return {"too_few": True, "year": year}
    whole = sum(minutes.values())
    return {
        "amount": amount,
        "year": year,
        "minutes": whole,
        "people": len(minutes),
        "an_hour": cents(amount * HOUR / whole),
        "own_minutes": minutes.get(person_id, 0),
        "own": shared_out(amount, minutes).get(person_id),
    }
