"""Hours from another tool: planned first and shown, then written all or not at all.

`plan` says what a file would do to the co-op as it is now, and refuses each line that cannot be
written; `apply` plans again under locks, so that nothing stale is written. Imported hours are
drafts: each person submits their own weeks, and a committee approves them, like any others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Generic, TypeVar

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koumbit import formats
from koumbit.durations import DAY
from koumbit.refusals import Refused
from members import journal
from members.models import Cooperative, JournalEntry, Person, Power, WorkStatus
from members.powers import NotAllowed, powers_of
from roles.models import Role, Task

from . import weeks
from .hours_file import HoursFile, Refusal, Row, read
from .models import Project, TimeEntry, WeekSheet
from .workflow import reopen

EVENT = "hours.imported"
journal.name_events({EVENT: gettext_lazy("hours imported from a file")})

Named = TypeVar("Named", Role, Task, Project)


class FileRefused(Refused):
    """Some lines cannot be imported, so none was. `plan` holds them."""

    def __init__(self, plan: "Plan"):
        self.plan = plan
        super().__init__(
            ngettext(
                "%(count)d line is refused: nothing was imported.",
                "%(count)d lines are refused: nothing was imported.",
                plan.refused_lines,
            )
            % {"count": plan.refused_lines}
        )


class ChangedMeanwhile(Refused):
    sentence = gettext_lazy(
        "Somebody wrote the same people, roles or weeks meanwhile: nothing was imported. Look at the file again."
    )


class NobodyReopens(Refused):
    sentence = gettext_lazy(
        "The file adds hours to a week that is approved: the person who imports it has to be named."
    )


class PowerMissing(NotAllowed):
    """Whoever imports lacks a power that this very file asks for."""

    _WHY = {
        Power.ADMIT_PEOPLE: gettext_lazy(
            "The file holds hours of other people: importing it needs the power “%(power)s”."
        ),
        Power.KEEP_ROLES: gettext_lazy(
            "The file creates roles or tasks: importing it needs the power “%(power)s”."
        ),
        Power.KEEP_PROJECTS: gettext_lazy(
            "The file creates projects: importing it needs the power “%(power)s”."
        ),
    }

    def __init__(self, power: Power):
        super().__init__(power, str(self._WHY[power]) % {"power": power.label})


@dataclass
class PersonHours:
    """What the file says of one person: entries and minutes to import, lines that are already there."""

    person: Person
    is_new: bool
    first_on: date
    last_on: date
    entries: int = 0
    minutes: int = 0
    already_there: int = 0


@dataclass
class _Write:
    """One entry to write, and what it hangs on, there already or new."""

    row: Row
    person: Person
    task: Task
    project: Project | None
    sheet: WeekSheet


@dataclass
class Plan:
    """What importing a file would do now. Nothing is written while there is one refusal.

    `people`: everyone the file speaks of, by name; `entries` and `minutes`: what would be written;
    `already_there`: lines left out because they were imported before; `reopened`: approved weeks
    that would be drafts again.
    """

    file: HoursFile
    imported_before: datetime | None = None
    people: list[PersonHours] = field(default_factory=list)
    new_roles: list[Role] = field(default_factory=list)
    new_tasks: list[Task] = field(default_factory=list)
    new_projects: list[Project] = field(default_factory=list)
    new_weeks: list[WeekSheet] = field(default_factory=list)
    reopened: list[WeekSheet] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    writes: list[_Write] = field(default_factory=list, repr=False)

    @property
    def entries(self) -> int:
        return len(self.writes)

    @property
    def minutes(self) -> int:
        return sum(write.row.minutes for write in self.writes)

    @property
    def new_people(self) -> list[PersonHours]:
        return [someone for someone in self.people if someone.is_new]

    @property
    def already_there(self) -> int:
        return sum(someone.already_there for someone in self.people)

    @property
    def refused_lines(self) -> int:
        return len({refusal.line for refusal in self.refusals})

    @property
    def is_wholly_there(self) -> bool:
        """Was each line imported already, so that nothing is left to do?"""
        return not self.writes and not self.refusals


def plan(content: str | bytes) -> Plan:
    """What importing this file would do. Nothing is written; as many queries whatever the number of lines."""
    return _planned(read(content))


@transaction.atomic
def apply(plan: Plan, *, by: Person | None) -> Plan:
    """Write what the file says into the co-op as it is now, all or nothing; returns what was done.

    `by` imports it and holds the powers this file asks for (`missing_powers`). A command run by
    whoever installs the software may have no author (None); it reopens no approved week.
    Raises `FileRefused`, `PowerMissing`, `NobodyReopens`, `ChangedMeanwhile`.
    """
    fresh = _planned(plan.file, lock=True)
    if by is not None and (missing := missing_powers(fresh, by, powers_of(by))):
        raise missing[0]
    if fresh.refusals:
        raise FileRefused(fresh)
    if fresh.reopened and by is None:
        raise NobodyReopens
    if not fresh.writes:
        return fresh
    try:
        with transaction.atomic():
            _write(fresh, by)
    except IntegrityError as error:
        raise ChangedMeanwhile from error
    journal.record(
        EVENT,
        by=by,
        digest=fresh.file.digest,
        entries=fresh.entries,
        people=[someone.person.pk for someone in fresh.new_people],
        roles=[role.pk for role in fresh.new_roles],
        tasks=[task.pk for task in fresh.new_tasks],
        projects=[project.pk for project in fresh.new_projects],
        weeks=len(fresh.new_weeks),
    )
    return fresh


def missing_powers(plan: Plan, by: Person, powers: Iterable[str]) -> list[PowerMissing]:
    """Why somebody with these powers may not import this file: one refusal per power that lacks.

    Hours of others, and what the co-op knows of them, are for those who admit people; one's own
    hours may be imported by whoever keeps roles or projects.
    """
    emails = {row.email for row in plan.file.rows}
    asked = {
        Power.ADMIT_PEOPLE: bool(emails - {by.email}),
        Power.KEEP_ROLES: bool(plan.new_roles or plan.new_tasks),
        Power.KEEP_PROJECTS: bool(plan.new_projects),
    }
    return [PowerMissing(power) for power, is_asked in asked.items() if is_asked and power not in powers]


def _write(plan: Plan, by: Person | None) -> None:
    Person.objects.bulk_create([someone.person for someone in plan.new_people])
    WorkStatus.objects.bulk_create(_first_status(someone) for someone in plan.new_people)
    Role.objects.bulk_create(plan.new_roles)
    Task.objects.bulk_create(plan.new_tasks)
    Project.objects.bulk_create(plan.new_projects)
    WeekSheet.objects.bulk_create(plan.new_weeks)
    for sheet in plan.reopened:
        reopen(sheet, by=by, because=_("Hours imported from a file."))
    TimeEntry.objects.bulk_create(
        TimeEntry(
            sheet=write.sheet,
            person=write.person,
            day=write.row.day,
            task=write.task,
            project=write.project,
            minutes=write.row.minutes,
            note=write.row.note,
        )
        for write in plan.writes
    )


def _first_status(someone: PersonHours) -> WorkStatus:
    """How somebody who is new works, until those who admit people say better."""
    with translation.override(someone.person.language):
        job_title = _("Worker-member")
    return WorkStatus(
        person=someone.person,
        kind=WorkStatus.Kind.SALARIED,
        tenure=WorkStatus.Tenure.OCCASIONAL,
        job_title=job_title,
        starts_on=someone.first_on,
    )


class _Names(Generic[Named]):
    """What there is under a name: in use rather than past, written just so rather than with other capitals."""

    def __init__(self, things: Iterable[Named], ended: str):
        self._in_use: dict[str, Named] = {}
        self._folded: dict[str, Named] = {}
        self._past: dict[str, Named] = {}
        for thing in things:
            if getattr(thing, ended) is None:
                self.add(thing)
            else:
                self._past[thing.name.casefold()] = thing

    def __iter__(self) -> Iterator[Named]:
        return chain(self._past.values(), self._in_use.values())

    def get(self, name: str) -> Named | None:
        folded = name.casefold()
        return self._in_use.get(name) or self._folded.get(folded) or self._past.get(folded)

    def add(self, thing: Named) -> Named:
        self._in_use[thing.name] = thing
        self._folded.setdefault(thing.name.casefold(), thing)
        return thing


def _planned(file: HoursFile, *, lock: bool = False) -> Plan:
    """The plan of a file for the co-op as it is now; with `lock`, its weeks stay so until the transaction ends."""
    made = Plan(file, imported_before=_imported_on(file.digest), refusals=list(file.refusals))
    if file.rows:
        _Planning(made, lock=lock).fill()
    return made


def _imported_on(digest: str) -> datetime | None:
    """When this very file was imported, if it was."""
    imports = JournalEntry.objects.filter(event=EVENT, body__digest=digest)
    return imports.order_by("-seq").values_list("at", flat=True).first()


class _Planning:
    """The co-op as far as the file touches it, read once, and what its lines make of it."""

    def __init__(self, plan: Plan, *, lock: bool):
        self.plan = plan
        rows = plan.file.rows
        first, last = min(row.day for row in rows), max(row.day for row in rows)
        cooperative = Cooperative.objects.first() or Cooperative()
        self.language, self.week_starts_on = cooperative.language, cooperative.week_starts_on
        known = Person.objects.filter(email__in={row.email for row in rows})
        self.known = {person.email: person for person in known}
        email_of = {person.pk: email for email, person in self.known.items()}
        self.work = defaultdict(list)
        for status in WorkStatus.objects.during(first, last).filter(person__in=email_of):
            self.work[email_of[status.person_id]].append(status)
        self._read_names()
        # The weeks before their entries: once they are locked, nobody adds to them.
        sheets = WeekSheet.objects.filter(
            person__in=email_of, starts_on__range=(weeks.week_of(first, self.week_starts_on), last)
        )
        if lock:
            sheets = sheets.select_for_update(of=("self",))
        self.sheets = {(email_of[sheet.person_id], sheet.starts_on): sheet for sheet in sheets.order_by("pk")}
        self.there: Counter[tuple] = Counter()
        self.day_minutes: Counter[tuple[str, date]] = Counter()
        entries = TimeEntry.objects.filter(person__in=email_of, day__range=(first, last)).order_by()
        for entry in entries.values_list("person", "day", "task", "project", "minutes", "note", "corrects"):
            person, day, minutes, corrects = entry[0], entry[1], entry[4], entry[6]
            self.day_minutes[email_of[person], day] += minutes
            if corrects is None:
                self.there[entry[:6]] += 1
        self.people: dict[str, PersonHours] = {}
        self.full_days: dict[tuple[str, date], int] = {}
        self.taken_up: set[tuple[str, date]] = set()

    def _read_names(self) -> None:
        self.roles = _Names(Role.objects.all(), "retired_on")
        self.projects = _Names(Project.objects.all(), "closed_on")
        tasks = defaultdict(list)
        for task in Task.objects.all():
            tasks[task.role_id].append(task)
        self.tasks = {role.name: _Names(tasks[role.pk], "retired_on") for role in self.roles}

    def fill(self) -> None:
        """Take each line in turn: there already, refused, or to be written."""
        for row in self.plan.file.rows:
            self._take(row)
        for (email, day), line in self.full_days.items():
            self._refuse(
                line,
                _("%(email)s would have %(hours)s on %(day)s: a day has 24.")
                % {
                    "email": email,
                    "hours": formats.hours(self.day_minutes[email, day]),
                    "day": formats.day(day),
                },
            )
        self.plan.refusals.sort(key=lambda refusal: refusal.line)
        self.plan.people = sorted(
            self.people.values(), key=lambda one: (str(one.person).casefold(), one.person.email)
        )

    def _take(self, row: Row) -> None:
        someone = self._person(row)
        role = self._role(row.role)
        task, project = self._task(role, row.task), self._project(row.project)
        entry = (someone.person.pk, row.day, task.pk, project and project.pk, row.minutes, row.note)
        is_known = project is None or project.pk is not None
        if is_known and self.there[entry]:
            self.there[entry] -= 1
            someone.already_there += 1
            return
        week = row.email, weeks.week_of(row.day, self.week_starts_on)
        sheet = self.sheets.get(week) or WeekSheet(person=someone.person, starts_on=week[1])
        self.sheets[week] = sheet
        faults = [*self._faults_of_person(row, someone), *_faults_of_names(role, task, project)]
        if sheet.is_waiting:
            faults.append(
                _("The week of %(day)s of %(email)s is submitted: it has to be withdrawn or decided first.")
                % {"day": formats.day(sheet.starts_on), "email": row.email}
            )
        for sentence in faults:
            self._refuse(row.line, sentence)
        if not faults:
            self._keep(row, someone, task, project, sheet)

    def _keep(
        self, row: Row, someone: PersonHours, task: Task, project: Project | None, sheet: WeekSheet
    ) -> None:
        self.plan.writes.append(_Write(row, someone.person, task, project, sheet))
        someone.entries += 1
        someone.minutes += row.minutes
        day, week = (row.email, row.day), (row.email, sheet.starts_on)
        self.day_minutes[day] += row.minutes
        if self.day_minutes[day] > DAY:
            self.full_days.setdefault(day, row.line)
        if week not in self.taken_up:
            self.taken_up.add(week)
            if sheet.pk is None:
                self.plan.new_weeks.append(sheet)
            elif sheet.is_approved:
                self.plan.reopened.append(sheet)

    def _refuse(self, line: int, sentence: str) -> None:
        self.plan.refusals.append(Refusal(line, sentence))

    def _person(self, row: Row) -> PersonHours:
        someone = self.people.get(row.email)
        if someone is None:
            known = self.known.get(row.email)
            person = known or _newcomer(row.email, self.language)
            someone = self.people[row.email] = PersonHours(person, known is None, row.day, row.day)
        someone.first_on, someone.last_on = min(someone.first_on, row.day), max(someone.last_on, row.day)
        return someone

    def _faults_of_person(self, row: Row, someone: PersonHours) -> Iterator[str]:
        if someone.is_new:
            return
        told = {"email": row.email, "day": formats.day(row.day)}
        if not someone.person.is_active:
            yield _("The account of %(email)s is closed: reopen it first.") % told
        elif not any(status.holds_on(row.day) for status in self.work[row.email]):
            yield _("%(email)s does not work on %(day)s: enter their work status first.") % told

    def _role(self, name: str) -> Role:
        role = self.roles.get(name)
        if role is None:
            role = self.roles.add(Role(name=name))
            self.tasks[name] = _Names([], "retired_on")
            self.plan.new_roles.append(role)
        return role

    def _task(self, role: Role, name: str) -> Task:
        task = self.tasks[role.name].get(name)
        if task is None:
            task = self.tasks[role.name].add(Task(role=role, name=name))
            self.plan.new_tasks.append(task)
        return task

    def _project(self, name: str) -> Project | None:
        if not name:
            return None
        project = self.projects.get(name)
        if project is None:
            project = self.projects.add(Project(name=name))
            self.plan.new_projects.append(project)
        return project


def _newcomer(email: str, language: str) -> Person:
    """Somebody nobody knows yet, named after their address until they are asked."""
    given, *family = re.split(r"[._]+", email.partition("@")[0].strip("._")) or [email]
    person = Person(
        email=email,
        given_name=(given.title() or email)[:80],
        family_name=" ".join(family).title()[:80],
        language=language,
    )
    person.set_unusable_password()
    return person


def _faults_of_names(role: Role, task: Task, project: Project | None) -> Iterator[str]:
    if role.retired_on:
        yield _("The role “%(name)s” is retired: bring it back first, or name another one.") % {"name": role}
    elif task.retired_on:
        yield _("The task “%(name)s” is retired: bring it back first, or name another one.") % {"name": task}
    if project is not None and project.closed_on:
        yield _("The project “%(name)s” is closed: reopen it first, or name another one.") % {"name": project}
