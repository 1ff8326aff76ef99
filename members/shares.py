"""Member shares: subscribed, paid, refunded; what each holds, and the capital of all.

Only a cooperative has them, once it has said what a share is worth. Subscriptions and payments are written
by who prepares pay, refunds by who issues it and by a decision; never by the person themselves. What one holds
is read by its owner and by them; the capital by every member.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.refusals import Refused
from koumbit.rows import held, write

from . import journal
from .models import Cooperative, Decision, Person, Power, ShareEntry
from .powers import Author, NotAllowed, decision_of, demand, person_of

journal.name_events(
    {
        "members.shares_subscribed": gettext_lazy("member shares subscribed"),
        "members.shares_paid": gettext_lazy("member shares paid"),
        "members.shares_refunded": gettext_lazy("member shares refunded"),
        "members.shares_reversed": gettext_lazy("entry of member shares reversed"),
    }
)

Kind = ShareEntry.Kind
#: Whose mandates open the shares of others.
POWERS = (Power.PREPARE_PAY, Power.ISSUE_PAY)
ZERO = Decimal("0.00")


class NoShares(Refused):
    sentence = gettext_lazy(
        "There are no member shares here: a cooperative first says what one is worth, on its page."
    )


class NotAMember(Refused):
    sentence = gettext_lazy("Only a member subscribes shares: this person is none on that day.")


class NotOnesOwn(NotAllowed):
    def __init__(self):
        super().__init__(sentence=_("Nobody writes in their own shares: ask another holder of this power."))


class ToCome(Refused):
    sentence = gettext_lazy("This day has not come: write it down once it is done.")


class RefundIsDecided(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "Shares are refunded by a decision that was taken here, or that somebody else than you "
                "recorded. Name it."
            )
        )


class IsReversed(Refused):
    sentence = gettext_lazy("This entry is reversed already, or reverses another.")


@dataclass(frozen=True)
class Holding:
    """What somebody holds: how many shares, each worth `value`, and what they have paid for them, in dollars."""

    shares: int
    paid: Decimal
    value: Decimal

    @property
    def worth(self) -> Decimal:
        return self.shares * self.value

    @property
    def left_to_pay(self) -> Decimal:
        return self.worth - self.paid

    @property
    def fully_paid(self) -> int:
        """How many shares what was paid covers whole."""
        return int(self.paid // self.value) if self.value else 0


def see(person: Person, reader: Person, powers: Container[str]) -> bool:
    """May the reader see what this person holds?"""
    return person.pk == reader.pk or any(power in powers for power in POWERS)


def holding_of(person: Person, cooperative: Cooperative) -> Holding:
    """What one person holds today. One query."""
    row = next(iter(ShareEntry.objects.filter(person=person).holdings()), None)
    return _holding(row, cooperative)


def _holding(row: dict | None, cooperative: Cooperative) -> Holding:
    value = cooperative.share_value or ZERO
    return Holding(row["held"], row["paid"], value) if row else Holding(0, ZERO, value)


def holdings(cooperative: Cooperative) -> list[tuple[Person, Holding]]:
    """Everybody who holds shares or has paid for some, by name. Two queries."""
    rows = {row["person"]: row for row in ShareEntry.objects.holdings() if row["held"] or row["paid"]}
    people = Person.objects.filter(pk__in=list(rows)).by_name()
    return [(person, _holding(rows[person.pk], cooperative)) for person in people]


@dataclass(frozen=True)
class Capital:
    """What all members put in: how many hold shares, how many there are, what was paid, what is still to be."""

    holders: int
    shares: int
    paid: Decimal
    left_to_pay: Decimal


def capital(cooperative: Cooperative) -> Capital:
    """The capital of all members today. One query."""
    held = [_holding(row, cooperative) for row in ShareEntry.objects.holdings() if row["held"] or row["paid"]]
    return Capital(
        sum(one.shares > 0 for one in held),
        sum(one.shares for one in held),
        sum((one.paid for one in held), ZERO),
        sum((one.left_to_pay for one in held), ZERO),
    )


# What is written ---------------------------------------------------------------------------------


@transaction.atomic
def subscribe(person: Person, *, by: Person, on: date, shares: int) -> ShareEntry:
    """The member undertakes to hold that many more shares, and owes what they are worth."""
    demand(by, Power.PREPARE_PAY)
    if not person.memberships.on(on).exists():
        raise NotAMember
    return _write(
        "members.shares_subscribed", ShareEntry(person=person, kind=Kind.SUBSCRIBED, on=on, shares=shares), by
    )


@transaction.atomic
def pay(person: Person, *, by: Person, on: date, amount: Decimal, reference: str = "") -> ShareEntry:
    """The member paid so much of what they subscribed."""
    demand(by, Power.PREPARE_PAY)
    entry = ShareEntry(person=person, kind=Kind.PAID, on=on, amount=amount, reference=reference.strip())
    return _write("members.shares_paid", entry, by)


@transaction.atomic
def refund(
    person: Person,
    *,
    by: Author,
    on: date,
    shares: int,
    amount: Decimal,
    decision: Decision | None = None,
    reference: str = "",
) -> ShareEntry:
    """Shares are given up and dollars paid back: at departure, or as a body decides."""
    demand(by, Power.ISSUE_PAY)
    own = decision_of(by)
    named = own or decision
    if own is None and not (
        named and (named.ballot_id is not None or named.recorded_by_id not in (None, by.pk))
    ):
        raise RefundIsDecided
    entry = ShareEntry(
        person=person,
        kind=Kind.REFUNDED,
        on=on,
        shares=shares,
        amount=amount,
        decision=named,
        reference=reference.strip(),
    )
    return _write("members.shares_refunded", entry, by)


@transaction.atomic
def reverse(entry: ShareEntry, *, by: Person) -> ShareEntry:
    """Take a mistaken entry back: the same one with the other sign, today."""
    demand(by, Power.ISSUE_PAY)
    entry = held(entry)
    if entry.reverses_id is not None or ShareEntry.objects.filter(reverses=entry).exists():
        raise IsReversed
    mirror = ShareEntry(
        person=entry.person,
        kind=entry.kind,
        on=timezone.localdate(),
        shares=-entry.shares,
        amount=-entry.amount,
        reverses=entry,
    )
    return _write("members.shares_reversed", mirror, by)


def _write(event: str, entry: ShareEntry, by: Author) -> ShareEntry:
    cooperative = Cooperative.objects.first()
    if cooperative is None or not cooperative.has_shares or cooperative.share_value is None:
        raise NoShares
    if entry.person == by:
        raise NotOnesOwn
    if entry.on > timezone.localdate() and decision_of(by) is None:
        raise ToCome
    entry.recorded_by = person_of(by)
    write(entry)
    journal.record(event, by=by, id=entry.pk, person=entry.person_id, on=entry.on.isoformat())
    return entry
