"""The lists of services, clients and projects."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day

from .models import Client, Project, Service

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class ClosableTable(tables.Table):
    """Things by name; where the closed are shown too, their state; for who keeps them, what can be done."""

    closed_on = tables.Column(gettext_lazy("State"), empty_values=())
    acts = tables.Column(gettext_lazy("Actions"), empty_values=(), orderable=False)

    def __init__(self, *args, shows_closed: bool, keeps: bool, csrf_token: str = "", **kwargs):
        shown = {"closed_on": shows_closed, "acts": keeps}
        super().__init__(*args, exclude=[name for name, is_shown in shown.items() if not is_shown], **kwargs)
        self.csrf_token = csrf_token

    def render_closed_on(self, record):
        if record.closed_on is None:
            return _("open")
        return _("closed on %(day)s") % {"day": day(record.closed_on)}

    def render_acts(self, record):
        kind = record._meta.model_name
        facts = {
            "thing": record,
            "csrf_token": self.csrf_token,
            "change": reverse(f"timesheets:{kind}_change", args=[record.pk]),
            "act": reverse(
                f"timesheets:{kind}_{'reopen' if record.closed_on else 'close'}", args=[record.pk]
            ),
        }
        return render_to_string("timesheets/project_acts.html", facts)


class OwnerTable(ClosableTable):
    """What projects belong to. `open_projects`: how many are going on; it leads to them."""

    open_projects = tables.Column(
        gettext_lazy("Open projects"),
        attrs=_NUMBER,
        linkify=lambda record: reverse("timesheets:projects", query={"q": record.name}),
    )


class ServiceTable(OwnerTable):
    name = tables.Column(linkify=("timesheets:service", {"pk": tables.A("pk")}))

    class Meta:
        model = Service
        fields = ["name", "open_projects", "closed_on", "acts"]
        order_by = "name"


class ClientTable(OwnerTable):
    class Meta:
        model = Client
        fields = ["name", "open_projects", "closed_on", "acts"]
        order_by = "name"


class ProjectTable(ClosableTable):
    name = tables.Column(linkify=("timesheets:project", {"pk": tables.A("pk")}))

    class Meta:
        model = Project
        fields = ["name", "client", "service", "closed_on", "acts"]
        order_by = "name"
