"""What pay tells that waits for a body which prepares or issues it: days, never an amount nor whose."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from members.models import Power
from members.waiting import Asked, Waiting, know

from .models import PayRun
from .watching import PAY_POWERS, forms_to_confirm


def _pay(asked: Asked) -> Iterator[Waiting]:
    """The regular and off-cycle pays that are prepared and not issued; tax forms that nobody confirmed."""
    opens = not PAY_POWERS.isdisjoint(asked.reader_powers)
    if Power.ISSUE_PAY in asked.powers:
        of_what_is_due = Q(kind__in=PayRun.OF_WHAT_IS_DUE)
        for run in PayRun.objects.filter(of_what_is_due, issued_at=None).order_by("pay_on", "pk"):
            yield Waiting(
                _("The pay of %(day)s is prepared and waits to be issued.") % {"day": written(run.pay_on)},
                reverse("payroll:run", args=[run.pk]) if opens else "",
            )
    for ahead in forms_to_confirm(asked.powers, asked.today):
        yield Waiting(ahead.sentence, reverse(ahead.url) if opens else "")


know(_pay)
