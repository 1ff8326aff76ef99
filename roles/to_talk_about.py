"""What roles bring to a body that keeps them: tasks on which people are far apart, roles to fill."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import agenda, waiting
from members.agenda import Suggestion
from members.models import Committee, Power
from members.waiting import Asked, Waiting

from . import ratings
from .models import Opening


def _contested(body: Committee, today: date) -> Iterator[Suggestion]:
    """One point for each contested task, from what is published of its votes."""
    if not body.powers.on(today).filter(power=Power.KEEP_ROLES).exists():
        return
    for one in ratings.shown():
        if one.contested:
            title = _("Far apart on a task: %(task)s (%(role)s)") % {"task": one.task, "role": one.task.role}
            url = f"{reverse('roles:ratings_contested')}#task-{one.task.pk}"
            yield Suggestion(f"roles.contested:{one.task.pk}", title[:160], url)


def _to_fill(asked: Asked) -> Iterator[Waiting]:
    """The openings of roles past their last day, that nobody has filled or closed."""
    if Power.KEEP_ROLES not in asked.powers:
        return
    count = Opening.objects.filter(closed_at=None, closes_on__lt=asked.today).count()
    if count:
        sentence = ngettext(
            "%(count)s role that was open waits to be filled or closed.",
            "%(count)s roles that were open wait to be filled or closed.",
            count,
        )
        yield Waiting(sentence % {"count": count}, reverse("roles:renewals"))


agenda.know(_contested)
waiting.know(_to_fill)
