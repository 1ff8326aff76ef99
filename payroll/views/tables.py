"""The tables of the year: what the law's figures are, where they were read, and until when they hold."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from members.access import request_cooperative, signed_in

from .. import editions
from ..periods import calendar_of


@signed_in
@require_safe
def year_tables(request):
    """Each value beside the year before's, with its source, how sure we are, and the sums redone."""
    years, today = editions.years(), timezone.localdate()
    asked = request.GET.get("year", "")
    current = min(max(today.year, years[-1]), years[0])
    year = int(asked) if asked in map(str, years) else current
    cooperative = request_cooperative(request)
    context = {
        "years": years,
        "year": year,
        "before": year - 1,
        "parts": editions.parts(year, year - 1),
        "last": editions.last_reviewed(),
        "marks": editions.marks(),
        "refused": cooperative and editions.first_refused(calendar_of(cooperative), today),
    }
    return render(request, "payroll/tables_list.html", context)
