"""What hours tell that waits for a body which approves them: how many weeks and requests, never whose."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from members.models import Power
from members.waiting import Asked, Waiting, know

from .models import Leave, LeaveCancellation, WeekSheet


def _hours(asked: Asked) -> Iterator[Waiting]:
    if Power.APPROVE_HOURS not in asked.powers:
        return
    opens = Power.APPROVE_HOURS in asked.reader_powers
    weeks = WeekSheet.objects.filter(state=WeekSheet.State.SUBMITTED).count()
    if weeks:
        sentence = ngettext(
            "%(count)s week of hours waits to be approved.",
            "%(count)s weeks of hours wait to be approved.",
            weeks,
        )
        yield Waiting(sentence % {"count": weeks}, reverse("timesheets:queue") if opens else "")
    requests = (
        Leave.objects.filter(state=Leave.State.REQUESTED).count()
        + LeaveCancellation.objects.filter(state=LeaveCancellation.State.REQUESTED).count()
    )
    if requests:
        sentence = ngettext(
            "%(count)s request about leave waits for an answer.",
            "%(count)s requests about leave wait for an answer.",
            requests,
        )
        yield Waiting(sentence % {"count": requests}, reverse("timesheets:leave_queue") if opens else "")


know(_hours)
