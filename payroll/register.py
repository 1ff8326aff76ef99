"""The register of a pay: a row per stub, a column per amount, totals that foot; on screen and as files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .deductions.money import ZERO, cents
from .earnings import Code as HoursCode
from .earnings import Line
from .models import PayRun, PayStub
from .pays import Amount, Code, Draft, Side, Totals

#: The amounts between gross and net, then the employer's, in the order of the columns.
WITHHELD = (
    (Side.DEDUCTION, Code.FEDERAL_TAX),
    (Side.DEDUCTION, Code.QUEBEC_TAX),
    (Side.DEDUCTION, Code.QPP),
    (Side.DEDUCTION, Code.QPP2),
    (Side.DEDUCTION, Code.QPIP),
    (Side.DEDUCTION, Code.EI),
    (Side.SALES_TAX, Code.GST),
    (Side.SALES_TAX, Code.QST),
)
FROM_EMPLOYER = (
    (Side.EMPLOYER, Code.QPP),
    (Side.EMPLOYER, Code.QPP2),
    (Side.EMPLOYER, Code.QPIP),
    (Side.EMPLOYER, Code.EI),
    (Side.EMPLOYER, Code.HSF),
    (Side.EMPLOYER, Code.CNESST),
    (Side.EMPLOYER, Code.LABOUR_STANDARDS),
)
#: What stands above a column of the screen; the files have the full names.
SHORT = {
    Code.FEDERAL_TAX: gettext_lazy("Federal tax"),
    Code.QUEBEC_TAX: gettext_lazy("Québec tax"),
    Code.QPP: gettext_lazy("QPP"),
    Code.QPP2: gettext_lazy("QPP2"),
    Code.QPIP: gettext_lazy("QPIP"),
    Code.EI: gettext_lazy("EI"),
    Code.GST: gettext_lazy("GST"),
    Code.QST: gettext_lazy("QST"),
}


@dataclass(frozen=True)
class Row:
    """One stub of the register: its draft, and the issued stub where there is one."""

    draft: Draft
    stub: PayStub | None
    withheld: list[Decimal]


@dataclass(frozen=True)
class Register:
    """The table of a pay. `columns` are the amounts withheld or added that somebody has."""

    columns: list[str]
    rows: list[Row]
    totals: Totals
    sums: list[Decimal]


def register(drafts: Sequence[tuple[Draft, PayStub | None]], totals: Totals) -> Register:
    """The table of these stubs, with the totals of the whole pay."""
    used = [place for place in WITHHELD if totals.by_code.get(place)]
    return Register(
        columns=[str(SHORT[Code(code)]) for _side, code in used],
        rows=[Row(draft, stub, [draft.by_code.get(place, ZERO) for place in used]) for draft, stub in drafts],
        totals=totals,
        sums=[totals.by_code[place] for place in used],
    )


def as_written(stub: PayStub) -> Draft:
    """An issued stub in the shape of a draft, from its lines."""
    lines, amounts = [], []
    for line in stub.lines.all():
        if line.side == Side.EARNING:
            hours = line.week_starts_on, HoursCode(line.code), line.rate, line.minutes or 0, line.amount
            lines.append(Line(*hours, line.reason))
        else:
            amounts.append(Amount(line.side, line.code, line.amount))
    return Draft(
        person=stub.person,
        kind=stub.kind,
        earnings=tuple(lines),
        amounts=tuple(amounts),
        invoice_number=stub.facts.get("invoice_number", ""),
    )


def as_mirrored(stub: PayStub) -> Draft:
    """The stub that would take this one back, in the shape of a draft."""
    draft = as_written(stub)
    return replace(
        draft,
        earnings=tuple(line._replace(minutes=-line.minutes, amount=-line.amount) for line in draft.earnings),
        amounts=tuple(amount._replace(amount=-amount.amount) for amount in draft.amounts),
    )


def stubs_of(run: PayRun):
    """The stubs of a run with what the register and the documents need, by name."""
    return run.stubs.select_related("person", "run", "voided_by").order_by(
        "person__sort_name", "person", "kind"
    )


def issued(stubs: Iterable[PayStub]) -> list[tuple[Draft, PayStub | None]]:
    """Issued stubs with their lines, as the register wants them."""
    return [_issued(stub) for stub in stubs]


def _issued(stub: PayStub) -> tuple[Draft, PayStub]:
    return as_written(stub), stub


def totals_of(run: PayRun) -> Totals:
    """The totals of an issued run, summed by the database. Two queries."""
    by_side = dict.fromkeys(Side.values, ZERO)
    by_code: dict[tuple[str, str], Decimal] = {}
    minutes = 0
    rows = run.stubs.order_by().values_list("lines__side", "lines__code")
    for side, code, amount, worked in rows.annotate(Sum("lines__amount"), Sum("lines__minutes")):
        by_side[side] += amount
        minutes += worked or 0
        if side != Side.EARNING:
            by_code[side, code] = amount
    gross = by_side[Side.EARNING]
    return Totals(
        stubs=run.stubs.count(),
        minutes=minutes,
        gross=gross,
        net=gross - by_side[Side.DEDUCTION] + by_side[Side.SALES_TAX],
        cost=gross + by_side[Side.SALES_TAX] + by_side[Side.EMPLOYER],
        by_side=by_side,
        by_code=by_code,
    )


# Files --------------------------------------------------------------------------------------------


def table(run: PayRun) -> list[list[Any]]:
    """The register as rows of cells, with a line that says what it is, and one of totals."""
    places = (*WITHHELD, *FROM_EMPLOYER)
    totals = totals_of(run)

    def amounts(by_code: dict[tuple[str, str], Decimal]) -> list[Decimal]:
        return [by_code.get(place, ZERO) for place in places]

    def label(side: str, code: str) -> str:
        text = str(Code(code).label)
        return _("%(contribution)s (employer)") % {"contribution": text} if side == Side.EMPLOYER else text

    written = timezone.localtime().isoformat(timespec="seconds")
    title = [
        _("Register of pay run %(run)s") % {"run": run.pk},
        str(run.period.starts_on),
        str(run.period.ends_on),
        str(run.pay_on),
        written,
    ]
    head = [
        _("Number"),
        _("Person"),
        _("Kind"),
        _("First day"),
        _("Last day"),
        _("Pay date"),
        _("Hours"),
        _("Gross"),
        *(label(*place) for place in places),
        _("Net"),
        _("Cost"),
    ]
    rows = []
    # Some at a time: all the lines of ten thousand stubs would not fit beside the rest.
    for draft, stub in map(_issued, stubs_of(run).prefetch_related("lines").iterator(chunk_size=500)):
        rows.append(
            [
                stub.facts["number"],
                str(stub.person),
                _kind(stub),
                run.period.starts_on,
                run.period.ends_on,
                run.pay_on,
                _hours(draft.minutes),
                draft.gross,
                *amounts(draft.by_code),
                draft.net,
                draft.cost,
            ]
        )
    foot = [_("Total"), "", "", run.period.starts_on, run.period.ends_on, run.pay_on]
    foot += [_hours(totals.minutes), totals.gross, *amounts(totals.by_code), totals.net, totals.cost]
    return [title, head, *rows, foot]


def _kind(stub: PayStub) -> str:
    """What the stub is, and whether another one takes it back."""
    by = getattr(stub, "voided_by", None)
    if by is None or not by.is_issued:
        return stub.get_kind_display()
    since = _("corrected since") if by.kind == PayRun.Kind.CORRECTION else _("voided since")
    return f"{stub.get_kind_display()}, {since}"


def _hours(minutes: int) -> Decimal:
    """Hours with two decimals, for a spreadsheet."""
    return cents(Decimal(minutes) / 60)
