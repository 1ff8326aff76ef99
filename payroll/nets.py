"""When the nets of a pay leave the bank, and when one comes back: what the books need to know.

An issued pay is paid on its pay date, or on the day of its issue where that is later, by deposit or by
cheque alike: this is when an accountant credits the bank. A correction pays its difference; one that
pays less than before leaves what is too much with the person, who owes it. A stub that is voided
before any deposit file holds it was not paid after all (its cheque is cancelled); one that the bank
has paid stays paid, and its person owes it, unless the bank then refuses the whole file.

Everything follows from rows that never change: what is said of a day stays said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone

from koumbit.said import Said, said

from .deductions.money import ZERO
from .models import Deposit, PayRun, PayStub


class Moved(NamedTuple):
    """What a run takes out of the bank on a day; negative where it brings a net back."""

    run: PayRun
    day: date
    amount: Decimal


def with_day(runs: QuerySet[PayRun]) -> QuerySet[PayRun]:
    """These issued runs with the day on which each is paid, as `paid_on`."""
    return runs.annotate(paid_on=Greatest(F("pay_on"), TruncDate("issued_at")))


def moved_by(runs: Iterable[PayRun], nets: Mapping[int, Decimal]) -> list[Moved]:
    """What these runs (`with_day`, with `voids__run`) take out of the bank or bring back, and when.

    `nets` are those of the runs of what is due. Two queries when stubs were taken back, or none.
    """
    runs = list(runs)
    taking_back = [run for run in runs if run.voids_id]
    own = _stubs_about(taking_back)
    in_files = _files_of([run.voids_id for run in taking_back if run.kind == PayRun.Kind.VOID])
    found = []
    for run in runs:
        day = run.paid_on
        if run.kind == PayRun.Kind.VOID:
            amount = -max(ZERO, _paid_by(run.voids, own))
            day = _back_on(run, in_files.get(run.voids_id, ()))
        elif run.kind == PayRun.Kind.CORRECTION:
            paid = paid_in_correction([stub for stub in own.values() if stub.run_id == run.pk])
            amount = sum((net for net in paid.values() if net > 0), ZERO)
        else:
            amount = nets[run.pk]
        if amount and day:
            found.append(Moved(run, day, amount))
    return found


def to_get_back(stubs: Sequence[PayStub]) -> dict[int, Said]:
    """What is to be done about the money of stubs that are voided, by stub: the bank may have paid it already.

    Read with `run` and `person`. Nothing of those that had nothing to pay. Two queries.
    """
    own = _about(corrections={stub.run_id for stub in stubs}, stubs=[stub.pk for stub in stubs])
    held = Deposit.objects.filter(stub__in=[stub.pk for stub in stubs], file__replaced_by=None)
    files = {deposit.stub_id: deposit.file for deposit in held.select_related("file")}
    found = {}
    for stub in stubs:
        words = {"number": stub.facts["number"], "person": stub.person, "amount": _paid_by(stub, own)}
        if words["amount"] <= 0:
            continue
        if file := files.get(stub.pk):
            found[stub.pk] = said(
                "The bank has %(amount)s to pay to %(person)s for the stub %(number)s (file %(file)s): "
                "ask it to recall that deposit.",
                file=str(file),
                **words,
            )
        else:
            found[stub.pk] = said(
                "No deposit file pays the stub %(number)s of %(person)s, %(amount)s: if its cheque was made, "
                "it must not be cashed.",
                **words,
            )
    return found


def paid_in_correction(stubs: Sequence[PayStub]) -> dict[int, Decimal]:
    """What each stub of a correction (with its totals) pays: the replacing one bears what was already paid."""
    taken_back = next(stub for stub in stubs if stub.mirrors_id)
    replacing = sorted((stub for stub in stubs if not stub.mirrors_id), key=lambda stub: stub.pk)
    bearer = next((stub for stub in replacing if stub.kind == taken_back.kind), replacing[0])
    paid = {stub.pk: stub.net for stub in replacing}
    paid[bearer.pk] += taken_back.net
    return {taken_back.pk: ZERO, **paid}


def _stubs_about(runs: Sequence[PayRun]) -> dict[int, PayStub]:
    """The stubs of corrections, those that voidings take back, and those of the corrections that paid these."""
    if not runs:
        return {}
    corrections = {run.pk for run in runs if run.kind == PayRun.Kind.CORRECTION}
    corrections |= {run.voids.run_id for run in runs if run.voids.run.kind == PayRun.Kind.CORRECTION}
    return _about(corrections=corrections, stubs=[run.voids_id for run in runs])


def _about(*, corrections: Collection[int], stubs: Collection[int]) -> dict[int, PayStub]:
    """These stubs and those of these corrections, with their totals."""
    about = Q(run__in=corrections, run__kind=PayRun.Kind.CORRECTION) | Q(pk__in=stubs)
    found = PayStub.objects.filter(about).with_totals().defer("facts", "inputs")
    return {stub.pk: stub for stub in found.order_by("pk")}


def _paid_by(stub: PayStub, own: Mapping[int, PayStub]) -> Decimal:
    """What the bank paid for a stub: its net, or the difference where it replaced another."""
    if stub.run.kind != PayRun.Kind.CORRECTION:
        return own[stub.pk].net
    return paid_in_correction([other for other in own.values() if other.run_id == stub.run_id])[stub.pk]


def _files_of(stubs: Sequence[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """When each deposit file that holds one of these stubs was made, and when one replaced it."""
    if not stubs:
        return {}
    made: dict[int, list[tuple[datetime, datetime | None]]] = {}
    rows = Deposit.objects.filter(stub__in=stubs).values_list(
        "stub", "file__made_at", "file__replaced_by__made_at"
    )
    for stub, made_at, replaced_at in rows:
        made.setdefault(stub, []).append((made_at, replaced_at))
    return made


def _back_on(run: PayRun, files: Iterable[tuple[datetime, datetime | None]]) -> date | None:
    """The day a voided net counts as not paid after all; None while the bank has paid it."""
    last_made, replaced_at = max(files, default=(None, None), key=lambda file: file[0])
    if last_made is None or last_made > run.issued_at:
        return run.paid_on
    if replaced_at is None:
        return None
    return max(run.paid_on, timezone.localdate(replaced_at))
