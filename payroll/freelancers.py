"""What is particular to freelancers: their own invoice numbers, and the sales beyond which they register.

The co-op only knows what it pays: a freelancer's other clients count toward the same limit, and only
they know of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import write
from koumbit.said import Said, said
from members import journal
from members.models import Person, Power, WorkStatus
from members.powers import demand

from . import periods
from .calendar import Period
from .deductions.money import ZERO
from .deductions.parameters import SalesTaxes, all_tables
from .models import InvoiceNumber, PayRun, PayStub, StubLine

journal.name_events(
    {
        "invoice.numbered": gettext_lazy("invoice number given"),
        "invoice.unnumbered": gettext_lazy("invoice number taken back"),
    }
)

#: The limit is on the sales of four calendar quarters in a row, and on those of one.
QUARTERS = 4
#: From which part of the limit it is said that it comes near.
NEAR = Decimal("0.90")


class NotFreelance(Refused):
    """Only a freelancer invoices the co-op."""

    def __init__(self, person: Person):
        super().__init__(_("%(person)s is not a freelancer in that period.") % {"person": person})


class AlreadyPaid(Refused):
    """What is printed on a statement stays."""

    def __init__(self, period: Period):
        super().__init__(
            _("The pay of %(day)s is issued: give the number of your next invoice.")
            % {"day": written(period.pay_on)}
        )


# Invoice numbers ----------------------------------------------------------------------------------


def periods_to_number() -> list[Period]:
    """The periods whose statement is still to come: those prepared and not issued, and the next ones."""
    waiting = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at=None).select_related("period")
    recorded = [run.period for run in waiting]
    return [
        *(Period(of.starts_on, of.ends_on, of.pay_on, of.pays_in_year) for of in recorded),
        *periods.upcoming(),
    ]


@transaction.atomic
def number_invoice(person: Person, *, by: Person, period: Period, number: str) -> InvoiceNumber | None:
    """Have this freelancer's own number printed on the statement of a period; an empty one takes it back.

    Raises NotFreelance, AlreadyPaid, or ValidationError when the number was already used.
    """
    if person != by:
        demand(by, Power.PREPARE_PAY)
    held = WorkStatus.objects.filter(person=person, kind=WorkStatus.Kind.FREELANCE)
    if not held.during(period.starts_on, period.ends_on).exists():
        raise NotFreelance(person)
    if PayRun.objects.filter(
        period__starts_on=period.starts_on, kind=PayRun.Kind.REGULAR, issued_at__isnull=False
    ).exists():
        raise AlreadyPaid(period)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    given = InvoiceNumber.objects.filter(person=person, period_starts_on=period.starts_on).first()
    number = " ".join(number.split())
    if not number:
        if given:
            given.delete()
            journal.record("invoice.unnumbered", by=by, person=person.pk, period=str(period.starts_on))
        return None
    given = given or InvoiceNumber(person=person, period_starts_on=period.starts_on)
    given.number = number
    write(given)
    journal.record("invoice.numbered", by=by, person=person.pk, period=str(period.starts_on), number=number)
    return given


def numbers_for(people: Iterable[int], starts_on: date) -> dict[int, str]:
    """The invoice number each person gave for the period that starts on that day. One query, none for nobody."""
    people = list(people)
    if not people:
        return {}
    given = InvoiceNumber.objects.filter(person__in=people, period_starts_on=starts_on)
    return dict(given.values_list("person_id", "number"))


# The sales beyond which registering is compulsory -------------------------------------------------


def quarter_of(day: date) -> date:
    """The first day of the calendar quarter of a day."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarters_to(day: date, count: int) -> list[date]:
    """The first days of the last `count` calendar quarters, that of `day` last."""
    months = day.year * 12 + quarter_of(day).month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(months - 3 * (count - 1), months + 1, 3)]


@dataclass(frozen=True)
class Watch:
    """What the co-op paid a freelancer before taxes, quarter by quarter, beside the small supplier's limit.

    Five quarters: the one that runs and the four before it.
    """

    quarters: tuple[tuple[date, Decimal], ...]
    limit: Decimal
    source: str

    @property
    def most(self) -> Decimal:
        """The largest sum of four quarters in a row, among those that end with this quarter or the last one."""
        amounts = [amount for _quarter, amount in self.quarters]
        return max(
            sum(amounts[start : start + QUARTERS], ZERO) for start in range(len(amounts) - QUARTERS + 1)
        )

    @property
    def is_passed(self) -> bool:
        return self.most > self.limit

    @property
    def is_near(self) -> bool:
        return not self.is_passed and self.most >= NEAR * self.limit


def watch(
    people: Iterable[int], day: date, *, with_this: dict[int, Decimal] | None = None
) -> dict[int, Watch]:
    """For each person, what was paid to them before taxes in the quarters up to that day. One query.

    Taxed or not: the limit is on all sales. `with_this`: a price about to be paid on that day. A quarter
    that passes the limit by itself is in a sum of four that passes it too.
    """
    people = list(people)
    quarters = quarters_to(day, QUARTERS + 1)
    paid: dict[int, dict[date, Decimal]] = defaultdict(lambda: dict.fromkeys(quarters, ZERO))
    rows = (
        StubLine.objects.filter(
            side=StubLine.Side.EARNING,
            stub__kind=PayStub.Kind.STATEMENT,
            stub__person__in=people,
            stub__run__pay_on__gte=quarters[0],
            stub__run__pay_on__lte=day,
        )
        .order_by()
        .values_list("stub__person_id", TruncQuarter("stub__run__pay_on"))
        .annotate(Sum("amount"))
    )
    for person_id, quarter, amount in rows:
        paid[person_id][quarter] += amount
    for person_id, price in (with_this or {}).items():
        paid[person_id][quarters[-1]] += price
    table = _limits(day)
    source = table.provenance["small_supplier_limit"].source
    return {pk: Watch(tuple(paid[pk].items()), table.small_supplier_limit, source) for pk in people}


def about_limit(person: Person, watch: Watch) -> Said | None:
    """That an unregistered freelancer passed the limit with this pay, or comes near; None when far from it."""
    if watch.is_passed:
        sentence = gettext_noop(
            "The co-op paid %(person)s %(amount)s over four quarters, this pay included, without GST or QST: "
            "beyond %(limit)s of sales registering is compulsory. Ask for the numbers."
        )
    elif watch.is_near:
        sentence = gettext_noop(
            "The co-op paid %(person)s %(amount)s over four quarters, this pay included, without GST or QST: "
            "registering is compulsory beyond %(limit)s of sales, all clients together."
        )
    else:
        return None
    return said(sentence, person=person, amount=watch.most, limit=watch.limit)


def _limits(day: date) -> SalesTaxes:
    """The table that says the limit; the last known one beyond the reviewed days, for it only warns."""
    tables: tuple[SalesTaxes, ...] = all_tables()[SalesTaxes]  # type: ignore[assignment]
    return next((table for table in reversed(tables) if table.effective_from <= day), tables[0])
