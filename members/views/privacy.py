"""What the law on personal information asks: one's own data taken out, incidents, what is past its term."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit import spreadsheets
from koumbit.formats import day as written
from koumbit.formats import moment
from koumbit.pages import act, download, form_page
from koumbit.privacy import TERMS, Until

from .. import forms, incidents, own_data, retention
from ..access import needs, own_only, request_powers
from ..models import DataExport, Incident, Person, Power, Purge, PurgedRow
from ..tasks import make_export

ROWS = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


# My data ------------------------------------------------------------------------------------------


@own_only
@reauthentication_required
@read_or_send
def my_data(request: HttpRequest) -> HttpResponse:
    """All that is kept about me, in one archive: given at once, or made by the queue when it is long."""
    if request.method == "POST":
        if not own_data.is_long(request.user):
            own_data.ask(request.user, by=request.user)
            name = own_data.file_name(request.user)
            return download(own_data.archive_of(request.user), "application/zip", name)
        done = _("Your data are being gathered: a message tells you when they are ready.")
        return act(request, partial(_ask_the_queue, request.user), done=done, to=reverse("members:my_data"))
    context = {
        "exports": request.user.data_exports.defer("content").annotate(is_kept=own_data.is_kept())[:10],
        "is_long": own_data.is_long(request.user),
        "weeks": own_data.LASTS.days,
    }
    return render(request, "members/my_data.html", context)


@transaction.atomic
def _ask_the_queue(person: Person) -> None:
    export = own_data.ask(person, by=person)
    make_export.defer(export=export.pk)


@own_only
@reauthentication_required
@require_GET
def export_fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive that the queue made, for the person it is about."""
    export = get_object_or_404(DataExport, pk=pk, person=request.user)
    content = own_data.content_of(export)
    if not content:
        raise Http404
    return download(content, "application/zip", own_data.file_name(request.user))


# Incidents ----------------------------------------------------------------------------------------


@needs(incidents.KEPT_BY)
@require_GET
def all_incidents(request: HttpRequest) -> HttpResponse:
    """The register of confidentiality incidents, the latest first."""
    rows = Incident.objects.prefetch_related("follow_ups")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(incident, incidents.is_serious(incident)) for incident in page],
        "rule": TERMS[Until.INCIDENT],
    }
    return render(request, "members/incidents.html", context)


@needs(incidents.KEPT_BY)
@read_or_send
def incident_record(request: HttpRequest) -> HttpResponse:
    """Write an incident into the register, in the eight fields the regulation asks for."""
    return form_page(
        request,
        forms.IncidentForm(request.POST or None, initial={"noticed_on": timezone.localdate()}),
        do=partial(incidents.record, by=request.user),
        done=_("The incident is in the register. What comes later is added as a follow-up."),
        to=lambda recorded: reverse("members:incident", args=[recorded.pk]),
        title=_("Record a confidentiality incident"),
        lead=_("It stays as you write it. No names: kinds of information, numbers of people, facts."),
        submit_label=_("Record the incident"),
        cancel_url=reverse("members:incidents"),
    )


@needs(incidents.KEPT_BY)
@read_or_send
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """An incident, field by field, and what followed; here one adds to it."""
    rows = Incident.objects.select_related("recorded_by").prefetch_related("follow_ups__recorded_by")
    found = get_object_or_404(rows, pk=pk)
    serious = incidents.is_serious(found)
    return form_page(
        request,
        forms.FollowUpForm(request.POST or None, initial={"serious_harm": serious}),
        do=partial(incidents.follow_up, found, by=request.user),
        done=_("The follow-up is added."),
        to=reverse("members:incident", args=[pk]),
        template="members/incident.html",
        incident=found,
        serious=serious,
        fields=_said(found),
    )


def _said(found: Incident) -> list[tuple[str, str]]:
    """The eight fields as they were recorded, each with its name; two of them have a second half."""
    people = str(found.people)
    if found.people_is_about:
        people = _("about %(number)s") % {"number": people}
    words = {
        "noticed_on": written(found.noticed_on),
        "people": people,
        "serious_harm": _("yes") if found.serious_harm else _("no"),
        "notices": found.notices or "–",
    }
    names = (name for name in forms.IncidentForm.Meta.fields if name != "people_is_about")
    return [
        (str(found._meta.get_field(name).verbose_name), words.get(name) or getattr(found, name))
        for name in names
    ]


@needs(incidents.KEPT_BY)
@require_GET
def incidents_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The register for a spreadsheet, as the Commission may ask for it."""
    rows, name = incidents.table(), slugify(_("incident-register"))
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, f"{name}.csv")
    return download(
        spreadsheets.as_xlsx(rows, made_at=timezone.now()), spreadsheets.XLSX_TYPE, f"{name}.xlsx"
    )


# What is past its term ----------------------------------------------------------------------------


@needs(retention.PREPARED_BY, retention.EXECUTED_BY)
@require_GET
def past_terms(request: HttpRequest) -> HttpResponse:
    """What is past its term, by which rule; what waits to be destroyed, and what was."""
    today = timezone.localdate()
    found = retention.due(today)
    past = [each for each in found if each.is_past(today)]
    retention.count_files(past)
    done = Purge.objects.filter(executed_at__isnull=False).select_related("prepared_by", "executed_by")
    context = {
        "past": [each for each in past if each.total],
        "ahead": [each for each in found if not each.is_past(today)],
        "rules": [TERMS[term] for term in (*retention.OF_A_YEAR, Until.FILE)],
        "waiting": Purge.objects.filter(executed_at=None).select_related("prepared_by").first(),
        "page": Paginator(done, ROWS).get_page(request.GET.get("page")),
        "may_prepare": retention.PREPARED_BY in request_powers(request),
    }
    return render(request, "members/past_terms.html", context)


@needs(retention.PREPARED_BY)
@require_POST
def purge_prepare(request: HttpRequest) -> HttpResponse:
    """List what is ticked, row by row, for another person to destroy."""
    form = forms.PurgeForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    keys = request.POST.getlist("chosen")[:1000]
    return act(
        request,
        partial(retention.prepare, keys, by=request.user, because=because),
        done=_("The list is prepared. Another person, who issues pay, reads it and carries it out."),
        to=reverse("members:past_terms"),
    )


@needs(retention.PREPARED_BY, retention.EXECUTED_BY)
@require_GET
def purge(request: HttpRequest, pk: int) -> HttpResponse:
    """A list of what is destroyed: what, since when past its term, how many rows of each kind."""
    people = ("prepared_by", "executed_by")
    found = get_object_or_404(Purge.objects.select_related(*people), pk=pk)
    context = {
        "purge": found,
        "items": _items(found),
        "may_execute": Power.ISSUE_PAY in request_powers(request) and found.prepared_by != request.user,
        "may_withdraw": retention.PREPARED_BY in request_powers(request),
    }
    return render(request, "members/purge.html", context)


def _items(found: Purge) -> list[tuple]:
    return [
        (
            item,
            TERMS[Until(item.term)],
            sorted((retention.called(name), count) for name, count in item.counts.items()),
        )
        for item in found.items.select_related("person")
    ]


@needs(retention.EXECUTED_BY)
@reauthentication_required
@read_or_send
def purge_execute(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person destroys what is listed, having just proved who they are."""
    found = get_object_or_404(Purge.objects.select_related("prepared_by"), pk=pk)
    back = reverse("members:purge", args=[pk])
    if request.method == "POST":
        done = _("What was listed is destroyed. The journal says how many rows, and who did it.")
        return act(request, partial(retention.execute, found, by=request.user), done=done, to=back)
    context = {
        "title": _("Destroy what is listed?"),
        "message": _(
            "Names, texts, documents and keys are destroyed for ever; days, hours and amounts stay under numbers. "
            "Backups made before still hold them: keep those no longer than your rule says."
        ),
        "facts": [
            (_("Prepared by"), f"{found.prepared_by}, {moment(found.prepared_at)}"),
            (_("Rows"), PurgedRow.objects.filter(item__purge=found).count()),
            *([(_("Note"), found.because)] if found.because else []),
        ],
        "submit_label": _("Destroy"),
        "danger": True,
        "cancel_url": back,
    }
    return render(request, "page/confirm.html", context)


@needs(retention.PREPARED_BY)
@require_POST
def purge_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a list back; nothing is destroyed."""
    found = get_object_or_404(Purge, pk=pk)
    return act(
        request,
        partial(retention.withdraw, found, by=request.user),
        done=_("The list is withdrawn. Nothing was destroyed."),
        to=reverse("members:past_terms"),
    )
