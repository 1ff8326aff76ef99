"""What an issued run writes: stubs with their facts, lines and documents, all in a few statements."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from koumbit.dated import day_before
from koumbit.encryption import encrypt
from koumbit.rows import copy_in, keys_ahead
from members.models import Cooperative, WorkStatus
from timesheets import hours

from . import bank, documents
from .bank import Bank
from .deductions.money import ZERO
from .deductions.parameters import leave_pay_known
from .dues import KIND_OF_STUB, Payee
from .earnings import BEYOND, Line
from .earnings import Code as Hours
from .facts import Employer, RateInForce, RoleHours, StubFacts, VacationBank
from .facts import Payee as PayeeFacts
from .indemnities import weeks_before
from .models import PayRun, PayStub, StubDocument, StubLine
from .paid_out import Vacation
from .pays import Draft, Preview, Side, Year, years
from .vacation import NOTHING, rate_of, year_of

BATCH = 500
DOCUMENTS_AT_ONCE = 20
#: Amounts that no hours stand behind.
WITHOUT_HOURS = frozenset({Hours.HOLIDAY, Hours.VACATION_OUT})


def number_of(run: PayRun, person_id: int, kind: str, *, is_mirror: bool = False) -> str:
    """The number printed on a stub: year of the pay, run, person.

    F for a freelancer's statement, V for the one that takes another one back.
    """
    marks = ("F" if kind == PayStub.Kind.STATEMENT else "") + ("V" if is_mirror else "")
    return f"{run.pay_on.year}-{run.pk}-{person_id}{marks}"


def write_stubs(run: PayRun, seen: Preview, *, issued_on: date) -> int:
    """The stubs and lines of a run that pays what is due, or what a stub should have been, from its preview.

    Some at a time, so that memory does not grow with their number. How many were written.
    """
    roles = _roles(seen)
    keys = keys_ahead(PayStub, len(seen.stubs))
    for start in range(0, len(keys), BATCH):
        some = slice(start, start + BATCH)
        drafts = list(zip(keys[some], seen.stubs[some], strict=True))
        copy_in(PayStub, STUB, [_stub(pk, run, seen, draft, roles, issued_on) for pk, draft in drafts])
        copy_in(StubLine, LINE, (line for pk, draft in drafts for line in _lines(pk, draft)))
    return len(keys)


STUB = (
    "id",
    "run_id",
    "person_id",
    "kind",
    "language",
    "facts",
    "inputs",
    "editions",
    "pensionable",
    "insurable",
    "nonperiodic",
    "nonperiodic_f5",
)


def _stub(
    pk: int,
    run: PayRun,
    seen: Preview,
    draft: Draft,
    roles: dict[Payee, list[RoleHours]],
    issued_on: date,
) -> tuple:
    """A stub as a row of `STUB`."""
    payee = Payee(draft.person.pk, draft.kind)
    facts = _facts(run, seen, draft, issued_on)
    facts["roles"] = roles.get(payee, [])
    facts["year_to_date"] = _to_date(seen.years.get(payee, Year()), draft.by_code, draft.gross)
    if run.voids:
        facts["corrects"] = {"number": run.voids.facts["number"], "because": run.because}
    before, after = bank.around(seen.due.overtime.get(draft.person.pk, Bank()), draft.earnings)
    if before or after:
        facts["overtime_bank"] = bank.told(before, after)
    if draft.kind == PayStub.Kind.STUB:
        _add_days_off(facts, seen, draft)
        _add_leave(facts, seen, draft)
    result, inputs = draft.deductions, draft.inputs
    return (
        pk,
        run.pk,
        draft.person.pk,
        str(draft.kind),
        draft.person.language,
        json.dumps(facts),
        encrypt(json.dumps(inputs, sort_keys=True)) if inputs else "",
        ", ".join(draft.editions),
        result.pensionable if result else ZERO,
        result.insurable if result else ZERO,
        draft.nonperiodic,
        result.nonperiodic_f5 if result else ZERO,
    )


LINE = ("stub_id", "side", "code", "week_starts_on", "minutes", "rate", "amount", "reason")


def _lines(stub_id: int, draft: Draft) -> Iterator[tuple]:
    """The lines of a stub, as rows of `LINE`."""
    for earned in draft.earnings:
        minutes = None if earned.code in WITHOUT_HOURS else earned.minutes
        of_week = (earned.week, minutes, earned.rate, earned.amount, str(earned.reason))
        yield (stub_id, Side.EARNING.value, earned.code.value, *of_week)
    for side, code, amount in draft.amounts:
        yield (stub_id, str(side), str(code), None, None, None, amount, "")


def write_mirror(run: PayRun, *, issued_on: date) -> int:
    """The stub that takes another one back: the same lines, negative, at the date they were paid."""
    voided = run.voids
    lines = mirrored(voided)
    facts: StubFacts = deepcopy(voided.facts)
    facts["number"] = number_of(run, voided.person_id, voided.kind, is_mirror=True)
    facts["address"] = _address(facts["number"])
    facts.pop("corrects", None)
    facts["issued_on"] = str(issued_on)
    facts["voids"] = {"number": voided.facts["number"], "because": run.because}
    facts["roles"] = [{"role": of["role"], "minutes": -of["minutes"]} for of in facts["roles"]]
    year = years(run.pay_on.year)[Payee(voided.person_id, voided.kind)]
    by_code = {(line.side, line.code): line.amount for line in lines if line.side != Side.EARNING}
    gross = sum((line.amount for line in lines if line.side == Side.EARNING), ZERO)
    facts["year_to_date"] = _to_date(year, by_code, gross)
    if "overtime_bank" in facts:
        facts["overtime_bank"] = bank.told(*bank.around(bank.balances()[voided.person_id], lines))
    if "vacation_bank" in facts:
        facts["vacation_bank"] = _vacation_after(run, voided.person_id, lines)
    stub = PayStub.objects.create(
        run=run,
        person=voided.person,
        kind=voided.kind,
        mirrors=voided,
        language=voided.language,
        facts=facts,
        editions=voided.editions,
        pensionable=-voided.pensionable,
        insurable=-voided.insurable,
        nonperiodic=-voided.nonperiodic,
        nonperiodic_f5=-voided.nonperiodic_f5,
    )
    for line in lines:
        line.stub = stub
    StubLine.objects.bulk_create(lines)
    return 1


def mirrored(stub: PayStub) -> list[StubLine]:
    """The lines of a stub with every sign turned, not saved."""
    return [
        StubLine(
            side=line.side,
            code=line.code,
            week_starts_on=line.week_starts_on,
            minutes=None if line.minutes is None else -line.minutes,
            rate=line.rate,
            amount=-line.amount,
            reason=StubLine.Reason.VOID if line.side == Side.EARNING else "",
        )
        for line in stub.lines.all()
    ]


def write_documents(stubs: QuerySet[PayStub]) -> int:
    """Make the PDF of each of these stubs that has none yet, and keep it with its digest. How many were made.

    Some at a time, so that memory does not grow with their number. Safe to repeat, to interrupt and to
    run twice at once: a stub has one document, and making it again gives the same bytes.
    """
    missing = list(stubs.named().filter(document=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(missing), DOCUMENTS_AT_ONCE):
        some = PayStub.objects.filter(pk__in=missing[start : start + DOCUMENTS_AT_ONCE])
        StubDocument.objects.bulk_create(
            [_document(stub) for stub in some.select_related("run").prefetch_related("lines").order_by("pk")],
            ignore_conflicts=True,
        )
    return len(missing)


def _document(stub: PayStub) -> StubDocument:
    pdf = documents.render(stub)
    return StubDocument(stub=stub, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


# Facts --------------------------------------------------------------------------------------------


def _facts(run: PayRun, seen: Preview, draft: Draft, issued_on: date) -> StubFacts:
    facts: StubFacts = {
        "number": number_of(run, draft.person.pk, draft.kind),
        "cooperative": _employer(seen.cooperative),
        "person": _payee(seen, draft),
        "period_starts_on": str(seen.period.starts_on),
        "period_ends_on": str(seen.period.ends_on),
        "pay_on": str(run.pay_on),
        "issued_on": str(issued_on),
        "rates": _rates(seen, draft),
        "roles": [],
        "address": _address(number_of(run, draft.person.pk, draft.kind)),
        "year_to_date": {},
    }
    if draft.invoice_number:
        facts["invoice_number"] = draft.invoice_number
    if draft.registration:
        facts["sales_tax_rates"] = {"gst": draft.inputs["gst_rate"], "qst": draft.inputs["qst_rate"]}
    return facts


def _address(number: str) -> str:
    """Where the stub with that number is read on the screen."""
    return _numbered(settings.SITE_URL).replace(A_NUMBER, number)


A_NUMBER = "NUMBER"


@lru_cache(maxsize=1)
def _numbered(site: str) -> str:
    return site.rstrip("/") + reverse("payroll:stub_numbered", args=[A_NUMBER])


def _add_days_off(facts: StubFacts, seen: Preview, draft: Draft) -> None:
    """What a stub says of the days off that made its overtime begin before forty hours of work."""
    weeks = {line.week for line in draft.earnings if line.code in BEYOND}
    off = seen.due.off.get(draft.person.pk, {})
    if own := {str(week): off[week] for week in sorted(weeks & off.keys())}:
        facts["days_off"] = own


def _add_leave(facts: StubFacts, seen: Preview, draft: Draft) -> None:
    """What a stub says of vacation and of indemnities: nothing where the co-op pays them otherwise."""
    moved = seen.due.vacations.get(draft.person.pk)
    if moved and (moved.before.years or moved.after.earned):
        facts["vacation_bank"] = vacation_told(moved)
    printed = {(line.week, line.code) for line in draft.earnings}
    law, terms = leave_pay_known(seen.period.pay_on), seen.due.terms
    own = [of for of in seen.due.indemnities.get(draft.person.pk, ()) if (of.week, of.code) in printed]
    if own and terms:
        facts["indemnities"] = [
            {
                "week": str(of.week),
                "code": of.code.value,
                "base": f"{of.base:.2f}",
                "first": str(weeks_before(of.week, law)[0]),
                "last": str(day_before(of.week)),
                "days": str(of.days),
                "divisor": str(law.indemnity_divisor),
                "amount": f"{of.amount:.2f}",
                "holidays": [str(day) for day in terms.holidays[of.week]] if of.code == Hours.HOLIDAY else [],
            }
            for of in own
        ]


def vacation_told(moved: Vacation) -> VacationBank:
    """What a stub says of vacation, in dollars."""
    earned = moved.after.earned - moved.before.earned
    out = moved.after.out - moved.before.out
    taken = moved.after.paid - moved.before.paid - out
    said: VacationBank = {
        "part": str(moved.rate),
        "accrued": f"{earned:.2f}",
        "balance": f"{moved.after.balance:.2f}",
    }
    if taken:
        said["taken"] = f"{taken:.2f}"
    if out:
        said["out"] = f"{out:.2f}"
    return said


def _vacation_after(run: PayRun, person_id: int, lines: Iterable[StubLine]) -> VacationBank:
    """What the taking back of a stub does to its person's vacation."""
    cooperative = Cooperative.objects.get()
    services = {person_id: bank.services_of(WorkStatus.objects.filter(person=person_id))}
    before = bank.accounts(cooperative, services, people=[person_id]).get(person_id, NOTHING)
    year = year_of(run.pay_on, cooperative.vacation_year_month)
    rate = rate_of(year, services[person_id])
    earned = [
        Line(line.week_starts_on, Hours(line.code), line.rate, line.minutes or 0, line.amount)
        for line in lines
        if line.side == Side.EARNING
    ]
    return vacation_told(Vacation(before, before.after(earned, year, rate), rate))


def _employer(cooperative: Cooperative) -> Employer:
    return {
        "name": cooperative.name,
        "address": cooperative.address,
        "phone": cooperative.phone,
        "email": cooperative.email,
        "enterprise_number": cooperative.enterprise_number,
    }


def _payee(seen: Preview, draft: Draft) -> PayeeFacts:
    """The person as on the last day of the period on which they were paid in that way."""
    held = [
        status
        for status in seen.due.statuses.facts.get(draft.person.pk, ())
        if KIND_OF_STUB[status.kind] == draft.kind and status.starts_on <= seen.period.ends_on
    ]
    facts: PayeeFacts = {
        "name": draft.person.get_full_name(),
        "address": draft.person.address,
        "job_title": held[-1].job_title if held else "",
    }
    if draft.registration:
        facts["gst_number"] = draft.registration.gst_number
        facts["qst_number"] = draft.registration.qst_number
    return facts


def _rates(seen: Preview, draft: Draft) -> list[RateInForce]:
    """The rates of the lines, each with the decision that set it, the latest that held by then."""
    used = {}
    for line in draft.earnings:
        if line.rate is None:
            continue
        rate = seen.due.rates.that_paid(line)
        used[rate.pk] = rate
    return [
        {
            "amount": str(rate.amount),
            "starts_on": str(rate.starts_on),
            "decision": rate.decision.title,
            "body": str(rate.decision.body),
            "adopted_on": str(rate.decision.adopted_on),
        }
        for rate in sorted(used.values(), key=lambda rate: (rate.starts_on, rate.pk))
    ]


def _roles(seen: Preview) -> dict[Payee, list[RoleHours]]:
    """Minutes of the period by role. Who changed from one kind of work to another has them split by day."""
    first, last = seen.period.starts_on, seen.period.ends_on
    kinds = Counter(draft.person.pk for draft in seen.stubs)
    whole = hours.minutes_by_role(first, last)
    found: dict[Payee, Counter[str]] = {}
    for draft in seen.stubs:
        payee = Payee(draft.person.pk, draft.kind)
        found[payee] = Counter()
        if kinds[payee.person_id] == 1:
            found[payee].update(dict(whole.get(payee.person_id, ())))
            continue
        for status in seen.due.statuses.facts[payee.person_id]:
            span = max(first, status.starts_on), min(last, status.ends_on or last)
            if KIND_OF_STUB[status.kind] == draft.kind and span[0] <= span[1]:
                part = hours.minutes_by_role(*span, people=[payee.person_id])
                found[payee].update(dict(part.get(payee.person_id, ())))
    return {
        payee: [{"role": role, "minutes": minutes} for role, minutes in own.most_common()]
        for payee, own in found.items()
    }


def _to_date(year: Year, by_code: dict[tuple[str, str], Decimal], gross: Decimal) -> dict[str, str]:
    """The year's sums with this stub: gross, each deduction or sales tax, deductions, net."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    sides: dict[str, Decimal] = defaultdict(Decimal, {Side.EARNING: gross + year.side(Side.EARNING)})
    for source in (year.by_code, by_code):
        for (side, code), amount in source.items():
            if side in (Side.DEDUCTION, Side.SALES_TAX):
                sums[code] += amount
                sides[side] += amount
    net = sides[Side.EARNING] - sides[Side.DEDUCTION] + sides[Side.SALES_TAX]
    return {
        "gross": f"{sides[Side.EARNING]:.2f}",
        **{str(code): f"{amount:.2f}" for code, amount in sums.items()},
        "deductions": f"{sides[Side.DEDUCTION]:.2f}",
        "net": f"{net:.2f}",
    }
