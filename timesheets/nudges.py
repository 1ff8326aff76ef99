"""E-mails about hours, for those who wish them: few, in the reader's language, off in one click.

Nobody gets one without having asked, but for a reminder that a member of the committee sends with
their name under it. Each leaves through the outbox and is read again under “Messages to me”.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit import formats
from koumbit.refusals import Refused
from members import journal, outbox
from members.models import Cooperative, Person, Power, WorkStatus
from members.powers import demand, holders
from roles.models import Term

from . import weeks
from .hours import Standing, unsettled_sheets, waits_for, week_start_weekday
from .models import Leave, LeaveCancellation, Nudge, NudgeChoice, TimeEntry, WeekSheet

journal.name_events({"hours.reminded": gettext_lazy("reminder of a week not submitted")})

Kind = Nudge.Kind
#: The field of `NudgeChoice` that asks for each kind; a reminder from the committee asks nobody.
ASKED_BY = {
    Kind.EMPTY_WEEK: "empty_week",
    Kind.QUESTIONED: "questioned",
    Kind.APPROVED: "approved",
    Kind.LEAVE: "leave",
    Kind.RENEWAL: "renewal",
    Kind.DIGEST: "digest",
}
#: Written once a week at most, whatever runs the task.
ONCE = (Kind.EMPTY_WEEK, Kind.RENEWAL, Kind.DIGEST)
#: How many weeks before the week in which a term ends it is said.
RENEWAL_WEEKS = (6, 1)
FRIDAY, MONDAY = 4, 0
AFTERNOON, MORNING = time(14), time(8)
_SALT = "timesheets.nudges"


class NobodyToRemind(Refused):
    sentence = gettext_lazy("Nobody was ticked: no message was written.")


class DeadLink(Refused):
    sentence = gettext_lazy(
        "This link was cut on its way. Your choices are on the page “E-mails about my hours”."
    )


def choices_of(person: Person) -> NudgeChoice:
    """What a person asked for; nothing at first."""
    return NudgeChoice.objects.filter(person=person).first() or NudgeChoice(person=person)


def choose(person: Person, **wished: bool) -> NudgeChoice:
    """Set which nudges a person gets. Theirs alone to choose."""
    return NudgeChoice.objects.update_or_create(person=person, defaults=wished)[0]


def stop_url(person: Person, kind: Kind) -> str:
    """The address, for this person alone, that turns one kind of nudge off without signing in."""
    key = signing.dumps([person.pk, ASKED_BY[kind]], salt=_SALT)
    return settings.SITE_URL.rstrip("/") + reverse("timesheets:nudge_stop", args=[key])


def read_stop(key: str) -> tuple[Person, str]:
    """Whose nudges, and which, an address turns off. Raises `DeadLink`."""
    try:
        pk, field = signing.loads(key, salt=_SALT)
        if field not in ASKED_BY.values():
            raise DeadLink
        return Person.objects.get(pk=pk), field
    except (signing.BadSignature, ValueError, TypeError, Person.DoesNotExist):
        raise DeadLink from None


def stop(key: str) -> None:
    """Turn off what the address of a message names. Raises `DeadLink`."""
    person, field = read_stop(key)
    choose(person, **{field: False})


def questioned(sheet: WeekSheet, *, by: Person, questions: Iterable[tuple[TimeEntry, str]]) -> None:
    """Tell the owner, if they wish, what the committee asks about which lines."""
    _tell([sheet.person], Kind.QUESTIONED, sheet.starts_on, by=by, questions=list(questions))


def sent_back(sheet: WeekSheet, *, by: Person, because: str) -> None:
    """Tell the owner, if they wish, why the committee gives the whole week back."""
    _tell([sheet.person], Kind.QUESTIONED, sheet.starts_on, by=by, because=because)


def approved(sheet: WeekSheet, *, by: Person, minutes: int) -> None:
    """Tell the owner, if they wish, that their week is approved."""
    _tell([sheet.person], Kind.APPROVED, sheet.starts_on, by=by, minutes=minutes)


def leave_decided(leave: Leave, *, by: Person) -> None:
    """Tell the person, if they wish, what became of the leave they asked for."""
    week = weeks.week_of(leave.starts_on, week_start_weekday())
    _tell([leave.person], Kind.LEAVE, week, by=by, leave=leave)


def given_back_decided(cancellation: LeaveCancellation, *, by: Person) -> None:
    """Tell the person, if they wish, whether the days they gave back are leave no more."""
    week = weeks.week_of(cancellation.starts_on, week_start_weekday())
    _tell([cancellation.person], Kind.LEAVE, week, by=by, given_back=cancellation)


@transaction.atomic
def remind(people: Iterable[Person], week: date, *, by: Person) -> int:
    """Write to people who have not submitted a week, in the name of a member of the committee.

    Whoever has submitted meanwhile is left out; returns how many messages were written. Raises
    `NotAllowed`, `NobodyToRemind`.
    """
    demand(by, Power.APPROVE_HOURS)
    open_to = {
        one.person_id
        for one in unsettled_sheets(week, weeks.last_day(week))
        if one.state != Standing.WAITING and one.week_starts_on == week
    }
    people = [person for person in people if person.pk in open_to and person.is_active]
    if not people:
        raise NobodyToRemind
    for person in people:
        _write(person, Kind.REMINDER, week, by=by)
    journal.record("hours.reminded", by=by, week=str(week), people=sorted(person.pk for person in people))
    return len(people)


def write_due(now: datetime) -> int:
    """Write what a scheduled task finds due at that moment; returns how many messages.

    Friday from 14:00, an empty week; Monday from 8:00, what waits for the committee and the terms of
    roles that end in six weeks or in one. Run twice, it writes nothing twice.
    """
    local = timezone.localtime(now)
    today, clock = local.date(), local.time()
    if today.weekday() == FRIDAY and clock >= AFTERNOON:
        return _tell_empty_weeks(today)
    if today.weekday() == MONDAY and clock >= MORNING:
        return _tell_digest(today) + _tell_renewals(today)
    return 0


def _tell_empty_weeks(today: date) -> int:
    """Those who wish it, have agreed hours this week, and have neither hours, leave nor a sheet handed in."""
    week = weeks.week_of(today, week_start_weekday())
    last = weeks.last_day(week)
    this_week = TimeEntry.objects.filter(person=OuterRef("pk"), day__range=(week, last))
    handed_in = WeekSheet.objects.filter(person=OuterRef("pk"), starts_on=week).exclude(
        state=WeekSheet.State.DRAFT
    )
    away = Leave.objects.filter(
        person=OuterRef("pk"),
        state__in=[Leave.State.REQUESTED, Leave.State.APPROVED],
        starts_on__lte=last,
        ends_on__gte=week,
    )
    works = WorkStatus.objects.on(today).filter(person=OuterRef("pk"), agreed_minutes_per_week__gt=0)
    people = (
        Person.objects.active()
        .filter(Exists(works))
        .exclude(Exists(this_week) | Exists(handed_in) | Exists(away))
    )
    return _tell(people, Kind.EMPTY_WEEK, week)


def _tell_digest(today: date) -> int:
    """Those on the committee who wish it, when something waits for them."""
    last_week = weeks.before(weeks.week_of(today, week_start_weekday()))
    missing = [
        one for one in unsettled_sheets(last_week, weeks.last_day(last_week)) if one.state != Standing.WAITING
    ]
    written = 0
    for person in holders(Power.APPROVE_HOURS):
        waits = waits_for(person, today)
        told = {
            "waiting": waits.weeks,
            "leaves": waits.leaves,
            "missing": sum(one.person_id != person.pk for one in missing),
        }
        if any(told.values()):
            written += _tell([person], Kind.DIGEST, weeks.after(last_week), last_week=last_week, **told)
    return written


def _tell_renewals(today: date) -> int:
    """Those who hold a role whose term ends in six weeks or in one, and those who keep roles, if they wish."""
    week = weeks.week_of(today, week_start_weekday())
    ending = Q()
    for ahead in RENEWAL_WEEKS:
        then = week + ahead * weeks.WEEK
        ending |= Q(ends_on__range=(then, weeks.last_day(then)))
    terms = list(
        Term.objects.filter(ending, role__retired_on=None)
        .select_related("role", "person")
        .order_by("ends_on", "role__name", "person__sort_name")
    )
    if not terms:
        return 0
    keepers = set(holders(Power.KEEP_ROLES))
    written = 0
    for person in sorted(
        {term.person for term in terms if term.person.is_active} | keepers, key=lambda one: one.pk
    ):
        told = terms if person in keepers else [term for term in terms if term.person_id == person.pk]
        written += _tell([person], Kind.RENEWAL, week, terms=told)
    return written


def _tell(people: Iterable[Person], kind: Kind, week: date, *, by: Person | None = None, **told) -> int:
    """Write to those among these people who wish this kind, each once where once is enough."""
    by_number = {person.pk: person for person in people}
    wished = NudgeChoice.objects.filter(person__in=by_number, **{ASKED_BY[kind]: True})
    if kind in ONCE:
        wished = wished.exclude(Exists(Nudge.objects.filter(person=OuterRef("person"), kind=kind, week=week)))
    written = 0
    for pk in wished.order_by("person").values_list("person", flat=True):
        try:
            with transaction.atomic():
                _write(by_number[pk], kind, week, by=by, **told)
        except IntegrityError:
            continue  # another run of the same task was faster
        written += 1
    return written


def _write(person: Person, kind: Kind, week: date, *, by: Person | None = None, **told) -> Nudge:
    """One message, in the reader's language, and the trace that it was written."""
    off = stop_url(person, kind) if kind in ASKED_BY else ""
    with translation.override(person.language):
        context = {
            "person": person,
            "by": by,
            "week": week,
            "last_day": weeks.last_day(week),
            "cooperative": Cooperative.objects.values_list("name", flat=True).first(),
            "link": settings.SITE_URL.rstrip("/") + _place(kind, week),
            "stop_url": off,
        }
        message = outbox.write(
            person,
            subject=_subject(kind, week, told),
            text=render_to_string(f"timesheets/nudge_{kind}.txt", context | told),
            stop_url=off,
        )
    return Nudge.objects.create(person=person, kind=kind, week=week, by=by, message=message)


def _place(kind: Kind, week: date) -> str:
    if kind == Kind.DIGEST:
        return reverse("timesheets:queue")
    if kind == Kind.LEAVE:
        return reverse("timesheets:leave")
    if kind == Kind.RENEWAL:
        return reverse("roles:renewals")
    return reverse("timesheets:sheet", args=[week])


def _subject(kind: Kind, week: date, told: dict) -> str:
    subject = {
        Kind.EMPTY_WEEK: _("Your week of %(day)s is still empty"),
        Kind.QUESTIONED: _("The committee asks about your week of %(day)s"),
        Kind.APPROVED: _("Your week of %(day)s is approved"),
        Kind.DIGEST: _("What waits for your committee this week"),
        Kind.RENEWAL: _("A term comes to its end"),
        Kind.REMINDER: _("Your week of %(day)s is not submitted yet"),
    }.get(kind)
    if "given_back" in told:
        return _given_back_subject(told["given_back"])
    if kind == Kind.LEAVE:
        is_approved = told["leave"].state == Leave.State.APPROVED
        subject = (
            _("Your leave from %(day)s is approved")
            if is_approved
            else _("Your leave from %(day)s is refused")
        )
        return subject % {"day": formats.day(told["leave"].starts_on)}
    return subject % {"day": formats.day(week)}


def _given_back_subject(given_back: LeaveCancellation) -> str:
    subject = (
        _("The days you gave back from %(day)s are leave no more")
        if given_back.state == LeaveCancellation.State.ACCEPTED
        else _("The days you gave back from %(day)s stay leave")
    )
    return subject % {"day": formats.day(given_back.starts_on)}
