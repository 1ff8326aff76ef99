"""What the law asks to keep and to give about employment: the wage register, and records at departure."""

from datetime import timedelta
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit import spreadsheets
from koumbit.pages import download, form_page
from koumbit.press import paper_page
from members.models import Cooperative, Person

from .. import profiles, roe, slips, wage_register
from ..forms.employment import RecordGivenForm
from ..readings import What, open_files
from .opening import has_opened, note_opening, show_gate
from .year_end import known_year, pay_powers, shown_sin

ROWS = 100
#: Departures stay on the list this long: a record may be asked for again.
SHOWN_FOR = timedelta(days=550)


# The wage register --------------------------------------------------------------------------------


@pay_powers
@require_safe
def all_people(request):
    """Whose register there is, year by year."""
    years = slips.years_paid()
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else next(iter(years), timezone.localdate().year)
    page = Paginator(wage_register.people_in(year), ROWS).get_page(request.GET.get("page"))
    return render(request, "payroll/wage_register.html", {"years": years, "year": year, "page": page})


@pay_powers
@require_safe
def person_register(request, year, pk):
    """One person's register, pay by pay, to read and to print."""
    found = get_object_or_404(Person, pk=pk)
    if not has_opened(request, found, What.WAGES, pk):
        open_url = reverse("payroll:wage_open", args=[known_year(year), pk])
        return show_gate(request, found, What.WAGES, pk, open_url=open_url, called=_("wage register"))
    own = next(iter(wage_register.registers(known_year(year), people=[pk])), None)
    context = {"year": year, "person": found, "own": own, "sin": shown_sin(request, found)}
    return render(request, "payroll/wage_person.html", context)


@pay_powers
@require_POST
def register_open(request, year, pk):
    """Open a person's register: they will see that I did."""
    note_opening(request, get_object_or_404(Person, pk=pk), What.WAGES, pk)
    return redirect("payroll:wage_person", known_year(year), pk)


@pay_powers
@require_POST
def register_file(request, year, kind):
    """Everybody's register of a year for a spreadsheet, social insurance numbers masked; taking it is kept."""
    found = wage_register.registers(known_year(year))
    people = [own.person.pk for own in found]
    rows = wage_register.table(year, found, profiles.masked_sins(people))
    open_files(people, What.WAGES, by=request.user)
    name = "{}-{}.{}".format(slugify(_("wage-register")), year, kind)
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, name)
    return download(spreadsheets.as_xlsx(rows, made_at=timezone.now()), spreadsheets.XLSX_TYPE, name)


# Departures ---------------------------------------------------------------------------------------


@pay_powers
@require_safe
def departures(request):
    """Whose salaried work ends or ended, and what is left to give them."""
    today = timezone.localdate()
    found = roe.departures(today - SHOWN_FOR)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "payroll/departures.html", {"page": page, "today": today})


@pay_powers
@require_safe
def record(request, pk):
    """The figures of a person's record of employment."""
    found = get_object_or_404(Person, pk=pk)
    if not has_opened(request, found, What.WAGES, pk):
        open_url = reverse("payroll:record_open", args=[pk])
        return show_gate(request, found, What.WAGES, pk, open_url=open_url, called=_("record of employment"))
    context = {"person": found, "record": roe.record_of(found), "sin": shown_sin(request, found)}
    return render(request, "payroll/record.html", context | {"today": timezone.localdate()})


@pay_powers
@require_POST
def record_open(request, pk):
    """Open the figures of a person's record of employment: they will see that I did."""
    note_opening(request, get_object_or_404(Person, pk=pk), What.WAGES, pk)
    return redirect("payroll:record", pk)


@pay_powers
def record_given(request, pk):
    """Note that the record was given, and its number."""
    found = get_object_or_404(Person, pk=pk)
    to = reverse("payroll:departures")
    return form_page(
        request,
        RecordGivenForm(request.POST or None),
        do=partial(roe.note_given, found, by=request.user),
        done=_("It is noted."),
        to=to,
        title=_("The record of employment was given"),
        lead=str(found),
        submit_label=_("Note it"),
        cancel_url=to,
    )


@pay_powers
@require_safe
def record_pdf(request, pk):
    """The same figures on paper, in the reader's language."""
    found = get_object_or_404(Person, pk=pk)
    if not has_opened(request, found, What.WAGES, pk):
        return redirect("payroll:record", pk)
    figures = roe.record_of(found)
    if figures is None:
        raise Http404
    context = {"person": found, "record": figures, "sin": shown_sin(request, found)}
    context |= {"cooperative": Cooperative.objects.get(), "today": timezone.localdate()}
    name = _("record-of-employment-%(number)s.pdf") % {"number": pk}
    return paper_page(request, "payroll/pdf/record.html", context, name)
