"""The register of remittances: what was paid to a government is written down, and taken back by its mirror."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person

from .employer import demand_pay_power, one_at_a_time
from .models import Remittance
from .remittance_parts import Amounts, added, total
from .remitting import Period
from .standings import Standing, standing_of

journal.name_events(
    {
        "remittance.recorded": gettext_lazy("remittance recorded"),
        "remittance.taken_back": gettext_lazy("remittance taken back"),
    }
)


class SeenChanged(Refused):
    """What was read on the page is not what is owed now."""

    sentence = gettext_lazy(
        "What is owed has changed while you were reading, or this is already recorded: "
        "go back to the remittance and read it again."
    )


class NothingPaid(Refused):
    """An amount is left to pay, and none was given."""

    sentence = gettext_lazy("Give the amounts that were paid.")


class PaidLater(Refused):
    """Only what is paid is recorded."""

    sentence = gettext_lazy("This day is to come: record the payment once it is made.")


class PaidBefore(Refused):
    """Nothing is paid for pays that did not begin."""

    def __init__(self, period: Period):
        super().__init__(
            _("The first pays of this remittance are of %(day)s: it was paid on that day or later.")
            % {"day": written(period.starts_on)}
        )


class AlreadyTakenBack(Refused):
    """A payment is taken back once."""

    sentence = gettext_lazy("This payment is already taken back, or is itself a counter-entry.")


@transaction.atomic
def record(
    standing: Standing,
    *,
    parts: Amounts,
    paid_on: date,
    reference: str = "",
    because: str = "",
    seen: str = "",
    by: Person,
) -> Remittance:
    """Write down what was paid to a government for the pays of a period. It is never edited afterwards.

    A negative amount is what the government gave back, or what another remittance deducts: it says why.
    `seen` is the digest of what was read. Raises SeenChanged, NothingPaid, PaidLater, PaidBefore.
    """
    demand_pay_power(by)
    one_at_a_time()
    standing = standing_of(standing.to, standing.period.starts_on, today=standing.today)
    if standing is None or (seen and seen != standing.digest):
        raise SeenChanged
    parts = added(parts)
    if not parts and (standing.left or standing.remittances):
        raise NothingPaid
    if paid_on > timezone.localdate():
        raise PaidLater
    if paid_on < standing.period.starts_on:
        raise PaidBefore(standing.period)
    period = standing.period
    remittance = Remittance(
        kind=standing.kind,
        government=standing.paid_to,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        parts={".".join(place): f"{amount:.2f}" for place, amount in parts.items()},
        amount=total(parts),
        owed=standing.owed_total,
        paid_on=paid_on,
        reference=reference.strip(),
        because=because.strip(),
        recorded_by=by,
    )
    return _written(remittance, "remittance.recorded")


@transaction.atomic
def take_back(remittance: Remittance, *, because: str, by: Person) -> Remittance:
    """Cancel a payment that was recorded wrongly by its mirror; what was really paid is recorded anew."""
    demand_pay_power(by)
    one_at_a_time()
    remittance = locked(remittance)
    if remittance.is_correction or Remittance.objects.filter(corrects=remittance).exists():
        raise AlreadyTakenBack
    mirror = Remittance(
        kind=remittance.kind,
        government=remittance.government,
        starts_on=remittance.starts_on,
        ends_on=remittance.ends_on,
        due_on=remittance.due_on,
        parts={place: f"{-Decimal(amount):.2f}" for place, amount in remittance.parts.items()},
        amount=-remittance.amount,
        owed=remittance.owed,
        paid_on=remittance.paid_on,
        reference=remittance.reference,
        corrects=remittance,
        because=because.strip(),
        recorded_by=by,
    )
    return _written(mirror, "remittance.taken_back")


def _written(remittance: Remittance, event: str) -> Remittance:
    write(remittance)
    journal.record(
        event,
        by=remittance.recorded_by,
        remittance=remittance.pk,
        kind=remittance.kind,
        government=remittance.government,
        starts_on=str(remittance.starts_on),
        ends_on=str(remittance.ends_on),
    )
    return remittance
