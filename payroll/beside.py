"""A stub and what it should have been, side by side: line by line, with what it changes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from koumbit.formats import day as written

from .deductions.money import ZERO
from .models import PayRun, PayStub
from .pays import Code, Draft, Preview, Side
from .register import as_written, stubs_of


@dataclass(frozen=True)
class Row:
    """One line on both sides. Minutes where it is about hours; `is_sum` where it adds others up."""

    label: str
    before: Decimal
    after: Decimal
    minutes_before: int | None = None
    minutes_after: int | None = None
    is_sum: bool = False

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Beside:
    """Both stubs of one correction. `difference` is what the person is still to be paid, or owes."""

    rows: list[Row]
    net: Row

    @property
    def difference(self) -> Decimal:
        return self.net.difference

    @property
    def is_owed(self) -> bool:
        """Was the person paid too much?"""
        return self.difference < 0

    @property
    def owed(self) -> Decimal:
        return abs(self.difference)


def beside(before: Draft, after: Iterable[Draft]) -> Beside:
    """The lines of an issued stub and of those that replace it, with their sums."""
    now = list(after)

    def total(side: str) -> tuple[Decimal, Decimal]:
        return before.by_side[side], sum((draft.by_side[side] for draft in now), ZERO)

    net = Row(_("Net"), before.net, sum((draft.net for draft in now), ZERO), is_sum=True)
    cost = Row(_("Cost"), before.cost, sum((draft.cost for draft in now), ZERO), is_sum=True)
    minutes = before.minutes, sum(draft.minutes for draft in now)
    return Beside(
        [
            *_hours(before, now),
            Row(_("Gross"), *total(Side.EARNING), *minutes, is_sum=True),
            *_amounts(before, now, (Side.DEDUCTION, Side.SALES_TAX)),
            net,
            *_amounts(before, now, (Side.EMPLOYER,)),
            cost,
        ],
        net,
    )


def of_stub(stub: PayStub, seen: Preview) -> Beside:
    """An issued stub beside what it would be now."""
    return beside(as_written(stub), seen.stubs)


def of_run(run: PayRun) -> Beside:
    """What an issued correction took back, beside what it paid instead."""
    paid = stubs_of(run).filter(mirrors=None).prefetch_related("lines")
    return beside(as_written(run.voids), [as_written(stub) for stub in paid])


def _hours(before: Draft, now: list[Draft]) -> list[Row]:
    """A row per week, kind of hours and rate, in the order of the weeks."""
    sums: dict[tuple, list] = defaultdict(lambda: [0, ZERO, 0, ZERO])
    for place, drafts in ((0, [before]), (2, now)):
        for draft in drafts:
            for line in draft.earnings:
                of = sums[line.week, line.code.value, line.rate]
                of[place] += line.minutes or 0
                of[place + 1] += line.amount
    return [
        Row(
            _("%(hours)s, week of %(day)s") % {"hours": Code(code).label, "day": written(week)},
            paid_before,
            paid_after,
            minutes_before,
            minutes_after,
        )
        for (week, code, _rate), (minutes_before, paid_before, minutes_after, paid_after) in sorted(
            sums.items()
        )
    ]


def _amounts(before: Draft, now: list[Draft], sides: Iterable[str]) -> list[Row]:
    """A row per amount of these sides, in the order the amounts are known by."""
    rows = []
    for side in sides:
        for code in Code:
            was = before.by_code.get((side, code), ZERO)
            becomes = sum((draft.by_code.get((side, code), ZERO) for draft in now), ZERO)
            if was or becomes:
                label = str(code.label)
                if side == Side.EMPLOYER:
                    label = _("%(contribution)s (employer)") % {"contribution": label}
                rows.append(Row(label, was, becomes))
    return rows
