"""The pay, act by act: looked at, prepared by one person, issued by another, corrected by a voiding."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import copy_in, locked, write
from members import journal
from members.models import Cooperative, Person, Power
from members.powers import demand

from . import issuing, paper_queue, pays, periods
from .calendar import Period
from .deductions import NotReviewed
from .dues import Outstanding, outstanding
from .models import Acknowledgement, Expectation, PayPeriod, PayRun, PayStub
from .pays import Draft, Preview
from .preflight import Finding, correction_preflight, not_reviewed, preflight
from .register import as_written

journal.name_events(
    {
        "pay.prepared": gettext_lazy("pay prepared"),
        "pay.withdrawn": gettext_lazy("prepared pay withdrawn"),
        "pay.issued": gettext_lazy("pay issued"),
        "stub.corrected": gettext_lazy("correction of a stub prepared"),
        "stub.voided": gettext_lazy("voiding of a stub prepared"),
    }
)

__all__ = ["Finding", "Preview", "preflight", "preview"]

#: What the journal calls the preparing of each kind of run.
PREPARED = {
    PayRun.Kind.REGULAR: "pay.prepared",
    PayRun.Kind.OFF_CYCLE: "pay.prepared",
    PayRun.Kind.CORRECTION: "stub.corrected",
    PayRun.Kind.VOID: "stub.voided",
}


#: Up to so many documents are made while the pay is issued; more would make whoever issues it wait.
FEW = 40


class Stopped(Refused):
    """The pre-flight found something that no reason can pass."""


class WarningsUnanswered(Refused):
    """The pre-flight warned: going ahead takes a reason."""

    sentence = gettext_lazy(
        "Say why the pay goes ahead in spite of each warning, or of all of them, or settle them first."
    )


class NothingToPay(Refused):
    """No approved hours are due."""

    sentence = gettext_lazy("There is nothing to pay: no approved hours are due to anybody.")


class SeenChanged(Refused):
    """The preview that was read is not what would be paid now."""

    sentence = gettext_lazy(
        "What is due has changed while you were reading. Here is what it is now: read it again."
    )


class IssuedByItsPreparer(Refused):
    """Two people make a pay: whoever prepared it does not issue it."""

    sentence = gettext_lazy("You prepared this pay: another person issues it.")


class AlreadyIssued(Refused):
    """What is issued is final."""

    sentence = gettext_lazy("This pay is issued and final: correct the stubs that are wrong.")


class AlreadyVoided(Refused):
    """A stub is taken back once."""

    sentence = gettext_lazy(
        "This stub is already corrected or voided, or its taking back waits to be issued."
    )


class NotVoidable(Refused):
    """A voiding is not itself voided."""

    sentence = gettext_lazy("This stub takes another one back: it is not itself taken back.")


class PastItsTerm(Refused):
    """What it was made of is destroyed."""

    sentence = gettext_lazy(
        "This stub is past the term of tax records: what it said of its person is destroyed."
    )


class NothingToCorrect(Refused):
    """Computed again, the stub is the same."""

    sentence = gettext_lazy(
        "Computed again today, this stub is the same to the cent: there is nothing to correct."
    )


class NothingLeft(Refused):
    """Computed again, the stub would not exist."""

    sentence = gettext_lazy(
        "Computed again today, this stub would pay nothing, or less than what is withheld: void it instead."
    )


class LastDayAfterPayDate(Refused):
    """Hours are not paid before they are worked."""

    sentence = gettext_lazy("The last day paid cannot come after the pay date.")


class Gone(Refused):
    """Somebody withdrew the pay in the meantime."""

    sentence = gettext_lazy("This pay was withdrawn in the meantime: prepare it again.")


@dataclass(frozen=True)
class Difference:
    """One stub that is no longer what was prepared: its gross and net, then and now (None: no stub)."""

    person: Person
    before: tuple[Decimal, Decimal] | None
    now: tuple[Decimal, Decimal] | None


class Changed(Refused):
    """What would be paid now is not what was prepared. `differences` says for whom."""

    def __init__(self, differences: list[Difference]):
        self.differences = differences
        super().__init__(
            _(
                "What was prepared has changed since (%(people)s): withdraw this pay, prepare it again and "
                "have it issued."
            )
            % {"people": ", ".join(dict.fromkeys(str(one.person) for one in differences))}
        )


def preview(
    period: Period, *, people: Collection[int] | None = None, instead_of: PayStub | None = None
) -> Preview:
    """What this period's pay would be, person by person, or that of these people. Writes nothing.

    `instead_of` is a stub to correct. Raises Stopped when no table has been reviewed for the pay date.
    """
    try:
        return pays.preview(period, people=people, instead_of=instead_of)
    except NotReviewed as refusal:
        raise Stopped(str(not_reviewed(refusal))) from refusal


def off_cycle_period(through: date, pay_on: date) -> Period:
    """What an off-cycle pay covers: the regular period of its last day, up to that day.

    Raises LastDayAfterPayDate.
    """
    if through > pay_on:
        raise LastDayAfterPayDate
    return replace(periods.paid_on(periods.holding(through), pay_on), ends_on=through)


def due_up_to(through: date, pay_on: date) -> Outstanding:
    """What is due to everybody and not yet paid, up to a day, if it is paid on another. Writes nothing.

    Raises LastDayAfterPayDate; Stopped when no table holds for the pay date.
    """
    period = off_cycle_period(through, pay_on)
    try:
        return outstanding(period.starts_on, through, pay_on)
    except NotReviewed as refusal:
        raise Stopped(str(not_reviewed(refusal))) from refusal


def period_paid_by(stub: PayStub) -> Period:
    """The days and the pay date of an issued stub."""
    return period_of(stub.run)


def corrected(stub: PayStub) -> Preview:
    """What an issued stub should have been, by what is known now: hours, rates, tax forms. Writes nothing.

    Everything is computed as at the stub's own pay date, beside the other pays of its year. Raises
    Stopped when no table holds for that date.
    """
    return preview(period_paid_by(stub), people=[stub.person_id], instead_of=stub)


# Preparing ----------------------------------------------------------------------------------------


@transaction.atomic
def prepare(
    period: Period,
    *,
    by: Person,
    because: str = "",
    answers: Mapping[str, str] | None = None,
    seen_digest: str = "",
) -> PayRun:
    """Make this period's pay ready to be issued by somebody else. Nothing is paid yet.

    `answers` says, by the key of each warning, why the pay goes ahead in spite of it; `because`
    answers the others. `seen_digest`, where given, is that of the preview the person read. Raises
    Stopped, WarningsUnanswered, NothingToPay, SeenChanged.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    seen = preview(period)
    findings = preflight(period, seen)
    _demand_payable(seen, findings, seen_digest)
    told = _answered(findings, answers, because)
    run = PayRun(period=_recorded(period), pay_on=period.pay_on, because=because.strip())
    return _kept(run, seen.expected, told, by=by)


@transaction.atomic
def prepare_off_cycle(
    people: Collection[Person],
    *,
    through: date,
    pay_on: date,
    by: Person,
    because: str,
    answers: Mapping[str, str] | None = None,
    rest: str = "",
    seen_digest: str = "",
) -> PayRun:
    """Make a pay of chosen people ready, between two regular pays: what is due to them up to a day.

    `because` says why they are paid apart; `rest` answers the warnings that `answers` does not.
    Prepared twice with the same preview, it is one pay. Raises as `prepare` does, and
    LastDayAfterPayDate.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    period = off_cycle_period(through, pay_on)
    chosen = [person.pk for person in people]
    seen = preview(period, people=chosen)
    twin = PayRun.objects.filter(kind=PayRun.Kind.OFF_CYCLE, issued_at=None, digest=seen.digest).first()
    if twin and seen.stubs:
        return twin
    findings = preflight(period, seen, people=chosen)
    _demand_payable(seen, findings, seen_digest)
    told = _answered(findings, answers, rest)
    run = PayRun(
        period=_recorded(periods.holding(through)),
        kind=PayRun.Kind.OFF_CYCLE,
        pay_on=pay_on,
        through=through,
        because=because.strip(),
    )
    return _kept(run, seen.expected, told, by=by)


def _demand_payable(seen: Preview, findings: Iterable[Finding], seen_digest: str) -> None:
    for finding in findings:
        if finding.stops:
            raise Stopped(finding.sentence)
    if not seen.stubs:
        raise NothingToPay
    if seen_digest and seen_digest != seen.digest:
        raise SeenChanged


def _answered(
    findings: Iterable[Finding], answers: Mapping[str, str] | None, rest: str
) -> list[tuple[Finding, str]]:
    """Each warning with its answer. Raises WarningsUnanswered when one has none."""
    given = answers or {}
    told = [(finding, given.get(finding.key, "").strip() or rest.strip()) for finding in findings]
    if not all(because for _finding, because in told):
        raise WarningsUnanswered
    return told


def _recorded(period: Period) -> PayPeriod:
    """The period's row: the one an earlier off-cycle pay wrote, or a new one."""
    row = PayPeriod.objects.filter(starts_on=period.starts_on, ends_on=period.ends_on).first()
    if row is None:
        row = PayPeriod(
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            pay_on=max(period.pay_on, period.ends_on),
            pays_in_year=period.pays_in_year,
        )
        write(row)
    return row


def _kept(run: PayRun, expected: list[list], told: list[tuple[Finding, str]], *, by: Person) -> PayRun:
    """Write the prepared run with the answers to its warnings, and the line of the journal."""
    run.digest, run.prepared_at, run.prepared_by = pays.digest_of(expected), timezone.now(), by
    write(run)
    run.expectation = Expectation.objects.create(run=run, stubs=expected)
    copy_in(
        Acknowledgement,
        ("run_id", "topic", "sentence", "said", "because", "by_id", "at"),
        (
            (run.pk, of.about, of.sentence, json.dumps(of.said.kept()), because, by.pk, run.prepared_at)
            for of, because in told
        ),
    )
    about = {"stub": run.voids_id} if run.voids_id else {"stubs": len(expected), "warnings": len(told)}
    journal.record(
        PREPARED[PayRun.Kind(run.kind)],
        by=by,
        run=run.pk,
        kind=run.kind,
        pay_on=str(run.pay_on),
        digest=run.digest,
        **about,
    )
    return run


@transaction.atomic
def withdraw(run: PayRun, *, by: Person) -> None:
    """Take back a pay that is prepared and not issued, as if it had not been prepared."""
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    run = _locked(run)
    if run.is_issued:
        raise AlreadyIssued
    pk, kind, period = run.pk, run.kind, run.period
    run.acknowledgements.all().delete()
    run.expectation.delete()
    run.delete()
    if not period.runs.exists():
        period.delete()
    journal.record("pay.withdrawn", by=by, run=pk, kind=kind, pay_on=str(run.pay_on))


@transaction.atomic
def void_stub(stub: PayStub, *, by: Person, because: str) -> PayRun:
    """Prepare the taking back of one stub; once somebody else issues it, the next pay pays what is due.

    Its mirror has the pay date of the stub, so that the sums of that year are right.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    demand_standing(stub)
    return _kept(_about(stub, PayRun.Kind.VOID, because), pays.expected_mirror(stub), [], by=by)


@transaction.atomic
def correct_stub(stub: PayStub, *, by: Person, because: str, seen_digest: str = "") -> PayRun:
    """Prepare the correction of one stub: it is taken back and paid as it should have been, at once.

    Both have the pay date of the stub; nobody else's pay is touched. `because` also answers what the
    pre-flight says of the person. Prepared twice with the same preview, it is one correction. Raises
    Stopped, NothingToCorrect, NothingLeft, SeenChanged, AlreadyVoided, NotVoidable.
    """
    _one_pay_at_a_time()
    demand(by, Power.PREPARE_PAY)
    run = _about(stub, PayRun.Kind.CORRECTION, because)
    seen = corrected(stub)
    expected = _expected(run, seen)
    twin = PayRun.objects.filter(voids=stub, issued_at=None, digest=pays.digest_of(expected)).first()
    if twin:
        return twin
    demand_standing(stub)
    if seen_digest and seen_digest != seen.digest:
        raise SeenChanged
    demand_correction(stub, seen)
    told = [(finding, run.because) for finding in correction_preflight(seen)]
    return _kept(run, expected, told, by=by)


def demand_correction(stub: PayStub, seen: Preview) -> None:
    """A correction pays something, and something else than the stub. Raises NothingLeft, NothingToCorrect."""
    if not seen.stubs:
        raise NothingLeft
    was = as_written(stub)
    if any(draft.kind == stub.kind and _pays_the_same(draft, was) for draft in seen.stubs):
        raise NothingToCorrect


def _pays_the_same(one: Draft, other: Draft) -> bool:
    """The same hours, weeks, rates and amounts, whatever the reasons of the lines."""
    hours = [[line._replace(reason="") for line in draft.earnings] for draft in (one, other)]
    return sorted(hours[0]) == sorted(hours[1]) and one.by_code == other.by_code


def _about(stub: PayStub, kind: str, because: str) -> PayRun:
    """A run that takes this stub back, at its own pay date."""
    of = stub.run
    return PayRun(period=of.period, kind=kind, pay_on=of.pay_on, voids=stub, because=because.strip())


def demand_standing(stub: PayStub) -> None:
    """Is the stub one that can be taken back? Raises NotVoidable, AlreadyVoided, PastItsTerm."""
    if not stub.is_named:
        raise PastItsTerm
    if stub.mirrors_id:
        raise NotVoidable
    if PayRun.objects.filter(voids=stub).exists():
        raise AlreadyVoided


# Issuing ------------------------------------------------------------------------------------------


@transaction.atomic
def issue(run: PayRun, *, by: Person, documents: bool = True) -> PayRun:
    """Pay: write the stubs and their lines, final from here on, and their documents.

    All or nothing, in one transaction. What was prepared is computed again: should a single cent or
    input differ, nothing is written and Changed says what. Issuing what is issued returns it as it is.
    Few documents are made within it; many are left to the queue, which starts once the pay is issued.
    """
    _one_pay_at_a_time()
    run = _locked(run)
    if run.is_issued:
        return run
    demand(by, Power.ISSUE_PAY)
    if by.pk == run.prepared_by_id:
        raise IssuedByItsPreparer
    today = timezone.localdate()
    seen = as_it_is_now(run)
    if pays.digest_of(_expected(run, seen)) != run.digest:
        raise Changed(changes(run, seen))
    stubs = issuing.write_mirror(run, issued_on=today) if run.voids_id else 0
    if seen:
        stubs += issuing.write_stubs(run, seen, issued_on=today)
    made = _documents(run, stubs) if documents else 0
    entry = journal.record(
        "pay.issued",
        by=by,
        run=run.pk,
        kind=run.kind,
        pay_on=str(run.pay_on),
        stubs=stubs,
        documents=made,
        digest=run.digest,
    )
    entry.refresh_from_db(fields=["hash"])
    run.issued_at, run.issued_by, run.journal_hash, run.stub_count = timezone.now(), by, entry.hash, stubs
    run.save(update_fields=["issued_at", "issued_by", "journal_hash", "stub_count"])
    return run


@transaction.atomic
def make_documents(run: PayRun, *, by: Person) -> int:
    """Make the documents that a pay still lacks: now if they are few, by the queue if they are many."""
    demand(by, Power.PREPARE_PAY)
    run = _locked(run)
    return _documents(run, run.stubs.named().filter(document=None).count())


def _documents(run: PayRun, stubs: int) -> int:
    """How many documents were made at once: all of them when they are few, none when the queue has them."""
    if stubs > FEW:
        paper_queue.send(run)
        return 0
    return issuing.write_documents(run.stubs.all())


def period_of(run: PayRun) -> Period:
    """The days a run pays, up to its own last one, with its pay date."""
    recorded = run.period
    period = Period(recorded.starts_on, run.ends_on, recorded.pay_on, recorded.pays_in_year)
    return periods.paid_on(period, run.pay_on)


def as_it_is_now(run: PayRun) -> Preview | None:
    """What a prepared run would pay if it were prepared now; None for a voiding, which pays nothing.

    Raises Stopped.
    """
    match run.kind:
        case PayRun.Kind.VOID:
            return None
        case PayRun.Kind.CORRECTION:
            return corrected(run.voids)
        case PayRun.Kind.OFF_CYCLE:
            return preview(period_of(run), people=[row[0] for row in run.expected])
    return preview(period_of(run))


def _expected(run: PayRun, seen: Preview | None) -> list[list]:
    """What a run takes back and what it pays, as rows of person, kind, gross, net and digest."""
    taken_back = pays.expected_mirror(run.voids) if run.voids_id else []
    return taken_back + (seen.expected if seen else [])


def _one_pay_at_a_time() -> None:
    """Acts on pay wait for each other: each reads what is paid, and writes from it."""
    Cooperative.objects.select_for_update(of=("self",)).get()


def _locked(run: PayRun) -> PayRun:
    try:
        return locked(run)
    except PayRun.DoesNotExist:
        raise Gone from None


def changes(run: PayRun, seen: Preview | None) -> list[Difference]:
    """Whose stub differs between what was prepared and what would be paid now. None, normally."""
    before = {(row[0], row[1]): row for row in run.expected}
    now = {(row[0], row[1]): row for row in _expected(run, seen)}
    places = [place for place in {**before, **now} if before.get(place) != now.get(place)]
    people = Person.objects.in_bulk({person_id for person_id, _kind in places})

    def amounts(row: list | None) -> tuple[Decimal, Decimal] | None:
        return (Decimal(row[2]), Decimal(row[3])) if row else None

    return [
        Difference(people[place[0]], amounts(before.get(place)), amounts(now.get(place))) for place in places
    ]


# What comes next ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextStep:
    """What a holder of the pay powers should do now, for the home page."""

    sentence: str
    url: str
    kwargs: dict[str, Any] = field(default_factory=dict)


def next_step(
    person: Person, held: Collection[str], cooperative: Cooperative, *, today: date | None = None
) -> NextStep | None:
    """The next act of pay that waits for this person, who holds these powers today, or None."""
    if not {Power.PREPARE_PAY, Power.ISSUE_PAY}.intersection(held):
        return None
    # One query: what waits, and the runs since the last period that has its pay, which tell where the next one starts.
    latest = PayPeriod.objects.paid().order_by("-ends_on").values("ends_on")[:1]
    since = Q(period__ends_on__gte=Coalesce(Subquery(latest), date.min))
    runs = PayRun.objects.filter(Q(issued_at=None) | since).select_related("period")
    known = list(runs.order_by("kind", "pk"))
    waiting = [run for run in known if not run.is_issued]
    for run in waiting:
        if Power.ISSUE_PAY in held and run.prepared_by_id != person.pk:
            match run.kind:
                case PayRun.Kind.REGULAR:
                    sentence = _("The pay of %(day)s is ready: read it and issue it.")
                case PayRun.Kind.OFF_CYCLE:
                    sentence = _("The off-cycle pay of %(day)s is ready: read it and issue it.")
                case PayRun.Kind.CORRECTION:
                    sentence = _("The correction of a stub of %(day)s is ready: read it and issue it.")
                case _:
                    sentence = _("The voiding of a stub of %(day)s is ready: read it and issue it.")
            return NextStep(sentence % {"day": written(run.pay_on)}, "payroll:run", {"pk": run.pk})
    if Power.PREPARE_PAY not in held or any(run.kind in PayRun.OF_WHAT_IS_DUE for run in waiting):
        return None
    today = today or timezone.localdate()
    paid = [run.period.ends_on for run in known if run.kind == PayRun.Kind.REGULAR]
    paid_through = max(paid, default=None)
    later = {run.period for run in known if not paid or run.period.ends_on > paid_through}
    period = next(periods.following(paid_through, today, cooperative, recorded=later))
    if period.ends_on >= today:
        return None
    return NextStep(
        _("The pay of %(day)s can be prepared.") % {"day": written(period.pay_on)},
        "payroll:run_preview",
        {"first": period.starts_on},
    )
