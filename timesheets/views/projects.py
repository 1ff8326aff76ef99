"""Services, clients and projects: read by all, kept by those who hold that power.

The three are kept alike: the same five views, told by a `Kind` in the addresses which one it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from koumbit.pages import act, form_page
from koumbit.tables import paged
from members.access import needs, request_powers, signed_in
from members.models import Power
from timesheets import projects as verbs
from timesheets import tables
from timesheets.forms import projects as forms
from timesheets.models import Client, Project, Service

OPEN_PROJECTS = Count("projects", filter=Q(projects__closed_on=None))


@dataclass(frozen=True)
class Kind:
    """One of the three: its rows, its forms and verbs, and what its pages say."""

    name: str
    rows: QuerySet
    searched: tuple[str, ...]
    form: type[ModelForm]
    table: type[tables.ClosableTable]
    create: Callable
    change: Callable
    title: str | Promise
    lead: str | Promise
    create_title: str | Promise
    change_title: str | Promise
    created: str | Promise
    nothing: str | Promise

    @property
    def list_url(self) -> str:
        return reverse(f"timesheets:{self.name}s")

    def one(self, pk: int) -> Model:
        return get_object_or_404(self.rows.model, pk=pk)

    def matching(self, word: str) -> QuerySet:
        """The rows in which a word stands."""
        found = Q()
        for column in self.searched:
            found |= Q((f"{column}__icontains", word))
        return self.rows.filter(found) if word else self.rows.all()


SERVICE = Kind(
    name="service",
    rows=Service.objects.annotate(open_projects=OPEN_PROJECTS),
    searched=("name",),
    form=forms.ServiceForm,
    table=tables.ServiceTable,
    create=verbs.create_service,
    change=verbs.change_service,
    title=_("Services"),
    lead=_("What the co-op sells. Each project may belong to one."),
    create_title=_("Create a service"),
    change_title=_("Rename the service"),
    created=_("The service is created."),
    nothing=_("No service yet"),
)
CLIENT = Kind(
    name="client",
    rows=Client.objects.annotate(open_projects=OPEN_PROJECTS),
    searched=("name",),
    form=forms.ClientForm,
    table=tables.ClientTable,
    create=verbs.create_client,
    change=verbs.change_client,
    title=_("Clients"),
    lead=_("Who the co-op works for."),
    create_title=_("Create a client"),
    change_title=_("Rename the client"),
    created=_("The client is created."),
    nothing=_("No client yet"),
)
PROJECT = Kind(
    name="project",
    rows=Project.objects.select_related("client", "service"),
    searched=("name", "client__name", "service__name"),
    form=forms.ProjectForm,
    table=tables.ProjectTable,
    create=verbs.create_project,
    change=verbs.change_project,
    title=_("Projects"),
    lead=_("The work hours are counted on, for a client or for the co-op itself."),
    create_title=_("Create a project"),
    change_title=_("Change the project"),
    created=_("The project is created: hours can be logged on it."),
    nothing=_("No project yet"),
)


@signed_in
@require_GET
def listed(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Those that are open, or in which a word stands; the closed too if asked."""
    form = forms.SearchForm(request.GET)
    answers = form.cleaned_data if form.is_valid() else {}
    rows = kind.matching(answers.get("q", ""))
    shows_closed, keeps = answers.get("closed", False), Power.KEEP_PROJECTS in request_powers(request)
    if not shows_closed:
        rows = rows.filter(closed_on=None)
    table = kind.table(
        rows, shows_closed=shows_closed, keeps=keeps, csrf_token=get_token(request) if keeps else ""
    )
    context = {
        "title": kind.title,
        "lead": kind.lead,
        "kind": kind.name,
        "filter": {"form": form},
        "table": paged(request, table),
        "new_url": reverse(f"timesheets:{kind.name}_create") if keeps else "",
        "new_label": kind.create_title,
        "empty": _("Nothing has this word") if answers.get("q") else kind.nothing,
    }
    return render(request, "timesheets/project_list.html", context)


@needs(Power.KEEP_PROJECTS)
def create(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A new one."""
    return form_page(
        request,
        kind.form(request.POST or None),
        do=partial(kind.create, by=request.user),
        done=str(kind.created),
        to=kind.list_url,
        title=kind.create_title,
        submit_label=_("Create"),
        cancel_url=kind.list_url,
    )


@needs(Power.KEEP_PROJECTS)
def change(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    """Another name for the same one, on past hours too; for a project, another client or service."""
    thing = kind.one(pk)
    return form_page(
        request,
        kind.form(request.POST or None, instance=thing),
        do=partial(kind.change, kind.rows.model(pk=pk), by=request.user),
        done=str(_("The changes are saved.")),
        to=kind.list_url,
        title=kind.change_title,
        lead=str(thing),
        submit_label=_("Save"),
        cancel_url=kind.list_url,
    )


@needs(Power.KEEP_PROJECTS)
@require_POST
def close(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    """Hide it from picking."""
    thing = kind.one(pk)
    return act(
        request,
        partial(verbs.close, thing, by=request.user),
        done=_("“%(name)s” is closed: it is not picked any more, and past hours keep it. It can be reopened.")
        % {"name": thing},
        to=kind.list_url,
    )


@needs(Power.KEEP_PROJECTS)
@require_POST
def reopen(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    """Let it be picked again."""
    thing = kind.one(pk)
    return act(
        request,
        partial(verbs.reopen, thing, by=request.user),
        done=_("“%(name)s” is open again.") % {"name": thing},
        to=kind.list_url,
    )
