"""What hours tell of the things to do when somebody arrives, steps back or leaves."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.known import Answer, Known, done_if, know
from members.models import Power, StepList

from .models import AccessToken, TimeEntry, WeekSheet


def _where(lists: Sequence[StepList], condition) -> set[int]:
    """The lists, by key, for whose person the condition holds. One query."""
    keys = [one.pk for one in lists]
    return set(StepList.objects.filter(Exists(condition), pk__in=keys).values_list("pk", flat=True))


def _first_week(lists: Sequence[StepList]) -> dict[int, Answer]:
    handed_in = WeekSheet.objects.filter(person=OuterRef("person")).exclude(state=WeekSheet.State.DRAFT)
    done = _where(lists, handed_in)
    return {one.pk: done_if(one.pk in done) for one in lists}


def _hours_approved(lists: Sequence[StepList]) -> dict[int, Answer]:
    """The day has come, and no time up to it waits to be approved."""
    open_entries = TimeEntry.objects.filter(
        person=OuterRef("person"), approved_at=None, day__lte=OuterRef("on")
    )
    waiting, today, url = _where(lists, open_entries), timezone.localdate(), reverse("timesheets:queue")
    return {one.pk: done_if(one.on <= today and one.pk not in waiting, url=url) for one in lists}


def _keys_closed(lists: Sequence[StepList]) -> dict[int, Answer]:
    """A key opens nothing for somebody who is not here any more (`tokens.holder_of`)."""
    opening = AccessToken.objects.opening(timezone.localdate()).filter(person=OuterRef("person"))
    still = _where(lists, opening)
    return {one.pk: done_if(one.pk not in still) for one in lists}


know(
    Known("timesheets.first_week", _("a week was handed in"), _first_week),
    Known(
        "timesheets.hours_approved",
        _("no time up to that day waits to be approved"),
        _hours_approved,
        Power.APPROVE_HOURS,
    ),
    Known("timesheets.keys_closed", _("no key of theirs opens anything"), _keys_closed),
)
