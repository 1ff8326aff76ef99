"""How a pay differs from what these people are usually paid, in sentences."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import gettext as _

from koumbit.formats import day as written
from koumbit.formats import dollars
from koumbit.formats import hours as length
from members.models import Person

from .deductions import edition_on
from .deductions.money import ZERO, share
from .deductions.qpp import MONTHS, contributory_months
from .models import PayRun, PayStub, StubLine
from .pays import Code, Draft, Preview, Side

#: Sentences about people, at most: those whose pay changes most. Names in one sentence, at most.
MOST, MOST_NAMES = 20, 6
#: The regular pays that a person's usual is drawn from, and how many make one.
LOOKED_AT, ENOUGH = 6, 3
#: A pay this close to the usual one is said to be as usual: a twentieth.
CLOSE = 20
#: The contributions that stop at a yearly maximum: the name of what was contributed, and of the maximum.
MAXIMUMS = {
    Code.QPP: ("qpp", "qpp_maximum"),
    Code.QPP2: ("qpp2", "qpp2_maximum"),
    Code.QPIP: ("qpip", "qpip_maximum"),
    Code.EI: ("ei", "ei_maximum"),
}


class Paid(NamedTuple):
    """What somebody had on one pay: minutes, and their worth in dollars."""

    minutes: int
    gross: Decimal


def last_issued(seen: Preview) -> PayRun | None:
    """The regular pay issued before this one."""
    return _issued_before(seen).first()


def _issued_before(seen: Preview):
    issued = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at__isnull=False)
    return issued.filter(pay_on__lt=seen.period.pay_on).order_by("-pay_on", "-pk")


def differences(seen: Preview, last: PayRun | None) -> list[str]:
    """What is not as usual: the total, the rate, the people whose pay changes most, then their deductions."""
    if last is None:
        return [
            _("This is the first pay: there is nothing to compare it with."),
            *_paid_out(seen),
            *_deductions(seen, None),
        ]
    earlier = _earlier(seen)
    before = {person_id: paid[last.pk] for person_id, paid in earlier.items() if last.pk in paid}
    total = sum((paid.gross for paid in before.values()), ZERO)
    return [
        _total(seen, last, total),
        *_rates(seen, last),
        *_paid_out(seen),
        *_people(seen, last, earlier),
        *_deductions(seen, last),
    ]


def _paid_out(seen: Preview) -> Iterator[str]:
    """What the banks pay without leave: after their twelve months, or because somebody leaves."""
    for stub in seen.stubs:
        for line in stub.earnings:
            words = {
                "person": stub.person,
                "time": length(line.minutes),
                "amount": dollars(line.amount),
            }
            if line.code == Code.BANK_OUT:
                yield (
                    _(
                        "%(person)s: %(time)s of banked overtime that was not taken in time, or is left at their "
                        "departure, are paid (%(amount)s)."
                    )
                    % words
                )
            elif line.code == Code.VACATION_OUT:
                yield (
                    _(
                        "%(person)s: vacation that was not taken in time, or is left at their departure, is paid "
                        "(%(amount)s)."
                    )
                    % words
                )


def _earlier(seen: Preview) -> dict[int, dict[int, Paid]]:
    """What each person had on each of the last regular pays, by person and run."""
    runs = list(_issued_before(seen).values_list("pk", flat=True)[:LOOKED_AT])
    found: dict[int, dict[int, Paid]] = defaultdict(dict)
    rows = (
        StubLine.objects.filter(stub__run__in=runs, side=Side.EARNING)
        .order_by()
        .values_list("stub__person_id", "stub__run_id")
        .annotate(minutes=Sum("minutes"), amount=Sum("amount"))
    )
    for person_id, run, minutes, amount in rows:
        found[person_id][run] = Paid(minutes or 0, amount)
    return found


def _total(seen: Preview, last: PayRun, before: Decimal) -> str:
    change = seen.totals.gross - before
    words = {"day": written(last.pay_on), "amount": dollars(abs(change)), "total": dollars(seen.totals.gross)}
    if change > 0:
        return _("Gross pay is %(total)s: %(amount)s more than the pay of %(day)s.") % words
    if change < 0:
        return _("Gross pay is %(total)s: %(amount)s less than the pay of %(day)s.") % words
    return _("Gross pay is %(total)s, as the pay of %(day)s.") % words


def _rates(seen: Preview, last: PayRun) -> Iterator[str]:
    """A rate that no line of the last pay had, with the decision that set it."""
    lines = StubLine.objects.filter(stub__run=last, side=Side.EARNING).order_by()
    paid = set(lines.values_list("rate", flat=True).distinct())
    now = {
        seen.due.rates.that_paid(line)
        for stub in seen.stubs
        for line in stub.earnings
        if line.rate and line.rate not in paid
    }
    for rate in sorted(now, key=lambda rate: rate.starts_on):
        yield _("The hourly rate is %(amount)s from %(day)s, by the decision “%(decision)s”.") % {
            "amount": dollars(rate.amount),
            "day": written(rate.starts_on),
            "decision": rate.decision.title,
        }


def _people(seen: Preview, last: PayRun, earlier: dict[int, dict[int, Paid]]) -> list[str]:
    """A sentence for each person whose pay is not as usual, the largest changes first."""
    now: dict[int, Paid] = defaultdict(lambda: Paid(0, ZERO))
    people: dict[int, Person] = {}
    for stub in seen.stubs:
        of = now[stub.person.pk]
        now[stub.person.pk] = Paid(of.minutes + stub.minutes, of.gross + stub.gross)
        people[stub.person.pk] = stub.person
    gone = {pk for pk, paid in earlier.items() if last.pk in paid} - people.keys()
    people |= Person.objects.in_bulk(gone)
    new = people.keys() - earlier.keys()
    known = set(PayStub.objects.filter(person__in=new).values_list("person_id", flat=True)) if new else set()
    changes = []
    for pk, person in people.items():
        paid = earlier.get(pk, {})
        said = _sentence(person, paid, paid.get(last.pk), now.get(pk), is_known=pk in known)
        if said:
            changes.append((-said[0], person.sort_name, said[1]))
    return [sentence for *_rest, sentence in sorted(changes)[:MOST]]


def _sentence(
    person: Person, paid: dict[int, Paid], old: Paid | None, new: Paid | None, *, is_known: bool
) -> tuple[Decimal, str] | None:
    """By how much the gross changes, and how to say it; None when the pay is as usual."""
    words = {
        "person": person,
        "now": length(new.minutes) if new else "",
        "amount": dollars(new.gross) if new else "",
    }
    if new is None:
        words["before"] = length(old.minutes) if old else ""
        sentence = _("%(person)s had %(before)s on the last pay and is not on this one.")
        return (old.gross if old else ZERO), sentence % words
    if old is None:
        sentence = (
            _("%(person)s was not on the last pay and now has %(now)s, %(amount)s.")
            if paid or is_known
            else _("%(person)s is paid for the first time: %(now)s, %(amount)s.")
        )
        return new.gross, sentence % words
    is_usual = len(paid) >= ENOUGH
    if is_usual:
        usual = Paid(
            int(median(each.minutes for each in paid.values())), median(each.gross for each in paid.values())
        )
    else:
        usual = old
    change = new.gross - usual.gross
    close = abs(change) * CLOSE <= usual.gross if is_usual else not change
    if close and (is_usual or new.minutes == usual.minutes):
        return None
    words |= {"before": length(usual.minutes), "amount": dollars(abs(change))}
    return abs(change), _change(
        is_usual=is_usual, change=change, is_same_time=new.minutes == usual.minutes
    ) % words


def _change(*, is_usual: bool, change: Decimal, is_same_time: bool) -> str:
    if is_same_time:
        return _("%(person)s has as many hours (%(now)s), and %(amount)s of difference in pay.")
    if is_usual and change >= 0:
        return _("%(person)s: %(now)s instead of %(before)s as usual, %(amount)s more.")
    if is_usual:
        return _("%(person)s: %(now)s instead of %(before)s as usual, %(amount)s less.")
    if change >= 0:
        return _("%(person)s: %(now)s instead of %(before)s, %(amount)s more.")
    return _("%(person)s: %(now)s instead of %(before)s, %(amount)s less.")


# Deductions ---------------------------------------------------------------------------------------


def _deductions(seen: Preview, last: PayRun | None) -> list[str]:
    """Deductions that begin, that stop, and yearly maximums reached: a sentence each, with the names."""
    withheld: dict[int, set[str]] = defaultdict(set)
    if last:
        lines = StubLine.objects.filter(stub__run=last, side=Side.DEDUCTION).order_by()
        for person_id, code in lines.values_list("stub__person_id", "code"):
            withheld[person_id].add(code)
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for stub in seen.stubs:
        if stub.deductions:
            for note in _notes(stub, withheld.get(stub.person.pk), seen):
                named[note].append(str(stub.person))
    order = list(Code)
    return [
        sentence % {"deduction": Code(code).label, "people": _names(names)}
        for sentence, code, names in sorted(
            ((sentence, code, names) for (sentence, code), names in named.items()),
            key=lambda row: (order.index(Code(row[1])), row[0]),
        )
    ]


def _notes(stub: Draft, before: set[str] | None, seen: Preview) -> Iterator[tuple[str, str]]:
    """What is to be said of each deduction of a stub, as a sentence to fill and the deduction's code."""
    table = edition_on(seen.period.pay_on).contributions
    so_far = stub.so_far
    months = contributory_months(stub.pay.claims, stub.pay.pay_date)
    now = {code for side, code in stub.by_code if side == Side.DEDUCTION}
    reached = set()
    for code, (contributed, maximum) in MAXIMUMS.items():
        already, most = getattr(so_far, contributed), getattr(table, maximum)
        if code in (Code.QPP, Code.QPP2):
            # Fewer months count in the year of the 18th birthday; none for whoever no longer contributes.
            if not months:
                continue
            most = share(most, Decimal(months), Decimal(MONTHS))
        added = stub.by_code.get((Side.DEDUCTION, code), ZERO)
        if already >= most:
            reached.add(code)
        elif already + added >= most:
            yield _("%(deduction)s: the year’s maximum is reached with this pay (%(people)s)."), code
    if before is None:
        return
    for begun in sorted(now - before):
        yield _("%(deduction)s: withheld on this pay and not on the last one (%(people)s)."), begun
    for ended in sorted(before - now):
        if ended in reached:
            yield (
                _("%(deduction)s: the year’s maximum was reached, nothing more is withheld (%(people)s)."),
                ended,
            )
        else:
            yield _("%(deduction)s: withheld on the last pay and not on this one (%(people)s)."), ended


def _names(names: list[str]) -> str:
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return _("%(people)s and %(count)s others") % {
        "people": ", ".join(names[:MOST_NAMES]),
        "count": len(names) - MOST_NAMES,
    }


# Off-cycle ----------------------------------------------------------------------------------------


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
        if stub.pay and stub.pay.exemption_used:
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
