"""What roles tell of the things to do when somebody arrives, returns or leaves."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.known import Answer, Known, done_if, know
from members.models import StepList

from .models import Assignment, Term


def _last_days(lists: Sequence[StepList]) -> dict[int, list[tuple[date, date]]]:
    """By person, the first and last day of each term they hold and each task they carry. Two queries."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    people = [one.person_id for one in lists]
    for facts in (Term.objects, Assignment.objects):
        for person_id, first, last in facts.filter(person__in=people).values_list(
            "person_id", "starts_on", "ends_on"
        ):
            found[person_id].append((first, last or date.max))
    return found


def _first_work(lists: Sequence[StepList]) -> dict[int, Answer]:
    """A term or a task holds from the day of the step on."""
    held, url = _last_days(lists), reverse("roles:registry")
    return {
        one.pk: done_if(any(last >= one.on for _first, last in held[one.person_id]), url=url) for one in lists
    }


def _handed_over(lists: Sequence[StepList]) -> dict[int, Answer]:
    """No term and no task lasts longer than the day of the step."""
    held, url = _last_days(lists), reverse("roles:registry")
    return {
        one.pk: done_if(all(last <= one.on for _first, last in held[one.person_id]), url=url) for one in lists
    }


know(
    Known("roles.first_work", _("a role or a task is theirs"), _first_work),
    Known("roles.handed_over", _("no term and no task lasts longer"), _handed_over),
)
