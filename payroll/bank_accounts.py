"""Where each person's pay is deposited: entered by themself, changed with a warning, shown by its last digits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import day_before
from koumbit.formats import day as written
from koumbit.prepared import Place
from koumbit.refusals import Refused
from koumbit.rows import write
from members import journal, outbox
from members.models import Cooperative, Person, Power
from members.powers import NotAllowed, holders

from . import banks, cpa005
from .models import BankAccount

journal.name_events(
    {
        "account.given": gettext_lazy("bank account entered"),
        "account.ended": gettext_lazy("bank account ended"),
    }
)
#: How long a new account is warned about when deposits are made.
COOLING = timedelta(days=2)
SHOWN_DIGITS = 3
SHORTEST, LONGEST = 5, 12


class NotAnAccount(Refused):
    """Numbers that no Canadian account has. `field` is the one to correct."""

    def __init__(self, field: str, sentence: str):
        self.field = field
        super().__init__(sentence)


class OnlyTheirOwn(NotAllowed):
    """Nobody says where somebody else's pay goes."""

    def __init__(self):
        super().__init__(sentence=_("Only the person themself enters where their pay goes."))


class StartsBeforeTheLast(Refused):
    def __init__(self, last: BankAccount):
        super().__init__(
            _("The account on file already starts on %(day)s: give that day or a later one.")
            % {"day": written(last.starts_on)}
        )


class InThePast(Refused):
    sentence = gettext_lazy("Pays of the past were already made: give today or a later day.")


class NothingToEnd(Refused):
    sentence = gettext_lazy("There is no bank account on file: there is nothing to end.")


class NameUnknownToBanks(Refused):
    sentence = gettext_lazy(
        "Banks only exchange Latin letters, and your name in the register has none: have it written in them too."
    )


# Numbers ------------------------------------------------------------------------------------------


def institution_digits(text: str) -> str:
    """The three digits of an institution. Raises NotAnAccount."""
    digits = _digits(text)
    if digits is None or len(digits) != 3 or digits == "000":
        raise NotAnAccount(
            "institution",
            _("An institution has three digits, such as 815 for the Caisses Desjardins of Québec."),
        )
    return digits


def transit_digits(text: str) -> str:
    """The five digits of a branch. Raises NotAnAccount."""
    digits = _digits(text)
    if digits is None or len(digits) != 5:
        raise NotAnAccount(
            "transit", _("A transit has five digits: those of your branch or caisse, before the institution.")
        )
    return digits


def number_digits(text: str) -> str:
    """The digits of an account. Raises NotAnAccount."""
    digits = _digits(text)
    if digits is None or not SHORTEST <= len(digits) <= LONGEST or not int(digits):
        raise NotAnAccount(
            "number",
            _(
                "An account number has from 5 to 12 digits. Copy all of them, with the zeros at the beginning."
            ),
        )
    return digits


def _digits(text: str) -> str | None:
    """What was typed without its blanks and hyphens; None when it holds anything but digits."""
    digits = re.sub(r"[\s\u00a0\u202f-]", "", text)
    return digits if re.fullmatch(r"[0-9]+", digits, re.ASCII) else None


@dataclass(frozen=True)
class Masked:
    """An account as it is shown: its bank, and the last digits of its number."""

    bank: str
    number: str


def masked(account: BankAccount) -> Masked:
    """An account as its owner recognizes it and nobody else can use it."""
    return Masked(banks.name_of(account.institution), f"••• {account.number[-SHOWN_DIGITS:]}")


def shown(person: Person, day: date) -> Masked | None:
    """The person's account of that day as it is shown to them, or None. One query."""
    account = BankAccount.objects.filter(person=person).on(day).first()
    return masked(account) if account else None


# Acts ---------------------------------------------------------------------------------------------


@transaction.atomic
def give(
    person: Person, *, by: Person, starts_on: date, institution: str, transit: str, number: str
) -> BankAccount:
    """Have my pay deposited in this account from a day on. I am written to, wherever I am.

    Given again for the same first day, it takes the place of that version.
    """
    _demand_own(person, by)
    if not cpa005.plain(person.get_full_name()):
        raise NameUnknownToBanks
    numbers = institution_digits(institution), transit_digits(transit), number_digits(number)
    last = _followed(person, starts_on)
    account = last if last and last.starts_on == starts_on else BankAccount(person=person)
    account.starts_on, account.ends_on, account.given_at = starts_on, None, timezone.now()
    account.institution, account.transit, account.number = numbers
    write(account)
    _tell(person, account.given_at, starts_on=starts_on, is_ended=False)
    journal.record("account.given", by=by, person=person.pk, account=account.pk, starts_on=str(starts_on))
    return account


@transaction.atomic
def end(person: Person, *, by: Person, starts_on: date) -> None:
    """Be paid by cheque from that day on. I am written to, as for any change."""
    _demand_own(person, by)
    if not BankAccount.objects.filter(person=person).on(starts_on).exists():
        raise NothingToEnd
    last = _followed(person, starts_on)
    if last.starts_on == starts_on:
        last.delete()
    _tell(person, timezone.now(), starts_on=starts_on, is_ended=True)
    journal.record("account.ended", by=by, person=person.pk, starts_on=str(starts_on))


def _demand_own(person: Person, by: Person) -> None:
    if person != by:
        raise OnlyTheirOwn


def _followed(person: Person, starts_on: date) -> BankAccount | None:
    """The person's last account, locked; ended the day before `starts_on` unless it starts that day."""
    if starts_on < timezone.localdate():
        raise InThePast
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    last = BankAccount.objects.filter(person=person).order_by("-starts_on").first()
    if last is None:
        return None
    if last.starts_on > starts_on:
        raise StartsBeforeTheLast(last)
    if last.starts_on < starts_on and not last.is_over(starts_on):
        last.ends_on = day_before(starts_on)
        write(last)
    return last


def _tell(person: Person, at: datetime, *, starts_on: date, is_ended: bool) -> None:
    """Write to the person, at the address on file, what changed and how to object. Never the numbers."""
    told = {
        "person": person,
        "at": at,
        "starts_on": starts_on,
        "is_ended": is_ended,
        "cooperative": Cooperative.objects.first(),
        "payers": list(holders(Power.ISSUE_PAY)),
        "link": settings.SITE_URL.rstrip("/") + reverse("payroll:account"),
    }
    with translation.override(person.language):
        subject = _("Your pay goes elsewhere from %(day)s") % {"day": written(starts_on)}
        outbox.write(person, subject=subject, text=render_to_string("payroll/account_changed.txt", told))


# What others may know -----------------------------------------------------------------------------


def lately(person: Person | OuterRef, since: datetime | Place | None = None) -> QuerySet[BankAccount]:
    """The person's accounts that were entered less than two days ago, without their numbers, the last first."""
    accounts = BankAccount.objects.filter(person=person, given_at__gt=since or timezone.now() - COOLING)
    return accounts.only("given_at", "starts_on").order_by("-given_at")


def in_force(people: Iterable[int], day: date) -> dict[int, BankAccount]:
    """Each person's account of that day, by person; nobody's who has none. One query."""
    return {account.person_id: account for account in BankAccount.objects.filter(person__in=people).on(day)}


def people_who_work(day: date) -> QuerySet[Person]:
    """Everybody who works that day, by name, with the moment their account of that day was entered, or none."""
    accounts = BankAccount.objects.on(day).filter(person=OuterRef("pk"))
    return Person.objects.working(day, day).annotate(given_at=Subquery(accounts.values("given_at"))).by_name()
