"""The register of decisions: looked through by words, year, body and state; on a page, on paper, as a file."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.searching import with_words

from .models import Cooperative, Decision

#: How a decision may stand, as one looks for it.
STATES: dict[str, Promise] = {
    "ahead": gettext_lazy("to take effect"),
    "unconfirmed": gettext_lazy("to be confirmed"),
    "failed": gettext_lazy("could not be carried out"),
    "done": gettext_lazy("carried out"),
    "words": gettext_lazy("in words, that people put into practice"),
    "review": gettext_lazy("review is due"),
}


def asked(
    *, today: date, words: str = "", year: int | None = None, body=None, state: str = ""
) -> QuerySet[Decision]:
    """The decisions with these words in their title or text, of a year, of a body, that stand so; newest first."""
    found: QuerySet[Decision] = Decision.objects.select_related(
        "body", "recorded_by", "ballot", "confirmation", "execution", "failed_execution"
    ).order_by("-adopted_on", "-rank")
    found = with_words(found, words, "title", "text")
    if year:
        found = found.filter(adopted_on__year=year)
    if body:
        found = found.filter(body=body)
    match state:
        case "ahead":
            return found.filter(effective_on__gt=today)
        case "unconfirmed":
            return found.filter(pk__in=Decision.objects.unconfirmed())
        case "failed":
            return found.filter(failed_execution__isnull=False)
        case "done":
            return found.filter(execution__isnull=False)
        case "words":
            return found.filter(act="")
        case "review":
            return found.filter(Q(review_on__lte=today))
    return found


def years() -> list[int]:
    """The years in which something was adopted, the last one first."""
    return [day.year for day in Decision.objects.dates("adopted_on", "year", order="DESC")]


def state_of(decision: Decision, today: date) -> str:
    """How a decision stands: what it does is done, waits, or could not be done; empty for words in effect."""
    if hasattr(decision, "execution"):
        return str(STATES["done"])
    if hasattr(decision, "failed_execution"):
        return str(STATES["failed"])
    if decision.act and decision.ballot_id is None and not hasattr(decision, "confirmation"):
        return str(STATES["unconfirmed"])
    if decision.effective_on > today:
        return str(STATES["ahead"])
    return ""


def table(found: Iterable[Decision], *, today: date) -> list[list[Any]]:
    """The register as rows for a spreadsheet: what it is, its columns, the decisions, how many they are."""
    name = Cooperative.objects.values_list("name", flat=True).first() or ""
    columns = [
        _("Number"),
        _("Adopted on"),
        _("Body"),
        _("Title"),
        _("Text"),
        _("Takes effect on"),
        _("To be reviewed on"),
        _("State"),
        _("Recorded by"),
    ]
    rows = [
        [
            one.number,
            one.adopted_on,
            one.body.name,
            one.title,
            one.text,
            one.effective_on,
            one.review_on or "",
            state_of(one, today),
            one.recorded_by or _("a ballot"),
        ]
        for one in found
    ]
    return [[_("Register of decisions"), name], columns, *rows, [_("Decisions"), str(len(rows))]]
