"""What every member verifies: the journal, who opens what; and one's own messages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from koumbit.dated import lasting
from koumbit.tables import paged

from .. import access_table, forms, journal
from ..access import own_only, request_powers, signed_in
from ..models import Committee, CommitteePower, Power
from ..tables import JournalTable


@signed_in
def journal_page(request: HttpRequest) -> HttpResponse:
    """The journal, newest line first, and the proof that nobody changed it."""
    form = forms.HeadForm(request.GET if "head" in request.GET else None)
    search = forms.JournalForm(request.GET or None)
    context = {
        "title": _("Journal"),
        "form": form,
        "search": search,
        "table": paged(request, JournalTable(journal.asked(**search.asked()))),
        "head": journal.head(),
    }
    if form.is_valid():
        context["verified"] = True
        context["broken"] = journal.first_broken_line()
        context["asked"] = form.cleaned_data["head"]
        context["found"] = journal.line_of(form.cleaned_data["head"])
    return render(request, "members/journal.html", context)


@signed_in
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """Who opens what: every page there is, from what the views declare and the tests try."""
    form = forms.AccessForm(request.GET or None)
    parts = access_table.table(**form.asked(), powers=request_powers(request))
    today = timezone.localdate()
    held: dict[str, list[Committee]] = {power.value: [] for power in Power}
    granted = CommitteePower.objects.on(today).filter(lasting(today, today, "committee__"))
    for each in granted.select_related("committee").order_by("committee__name"):
        held[each.power].append(each.committee)
    context = {
        "form": form,
        "parts": parts,
        "count": sum(len(part.pages) for part in parts),
        "all": len(access_table.addresses()),
        "held": [(power, held[power.value]) for power in Power],
    }
    return render(request, "members/access.html", context)


@own_only
def messages_page(request: HttpRequest) -> HttpResponse:
    """What the co-op wrote to me, and whether it has left."""
    page = Paginator(request.user.messages.all(), 50).get_page(request.GET.get("page"))
    return render(request, "members/messages.html", {"page": page})
