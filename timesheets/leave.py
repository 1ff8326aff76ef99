"""The acts on leave, between the person who is away and the committee that decides.

What is approved is final. A leave that is given back is followed by its cancellation: at once while
its days are to come; agreed to by the committee once they have begun, since they may be paid.

Each act holds the person first, so that what draws on one bank or fills one day is counted in turn.
The journal, which every member reads, says that leave was asked for or decided: never why.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit import formats
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from members import journal
from members.models import Person, Power, WorkStatus
from members.powers import demand

from . import nudges
from .absences import Balance, Work, balances_of
from .calendar_words import holiday_name
from .conflicts import StepsAside, aside_from
from .holidays import holiday_on
from .models import Leave, LeaveCancellation, LeaveDay
from .weeks import DAYS

journal.name_events(
    {
        "leave.requested": gettext_lazy("leave asked for"),
        "leave.changed": gettext_lazy("leave asked for, changed"),
        "leave.withdrawn": gettext_lazy("leave withdrawn"),
        "leave.approved": gettext_lazy("leave approved"),
        "leave.refused": gettext_lazy("leave refused"),
        "leave.cancelled": gettext_lazy("leave given back"),
        "leave.cancellation_requested": gettext_lazy("giving back of leave asked for"),
        "leave.cancellation_withdrawn": gettext_lazy("giving back of leave withdrawn"),
        "leave.cancellation_accepted": gettext_lazy("giving back of leave accepted"),
        "leave.cancellation_refused": gettext_lazy("giving back of leave refused"),
    }
)

Kind = Leave.Kind
State = Leave.State
A_DAY = 24 * 60
#: A request is decided as a whole and read day by day: a year is as much as anyone reads.
LONGEST = timedelta(days=53 * DAYS)


# Refusals ----------------------------------------------------------------------------------------


class NotYourLeave(Refused):
    sentence = gettext_lazy("Only the person whose leave it is does this.")


class OwnLeave(Refused):
    sentence = gettext_lazy("Nobody decides on their own leave: another member of the committee does.")


class LeaveIsDecided(Refused):
    sentence = gettext_lazy("The committee has already decided on this leave.")


class LeaveChanged(Refused):
    """The request is not the one the approver saw: nothing was decided."""

    sentence = gettext_lazy(
        "The request has changed since you opened it. Nothing was decided: look at it again."
    )


class WhyRefused(Refused):
    sentence = gettext_lazy("Say why: the person has to know what to ask for instead.")


class NoDays(Refused):
    sentence = gettext_lazy("Say for at least one day how long you are away.")


class TooLongAtOnce(Refused):
    sentence = gettext_lazy("Ask for at most a year at a time: for longer, ask again for what follows.")


class NotWorkingThen(Refused):
    def __init__(self, day: date):
        super().__init__(
            _("You have no work status on %(day)s, so there is no leave to take then. Check the dates.")
            % {"day": formats.day(day)}
        )


class OnPauseThen(Refused):
    def __init__(self, day: date):
        super().__init__(
            _("%(day)s is a day of your pause: nothing is agreed then, so there is no leave to take.")
            % {"day": formats.day(day)}
        )


class FreelanceIsUnpaid(Refused):
    sentence = gettext_lazy(
        "You work freelance on these days and are paid by the hour worked: "
        "choose “unpaid leave”, so that the others know you are away."
    )


class NotAHoliday(Refused):
    sentence = gettext_lazy("Choose the statutory holiday that this day stands for.")


class HolidayIsTaken(Refused):
    def __init__(self, holiday: date):
        super().__init__(
            _("You have already asked for a day for “%(holiday)s”, %(day)s: change or cancel that one first.")
            % {"holiday": holiday_name(holiday), "day": formats.day(holiday)}
        )


class DayIsFull(Refused):
    def __init__(self, day: date, minutes: int):
        super().__init__(
            _(
                "With what you asked for before, %(day)s would hold %(hours)s of leave: a day has 24. "
                "Change or withdraw the other request first."
            )
            % {"day": formats.weekday(day), "hours": formats.hours(minutes)}
        )


class BankIsShort(Refused):
    def __init__(self, kind: Kind, left: int, wanted: int):
        sentence = (
            _(
                "Your vacation will have %(left)s left by then and this leave takes %(wanted)s. What your agreed "
                "hours will earn by then counts, less leave already asked for."
            )
            if kind == Kind.VACATION
            else _(
                "The bank “%(bank)s” has %(left)s left and this leave takes %(wanted)s. What pay stubs "
                "have banked counts, less leave already asked for; hours not paid yet are not in it."
            )
        )
        super().__init__(
            sentence
            % {
                "bank": kind.label,
                "left": formats.hours(max(0, left)),
                "wanted": formats.hours(wanted),
            }
        )


class NotApprovedLeave(Refused):
    sentence = gettext_lazy("Only approved leave is given back: a request is withdrawn or changed.")


class NothingToGiveBack(Refused):
    sentence = gettext_lazy("There is no day of this leave left to give back between these dates.")


class CancellationWaits(Refused):
    sentence = gettext_lazy(
        "You have already asked to give days of this leave back: withdraw that first, or wait for the answer."
    )


class CancellationIsDecided(Refused):
    sentence = gettext_lazy("This is decided or withdrawn already.")


class SayWhatHappened(Refused):
    sentence = gettext_lazy("These days have begun: say what happened, for the committee to decide.")


# The person's acts -------------------------------------------------------------------------------


@transaction.atomic
def request(
    *, by: Person, kind: str, days: Mapping[date, int], note: str = "", compensates: date | None = None
) -> Leave:
    """Ask to be away: minutes for each day. Asking afterwards, for a sick day, is as good as before.

    Raises one of the refusals above; nothing is written then.
    """
    _hold([by.pk])
    leave = Leave(person=by)
    _fill(leave, kind, days, note, compensates)
    journal.record("leave.requested", by=by, leave=leave.pk, person=by.pk)
    return leave


@transaction.atomic
def change(
    leave: Leave,
    *,
    by: Person,
    kind: str,
    days: Mapping[date, int],
    note: str = "",
    compensates: date | None = None,
) -> Leave:
    """Ask for something else instead, while the committee has not decided."""
    leave = _own_request(leave, by)
    leave.days.all().delete()
    _fill(leave, kind, days, note, compensates)
    journal.record("leave.changed", by=by, leave=leave.pk, person=by.pk)
    return leave


@transaction.atomic
def withdraw(leave: Leave, *, by: Person) -> Leave:
    """Take back a request that is not decided yet."""
    leave = _own_request(leave, by)
    leave.state = State.WITHDRAWN
    leave.save(update_fields=["state"])
    journal.record("leave.withdrawn", by=by, leave=leave.pk, person=by.pk)
    return leave


@transaction.atomic
def cancel(
    leave: Leave, *, by: Person, starts_on: date, ends_on: date, because: str = ""
) -> LeaveCancellation:
    """Give back the days of approved leave from a day to a day.

    At once while all of them are to come. Once one has come it may be worked or paid otherwise: the
    committee reads why and decides.
    """
    if by.pk != leave.person_id:
        raise NotYourLeave
    _hold([by.pk])
    leave = locked(leave)
    if not leave.is_approved:
        raise NotApprovedLeave
    if leave.cancellations.filter(state=LeaveCancellation.State.REQUESTED).exists():
        raise CancellationWaits
    today, because = timezone.localdate(), because.strip()
    first, last = max(starts_on, leave.starts_on), min(ends_on, leave.ends_on)
    if not LeaveDay.objects.standing().filter(leave=leave, day__range=(first, last)).exists():
        raise NothingToGiveBack
    is_to_come = first > today
    if not is_to_come and not because:
        raise SayWhatHappened
    cancellation = LeaveCancellation(
        leave=leave,
        person=by,
        starts_on=first,
        ends_on=last,
        because=because,
        asked_on=today,
        state=LeaveCancellation.State.ACCEPTED if is_to_come else LeaveCancellation.State.REQUESTED,
    )
    write(cancellation)
    event = "leave.cancelled" if is_to_come else "leave.cancellation_requested"
    journal.record(event, by=by, leave=leave.pk, person=by.pk, cancellation=cancellation.pk)
    return cancellation


@transaction.atomic
def withdraw_cancellation(cancellation: LeaveCancellation, *, by: Person) -> LeaveCancellation:
    """Keep the leave after all, while the committee has not decided."""
    if by.pk != cancellation.person_id:
        raise NotYourLeave
    cancellation = _open_cancellation(cancellation)
    cancellation.state = LeaveCancellation.State.WITHDRAWN
    cancellation.save(update_fields=["state"])
    _record_cancellation("withdrawn", cancellation, by)
    return cancellation


# The committee's acts ----------------------------------------------------------------------------


@transaction.atomic
def approve(leave: Leave, *, by: Person, seen: str) -> Leave:
    """Agree to the leave as it was seen: its days hold, and draw on their bank if there is one."""
    leave, days = _to_decide(leave, by, seen)
    _demand_bank(leave, sum(days.values()), lambda balance: balance.left_to_approve)
    _decide(leave, State.APPROVED, by)
    return leave


@transaction.atomic
def approve_all(seen: Mapping[int, str], *, by: Person) -> list[Leave]:
    """Agree to several requests (leave → digest seen), or to none of them if one cannot be."""
    leaves = Leave.objects.in_bulk(seen)
    if len(leaves) < len(seen):
        raise LeaveChanged
    _hold(leave.person_id for leave in leaves.values())
    return [approve(leaves[pk], by=by, seen=seen[pk]) for pk in sorted(seen)]


@transaction.atomic
def refuse(leave: Leave, *, by: Person, because: str, seen: str) -> Leave:
    """Say no, and why: the person may ask for something else."""
    leave, _days = _to_decide(leave, by, seen)
    if not because.strip():
        raise WhyRefused
    _decide(leave, State.REFUSED, by, because.strip())
    return leave


@transaction.atomic
def accept_cancellation(cancellation: LeaveCancellation, *, by: Person) -> LeaveCancellation:
    """Agree that these days were no leave: they leave the counters and the banks, and the next pay."""
    return _decide_cancellation(cancellation, LeaveCancellation.State.ACCEPTED, by)


@transaction.atomic
def refuse_cancellation(cancellation: LeaveCancellation, *, by: Person, because: str) -> LeaveCancellation:
    """Say that the leave stays as it was approved, and why."""
    if not because.strip():
        raise WhyRefused
    return _decide_cancellation(cancellation, LeaveCancellation.State.REFUSED, by, because.strip())


def digest_of(leave: Leave, days: Mapping[date, int]) -> str:
    """SHA-256, in hexadecimal, of all that is decided on: what an approver saw."""
    content = [
        leave.kind,
        str(leave.compensates),
        leave.note,
        [[str(day), minutes] for day, minutes in sorted(days.items())],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# Shared by the acts ------------------------------------------------------------------------------


def _hold(people: Iterable[int]) -> None:
    """Whatever draws on the same bank or fills the same day waits; always before a leave is locked."""
    held = Person.objects.select_for_update(no_key=True).filter(pk__in=set(people)).order_by("pk")
    list(held.values_list("pk"))


def _own_request(leave: Leave, by: Person) -> Leave:
    if by.pk != leave.person_id:
        raise NotYourLeave
    _hold([by.pk])
    leave = locked(leave)
    if not leave.is_requested:
        raise LeaveIsDecided
    return leave


def _fill(leave: Leave, kind: str, days: Mapping[date, int], note: str, compensates: date | None) -> None:
    """Write what is asked for, once it may be. The person is held, and the leave if it exists."""
    days = {day: minutes for day, minutes in sorted(days.items()) if minutes}
    if not days:
        raise NoDays
    leave.kind, leave.note, leave.compensates = kind, note.strip(), compensates
    leave.starts_on, leave.ends_on = min(days), max(days)
    if leave.ends_on - leave.starts_on >= LONGEST:
        raise TooLongAtOnce
    _demand_work(leave, days)
    _demand_room(leave, days)
    if kind == Kind.HOLIDAY:
        _demand_holiday(leave)
    _demand_bank(leave, sum(days.values()), lambda balance: balance.left_to_ask)
    write(leave)
    LeaveDay.objects.bulk_create(
        LeaveDay(leave=leave, person=leave.person, day=day, minutes=minutes) for day, minutes in days.items()
    )


def _demand_work(leave: Leave, days: Mapping[date, int]) -> None:
    work = Work.of([leave.person_id], leave.starts_on, leave.ends_on)
    for day in days:
        status = work.on(leave.person_id, day)
        if status is None:
            raise NotWorkingThen(day)
        if status.pause_id is not None:
            raise OnPauseThen(day)
        if status.kind == WorkStatus.Kind.FREELANCE and leave.kind != Kind.UNPAID:
            raise FreelanceIsUnpaid


def _demand_room(leave: Leave, days: Mapping[date, int]) -> None:
    """The database refuses the same, without the day's name."""
    others = (
        LeaveDay.objects.live().filter(person=leave.person_id, day__in=list(days)).exclude(leave=leave.pk)
    )
    for day, taken in others.order_by("day").values_list("day").annotate(total=Sum("minutes")):
        if taken + days[day] > A_DAY:
            raise DayIsFull(day, taken + days[day])


def _demand_holiday(leave: Leave) -> None:
    if leave.compensates is None or holiday_on(leave.compensates) is None:
        raise NotAHoliday
    others = LeaveDay.objects.live().filter(
        person=leave.person_id, leave__kind=Kind.HOLIDAY, leave__compensates=leave.compensates
    )
    if others.exclude(leave=leave.pk).exists():
        raise HolidayIsTaken(leave.compensates)


def _demand_bank(leave: Leave, wanted: int, left_of: Callable[[Balance], int]) -> None:
    """Leave draws on a bank where there is one; banked overtime, on nothing else."""
    balances = {
        balance.kind: balance for balance in balances_of(leave.person_id, leave.starts_on, without=leave)
    }
    balance = balances.get(Kind(leave.kind))
    if balance is None:
        if leave.kind == Kind.BANKED:
            raise BankIsShort(Kind.BANKED, 0, wanted)
        return
    if wanted > left_of(balance):
        raise BankIsShort(Kind(leave.kind), left_of(balance), wanted)


def _demand_decider(by: Person, person_id: int) -> None:
    """Whoever decides holds the power today, is somebody else, and has declared no conflict of interest."""
    demand(by, Power.APPROVE_HOURS)
    if by.pk == person_id:
        raise OwnLeave
    if person_id in aside_from(by):
        raise StepsAside


def _to_decide(leave: Leave, by: Person, seen: str) -> tuple[Leave, dict[date, int]]:
    _demand_decider(by, leave.person_id)
    _hold([leave.person_id])
    leave = locked(leave)
    days = dict(leave.days.values_list("day", "minutes"))
    if not leave.is_requested or digest_of(leave, days) != seen:
        raise LeaveChanged
    return leave, days


def _decide(leave: Leave, state: State, by: Person, answer: str = "") -> None:
    leave.state, leave.decided_by, leave.decided_at, leave.answer = state, by, timezone.now(), answer
    leave.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    nudges.leave_decided(leave, by=by)
    journal.record(f"leave.{state}", by=by, leave=leave.pk, person=leave.person_id)


def _open_cancellation(cancellation: LeaveCancellation) -> LeaveCancellation:
    _hold([cancellation.person_id])
    cancellation = locked(cancellation)
    if not cancellation.is_requested:
        raise CancellationIsDecided
    return cancellation


def _decide_cancellation(
    cancellation: LeaveCancellation, state: LeaveCancellation.State, by: Person, answer: str = ""
) -> LeaveCancellation:
    _demand_decider(by, cancellation.person_id)
    cancellation = _open_cancellation(cancellation)
    cancellation.state, cancellation.decided_by, cancellation.decided_at = state, by, timezone.now()
    cancellation.answer = answer
    cancellation.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    nudges.given_back_decided(cancellation, by=by)
    _record_cancellation(state, cancellation, by)
    return cancellation


def _record_cancellation(what: str, cancellation: LeaveCancellation, by: Person) -> None:
    journal.record(
        f"leave.cancellation_{what}",
        by=by,
        leave=cancellation.leave_id,
        person=cancellation.person_id,
        cancellation=cancellation.pk,
    )
