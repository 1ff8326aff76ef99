"""Each member's stubs and statements: to find, read, download, and check again."""

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from koumbit.prepared import Place, Prepared, day_named, key_named
from members.models import Person

from . import bank_accounts, documents
from .deductions.money import ZERO
from .models import PayStub, StubDocument, StubLine
from .opening import openings
from .pays import recomputed
from .readings import OPENED_BY, What

# `2026-24-3`: the year of the pay, its run, the person.
PARTS_OF_NUMBER, DIGITS_OF_KEY = 3, 18


def visible_to(reader: Person, powers: Collection[str]) -> QuerySet[PayStub]:
    """The issued stubs this reader may open: their own, and everybody's with a mandate over pay."""
    issued = _issued()
    return issued if OPENED_BY[What.STUB].intersection(powers) else issued.filter(person=reader)


def _issued() -> QuerySet[PayStub]:
    return PayStub.objects.filter(run__issued_at__isnull=False).select_related("run", "person", "voided_by")


def numbered(number: str, stubs: QuerySet[PayStub]) -> PayStub | None:
    """The stub of these that bears this number. Its middle is its run's, so that few are looked at."""
    parts = number.split("-")
    if len(parts) != PARTS_OF_NUMBER or not parts[1].isascii() or not parts[1].isdigit():
        return None
    if len(parts[1]) > DIGITS_OF_KEY:
        return None
    return stubs.filter(run=int(parts[1]), facts__number=number).first()


def own(person: Person | Place) -> QuerySet[PayStub]:
    """A person's issued stubs, the latest first."""
    return _issued().filter(person=person).order_by("-run__pay_on", "-pk")


def of_year(person: Person, year: int) -> list[PayStub]:
    """The person's stubs of a year with their totals, the latest first."""
    return _OF_YEAR(person=person.pk, first=date(year, 1, 1), last=date(year, 12, 31))


def _own_of_year() -> QuerySet[PayStub]:
    return own(key_named("person")).filter(run__pay_on__range=(day_named("first"), day_named("last")))


_OF_YEAR = Prepared(lambda: _own_of_year().with_totals())


def years_of(person: Person) -> list[int]:
    """The years in which the person was paid, the latest first."""
    return [day.year for day in _YEARS(person=person.pk)]


_YEARS = Prepared(lambda: own(key_named("person")).order_by().dates("run__pay_on", "year", order="DESC"))


def followed_by(stub: PayStub) -> list[PayStub]:
    """The stubs of the issued run that took this one back: its mirror, and what replaces it if corrected."""
    return list(stub.voided_by.stubs.order_by("pk")) if _is_taken_back(stub) else []


def last_stub(person: Person) -> PayStub | None:
    """The person's last stub, with its totals. For the home page: one query, which adds up that stub only.

    It also carries when their account was entered, for two days (`account_given_at`).
    """
    return _LAST.one(person=person.pk, since=timezone.now() - bank_accounts.COOLING)


def _last() -> QuerySet[PayStub]:
    account = bank_accounts.lately(OuterRef("person"), since=Place("since", DateTimeField()))
    return (
        PayStub.objects.filter(pk=Subquery(own(key_named("person")).values("pk")[:1]))
        .annotate(
            account_given_at=Subquery(account.values("given_at")[:1]),
            account_starts_on=Subquery(account.values("starts_on")[:1]),
        )
        .select_related("run")
        .only("facts", "run__pay_on")
        .with_totals()
        .order_by("pk")
    )


_LAST = Prepared(_last)


# Documents ----------------------------------------------------------------------------------------


def pdf_of(stub: PayStub) -> bytes:
    """The document as it was issued; made now, with the same bytes, if it was issued without one.

    Raises DocumentsUnavailable when it has to be made and this machine cannot.
    """
    document = StubDocument.objects.filter(stub=stub).first()
    return bytes(document.pdf) if document else documents.render(stub)


def file_name(stub: PayStub) -> str:
    """A plain name in the language of the document: date, what it is, number."""
    with translation.override(stub.language):
        kind = _("payment-statement") if stub.kind == PayStub.Kind.STATEMENT else _("pay-stub")
    return f"{stub.run.pay_on}-{slugify(kind)}-{slugify(stub.facts['number'])}.pdf"


#: The documents of one archive at most: it is made in memory, some fifteen megabytes.
MOST = 500


def zipped(stubs: Iterable[PayStub]) -> bytes:
    """The documents of these stubs in one archive, a file each; the same stubs give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for stub in stubs:
            if not stub.is_named:
                continue  # destroyed after its term
            document = getattr(stub, "document", None)
            entry = zipfile.ZipInfo(file_name(stub), _zip_moment(stub))
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, bytes(document.pdf) if document else documents.render(stub))
    return buffer.getvalue()


def _zip_moment(stub: PayStub) -> tuple[int, int, int, int, int, int]:
    day = stub.run.pay_on
    return (max(day.year, 1980), day.month, day.day, 0, 0, 0)


# Checking again -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recheck:
    """What was found when a stub was made again from what is stored. None: nothing to compare with."""

    is_intact: bool | None
    is_same_document: bool | None
    is_same_sum: bool | None
    checked_at: datetime


def recheck(stub: PayStub, *, at: datetime) -> Recheck:
    """Is the document the one that was issued, is it made again byte for byte, are the amounts the same?

    Writes nothing. Raises DocumentsUnavailable when this machine cannot make documents.
    """
    document = StubDocument.objects.filter(stub=stub).first()
    intact = same = None
    if document:
        intact = hashlib.sha256(document.pdf).hexdigest() == document.sha256
        same = hashlib.sha256(documents.render(stub)).hexdigest() == document.sha256
    return Recheck(intact, same, _same_sum(stub), at)


def _same_sum(stub: PayStub) -> bool | None:
    """Do the stored inputs still give the stored deductions, contributions or sales taxes?"""
    if not stub.inputs:
        return None
    stored = {
        (line.side, line.code, line.amount) for line in stub.lines.all() if line.side != StubLine.Side.EARNING
    }
    return stored == {tuple(amount) for amount in recomputed(json.loads(stub.inputs))}


# The year, added up -------------------------------------------------------------------------------

Side = StubLine.Side


@dataclass(frozen=True)
class YearSums:
    """What a year holds so far, line by line, in dollars: `gross` less `deductions` plus `taxes` is `net`.

    `had_opening`: what was paid before the co-op used this software is counted.
    """

    gross: Decimal
    deductions: list[tuple[str, Decimal]]
    taxes: list[tuple[str, Decimal]]
    employer: list[tuple[str, Decimal]]
    had_opening: bool

    @property
    def net(self) -> Decimal:
        return (
            self.gross
            - sum((amount for _label, amount in self.deductions), ZERO)
            + sum((amount for _label, amount in self.taxes), ZERO)
        )

    @property
    def employer_total(self) -> Decimal:
        return sum((amount for _label, amount in self.employer), ZERO)


def year_sums(person: Person, year: int) -> YearSums:
    """The gross of a person's year, each deduction and tax, and what the co-op added. Two queries, or three."""
    sums: dict[tuple[str, str], Decimal] = {}
    gross = ZERO
    for side, code, total in _SUMS(person=person.pk, first=date(year, 1, 1), last=date(year, 12, 31)):
        if side == Side.EARNING:
            gross += total
        else:
            sums[side, code] = total
    before = openings(year, people=[person.pk])
    for opening in before.values():
        gross += opening.gross
        for place, amount in opening.by_code.items():
            sums[place] = sums.get(place, ZERO) + amount

    def of(wanted: str) -> list[tuple[str, Decimal]]:
        places = [(str(code), str(code.label)) for code in StubLine.Code if (wanted, code) in sums]
        return [(label, sums[wanted, code]) for code, label in places]

    return YearSums(gross, of(Side.DEDUCTION), of(Side.SALES_TAX), of(Side.EMPLOYER), bool(before))


_SUMS = Prepared(
    lambda: (
        StubLine.objects.filter(stub__in=_own_of_year().order_by().values("pk"))
        .order_by()
        .values_list("side", "code")
        .annotate(Sum("amount"))
    )
)


# The year as a picture ----------------------------------------------------------------------------

WIDTH, FLOOR, TALLEST = 648, 150, 140


@dataclass(frozen=True)
class Bar:
    """One pay in the picture: what was kept and what was withheld, in the picture's own whole units."""

    stub: PayStub
    x: int
    width: int
    net_y: int
    net_height: int
    withheld_y: int
    withheld_height: int


def _is_taken_back(stub: PayStub) -> bool:
    run = getattr(stub, "voided_by", None)
    return run is not None and run.is_issued


def picture(stubs: list[PayStub]) -> list[Bar]:
    """The bars of a year, oldest first: net from the floor up, deductions on top.

    Negative pays are not drawn, nor those that a correction or a voiding took back.
    """
    drawn = [stub for stub in reversed(stubs) if stub.net > 0 and not _is_taken_back(stub)]
    tallest = max((stub.net + stub.deductions for stub in drawn), default=Decimal(1))
    step = WIDTH // max(len(drawn), 8)
    bars = []
    for place, stub in enumerate(drawn):
        net = int(stub.net * TALLEST / tallest)
        withheld = int(max(stub.deductions, Decimal(0)) * TALLEST / tallest)
        bars.append(
            Bar(stub, place * step, step * 2 // 3, FLOOR - net, net, FLOOR - net - withheld, withheld)
        )
    return bars
