"""The long lists: decisions and the journal."""

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from koumbit.formats import day

from . import decision_register, journal
from .models import Decision, JournalEntry


class DecisionTable(tables.Table):
    rank = tables.Column(orderable=False, attrs={"td": {"class": "moment"}})
    title = tables.Column(linkify=("members:decision", {"pk": tables.A("pk")}))
    body = tables.Column(linkify=("members:committee", {"pk": tables.A("body_id")}))
    state = tables.Column(_("State"), empty_values=(), orderable=False)

    class Meta:
        model = Decision
        fields = ["rank", "adopted_on", "title", "body", "effective_on", "state"]
        order_by = "-adopted_on"

    def order_adopted_on(self, decisions, is_descending):
        """Those of one day by their number."""
        order = ("-adopted_on", "-rank") if is_descending else ("adopted_on", "rank")
        return decisions.order_by(*order), True

    def render_rank(self, record):
        return record.number

    def render_adopted_on(self, value):
        return day(value)

    def render_effective_on(self, value):
        return day(value)

    def render_state(self, record):
        return decision_register.state_of(record, timezone.localdate())


class JournalTable(tables.Table):
    """Who did what, when; with the numbers the line speaks of and the start of its hash."""

    seq = tables.Column(_("No."), attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    at = tables.DateTimeColumn(
        verbose_name=_("When"), format="Y-m-d H:i:s", attrs={"td": {"class": "moment"}}
    )
    actor = tables.Column(_("Who"), default=_("the installation"))
    event = tables.Column(_("What"))
    body = tables.Column(_("Details"))
    hash = tables.Column(_("Hash"))

    class Meta:
        model = JournalEntry
        fields = ["seq", "at", "actor", "event", "body", "hash"]
        orderable = False

    def render_event(self, value):
        return journal.name_of(value)

    def render_body(self, value):
        return format_html_join(
            " ", "<code>{}={}</code>", ((k, self._said(k, v)) for k, v in value.items() if v is not None)
        )

    def _said(self, key, value):
        """A number as it is; that of a person leads to their page, which says who it is to those who may know."""
        if key == "person" and isinstance(value, int):
            return format_html('<a href="{}">{}</a>', reverse("members:person", args=[value]), value)
        return value

    def render_hash(self, value):
        return format_html_join("", '<code title="{}">{}…</code>', [(value, value[:12])])
