"""What a person has earned and not taken: vacation and banked overtime, as dated ledgers."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.access import needs, own_only
from members.models import Person, Power

from .. import ledgers, profiles
from ..deductions.money import ZERO
from ..deductions.parameters import leave_pay_known
from ..forms.profiles import BankOpeningForm
from ..models import BankOpening
from ..readings import What
from .opening import note_shown
from .profiles import file_url, kept, of_another

PER_PAGE = 30
ROWS = 100


@needs(Power.PREPARE_PAY, Power.ISSUE_PAY)
@require_safe
def all_banks(request):
    """What the co-op owes everyone in vacation and banked overtime, in all."""
    owed = ledgers.of_everyone(today=timezone.localdate())
    page = Paginator(owed, ROWS).get_page(request.GET.get("page"))
    note_shown(request, (of.person.pk for of in page), What.BANKS)
    context = {
        "page": page,
        "vacation": sum((of.vacation for of in owed), ZERO),
        "overtime_minutes": sum(of.overtime_minutes for of in owed),
        "overtime": sum((of.overtime or ZERO for of in owed), ZERO),
    }
    return render(request, "payroll/banks_list.html", context)


@own_only
@require_safe
def banks(request):
    """My vacation and my banked overtime, movement by movement."""
    return _banks(request, request.user)


@require_safe
@of_another
def banks_of(request, person):
    """The banks of a person, for those who prepare pay."""
    return _banks(request, person)


def _banks(request: HttpRequest, person: Person) -> HttpResponse:
    today = timezone.localdate()
    found = ledgers.of_person(person, today=today)
    page = request.GET.get("page")
    context = {
        "person": person,
        "is_mine": person == request.user,
        "ledgers": found,
        "vacation": Paginator(found.vacation, PER_PAGE).get_page(page),
        "overtime": Paginator(found.overtime, PER_PAGE).get_page(page),
        "law": leave_pay_known(today),
        "file_url": file_url(request, person),
    }
    return render(request, "payroll/banks_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_another
def banks_opening(request, person):
    """Write what a person was owed already when the co-op started here."""
    opening = BankOpening.objects.filter(person=person).first()
    form = BankOpeningForm(request.POST or None, instance=opening)

    def keep() -> str:
        profiles.open_banks(person, by=request.user, **form.cleaned_data)
        return _("What was owed on the first day is on file. Their banks count it from now on.")

    return kept(
        request,
        person,
        form,
        keep,
        title=_("Owed when the co-op started here"),
        submit_label=_("Put on file"),
        back_to=reverse("payroll:banks_of", args=[person.pk]),
    )
