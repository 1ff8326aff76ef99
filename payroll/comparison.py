"""How a pay differs from the one before it, in sentences."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.formats import hours as length
from members.models import Person

from .deductions.money import ZERO
from .models import PayRun, StubLine
from .pays import Preview

#: Sentences about people, at most: those whose pay changes most.
MOST = 20


def last_issued(seen: Preview) -> PayRun | None:
    """The regular pay issued before this one."""
    issued = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at__isnull=False)
    return issued.filter(pay_on__lt=seen.period.pay_on).order_by("-pay_on").first()


def differences(seen: Preview, last: PayRun | None) -> list[str]:
    """What changed since the last pay, the totals first, then the people whose gross changes most."""
    if last is None:
        return [_("This is the first pay: there is nothing to compare it with.")]
    before: dict[int, tuple[int, Decimal]] = {
        person_id: (minutes, amount)
        for person_id, minutes, amount in StubLine.objects.filter(stub__run=last, side=StubLine.Side.EARNING)
        .order_by()
        .values_list("stub__person_id")
        .annotate(minutes=Sum("minutes"), amount=Sum("amount"))
    }
    now: dict[int, tuple[int, Decimal]] = defaultdict(lambda: (0, ZERO))
    people = {}
    for stub in seen.stubs:
        minutes, gross = now[stub.person.pk]
        now[stub.person.pk] = (minutes + stub.minutes, gross + stub.gross)
        people[stub.person.pk] = stub.person
    people |= Person.objects.in_bulk(before.keys() - people.keys())
    changes = []
    for pk, person in people.items():
        old, new = before.get(pk), now.get(pk)
        if old == new:
            continue
        changed = abs((new or (0, ZERO))[1] - (old or (0, ZERO))[1])
        changes.append((-changed, person.sort_name, _sentence(person, old, new)))
    total_before = sum((amount for _minutes, amount in before.values()), ZERO)
    return [_total(seen, last, total_before), *(sentence for *_, sentence in sorted(changes)[:MOST])]


def _total(seen: Preview, last: PayRun, before: Decimal) -> str:
    change = seen.totals.gross - before
    words = {"day": written(last.pay_on), "amount": dollars(abs(change)), "total": dollars(seen.totals.gross)}
    if change > 0:
        return _("Gross pay is %(total)s: %(amount)s more than the pay of %(day)s.") % words
    if change < 0:
        return _("Gross pay is %(total)s: %(amount)s less than the pay of %(day)s.") % words
    return _("Gross pay is %(total)s, as the pay of %(day)s.") % words


def _sentence(person: Person, old: tuple[int, Decimal] | None, new: tuple[int, Decimal] | None) -> str:
    if old is None:
        return _("%(person)s was not on the last pay and now has %(time)s.") % {
            "person": person,
            "time": length(new[0]),
        }
    if new is None:
        return _("%(person)s had %(time)s on the last pay and is not on this one.") % {
            "person": person,
            "time": length(old[0]),
        }
    words = {
        "person": person,
        "before": length(old[0]),
        "now": length(new[0]),
        "amount": dollars(abs(new[1] - old[1])),
    }
    if old[0] == new[0]:
        return _("%(person)s has as many hours (%(now)s), and %(amount)s of difference in pay.") % words
    if new[1] >= old[1]:
        return _("%(person)s: %(now)s instead of %(before)s, %(amount)s more.") % words
    return _("%(person)s: %(now)s instead of %(before)s, %(amount)s less.") % words


def apart(seen: Preview) -> list[str]:
    """How an off-cycle pay is computed, in sentences: what is not as on a regular one."""
    said = [
        _(
            "Income tax is estimated as on a regular pay, %(count)s of which make the year; the yearly "
            "maximums of the contributions count every pay of the year."
        )
        % {"count": seen.period.pays_in_year}
    ]
    for stub in seen.stubs:
        pay = stub.inputs.get("pay", {})
        if pay.get("exemption_used"):
            said.append(
                _(
                    "%(person)s: the QPP exemption of this period was already given on another pay; it is "
                    "not given twice."
                )
                % {"person": stub.person}
            )
        if stub.nonperiodic:
            said.append(
                _(
                    "%(person)s: %(amount)s is paid beside the regular pay; it is taxed as a lump sum, by "
                    "the difference it makes to the tax of the year."
                )
                % {"person": stub.person, "amount": dollars(stub.nonperiodic)}
            )
    return said
