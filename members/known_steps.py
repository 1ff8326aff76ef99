"""What people and committees tell of the things to do at a step."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .invitations import has_come_in
from .known import Answer, Known, State, done_if, know
from .models import Mandate, Power, ShareEntry, StepList


def _page(one: StepList) -> str:
    return reverse("members:person", args=[one.person_id])


def _signed_in(lists: Sequence[StepList]) -> dict[int, Answer]:
    return {one.pk: done_if(has_come_in(one.person), url=_page(one)) for one in lists}


def _contact(lists: Sequence[StepList]) -> dict[int, Answer]:
    return {one.pk: done_if(bool(one.person.address and one.person.born_on), url=_page(one)) for one in lists}


def _companion(lists: Sequence[StepList]) -> dict[int, Answer]:
    return {
        one.pk: done_if(one.companion_id is not None, url=reverse("members:step_companion", args=[one.pk]))
        for one in lists
    }


def _mandates_over(lists: Sequence[StepList]) -> dict[int, Answer]:
    """No seat lasts longer than the day of the step."""
    last: dict[int, date] = {}
    for seat in Mandate.objects.filter(person__in=[one.person_id for one in lists]):
        last[seat.person_id] = max(last.get(seat.person_id, date.min), seat.ends_on or date.max)
    return {one.pk: done_if(last.get(one.person_id, date.min) <= one.on, url=_page(one)) for one in lists}


def _account_closed(lists: Sequence[StepList]) -> dict[int, Answer]:
    return {
        one.pk: Answer(
            State.TO_DO if one.person.is_active else State.DONE,
            one.person.closed_at and timezone.localdate(one.person.closed_at),
            _page(one),
        )
        for one in lists
    }


def _shares_refunded(lists: Sequence[StepList]) -> dict[int, Answer]:
    """Of somebody who ever subscribed a share: nothing is held or was paid any more."""
    held = {
        row["person"]: row
        for row in ShareEntry.objects.filter(person__in=[one.person_id for one in lists]).holdings()
    }
    return {
        one.pk: done_if(
            not (held[one.person_id]["held"] or held[one.person_id]["paid"]),
            url=reverse("members:share_ledger", args=[one.person_id]),
        )
        for one in lists
        if one.person_id in held
    }


know(
    Known("members.signed_in", _("the account was opened by its owner"), _signed_in),
    Known("members.contact", _("address and date of birth are on file"), _contact),
    Known("members.companion", _("who accompanies them is named"), _companion, Power.ADMIT_PEOPLE),
    Known("members.mandates_over", _("no mandate lasts longer"), _mandates_over),
    Known(
        "members.shares_refunded", _("no member share is held any more"), _shares_refunded, Power.ISSUE_PAY
    ),
    Known("members.account_closed", _("the account is closed"), _account_closed),
)
