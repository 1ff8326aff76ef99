"""The journal that anybody verifies, and one's own messages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from koumbit.tables import paged

from .. import forms, journal
from ..access import signed_in
from ..models import JournalEntry
from ..tables import JournalTable


@signed_in
def journal_page(request: HttpRequest) -> HttpResponse:
    """The journal, newest line first, and the proof that nobody changed it."""
    form = forms.HeadForm(request.GET if "head" in request.GET else None)
    context = {
        "title": _("Journal"),
        "form": form,
        "table": paged(request, JournalTable(JournalEntry.objects.select_related("actor").order_by("-seq"))),
        "head": journal.head(),
    }
    if form.is_valid():
        context["verified"] = True
        context["broken"] = journal.first_broken_line()
        context["asked"] = form.cleaned_data["head"]
        context["found"] = journal.holds(form.cleaned_data["head"])
    return render(request, "members/journal.html", context)


@signed_in
def messages_page(request: HttpRequest) -> HttpResponse:
    """What the co-op wrote to me, and whether it has left."""
    page = Paginator(request.user.messages.all(), 50).get_page(request.GET.get("page"))
    return render(request, "members/messages.html", {"page": page})
