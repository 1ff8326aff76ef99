"""Hours from another tool: planned first and shown, then written all or not at all.

`plan` says what a file would do to the co-op as it is now, and refuses each line that cannot be
written; `apply` plans again under locks, so that nothing stale is written. Imported hours are
drafts: each person submits their own weeks, and a committee approves them, like any others.

A file names people, tasks and projects in its own words. What is here under the same name is found;
`Choices` say what the other words mean, or that their lines are left out.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koumbit import formats
from koumbit.durations import DAY
from koumbit.refusals import Refused
from members import journal
from members.models import Cooperative, JournalEntry, Membership, Person, Power, WorkStatus
from members.powers import NotAllowed, powers_of
from roles.models import Role, Task

from . import hours_file, learning, weeks
from .agreed import works_on
from .csv_table import CsvTable
from .file_reading import Reading
from .hours_file import HoursFile, Refusal, Row
from .models import Client, HoursFileReading, Project, TimeEntry, WeekSheet
from .workflow import reopen

# Between the role and the task, where somebody says which task a word of the file means.
OF_ROLE = " › "
_LONGEST_PROJECT = Project._meta.get_field("name").max_length
EVENT = "hours.imported"
journal.name_events({EVENT: gettext_lazy("hours imported from a file")})

Named = TypeVar("Named", Role, Task, Client, Project)


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


class Found(StrEnum):
    """What is known here of a word of the file."""

    HERE = "here"
    NEW = "new"
    # Nobody said yet what it means: its lines wait for that.
    UNKNOWN = "unknown"
    LEFT_OUT = "left_out"
    # Somebody else, for who imports their own hours only: nothing more is told.
    SOMEONE_ELSE = "someone_else"


@dataclass(frozen=True)
class Choices:
    """What the words of a file mean here, where they are not found by themselves; None leaves their lines out.

    `people`: by the file's text, an e-mail address or a name. `tasks`: by role and task, a task, with its
    role before it (`Role › Task`) where several have its name or to create it. `projects`: by client and
    project, a project.
    """

    people: Mapping[str, str | None] = field(default_factory=dict)
    tasks: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    projects: Mapping[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "people": dict(self.people),
            "tasks": [[*key, means] for key, means in self.tasks.items()],
            "projects": [[*key, means] for key, means in self.projects.items()],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        return cls(
            kept["people"],
            {(role, task): means for role, task, means in kept["tasks"]},
            {(client, project): means for client, project, means in kept["projects"]},
        )


@dataclass
class Word:
    """One word of the file: how much time stands under it, and what it means here."""

    key: str | tuple[str, str]
    state: Found
    means: str = ""
    lines: int = 0
    minutes: int = 0

    @property
    def text(self) -> str:
        """As the file has it; empty where the file says nothing."""
        return self.key if isinstance(self.key, str) else OF_ROLE.join(filter(None, self.key))


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
    minutes_there: int = 0


@dataclass
class _Write:
    """One entry to write, and what it hangs on, there already or new."""

    row: Row
    person: Person
    task: Task
    project: Project | None
    sheet: WeekSheet
    mentor: Person | None = None


@dataclass
class Plan:
    """What importing a file would do now. Nothing is written while there is one refusal.

    `people`: everyone whose hours are imported, by name; `entries` and `minutes`: what would be written;
    `already_there`: lines left out because they were imported before; `left_out`: lines somebody chose
    to leave out; `reopened`: approved weeks that would be drafts again. `person_words`, `task_words` and
    `project_words`: the words of the file, in the order they come.
    """

    file: HoursFile
    choices: Choices = field(default_factory=Choices)
    imported_before: datetime | None = None
    person_words: list[Word] = field(default_factory=list)
    task_words: list[Word] = field(default_factory=list)
    project_words: list[Word] = field(default_factory=list)
    people: list[PersonHours] = field(default_factory=list)
    new_roles: list[Role] = field(default_factory=list)
    new_tasks: list[Task] = field(default_factory=list)
    new_clients: list[Client] = field(default_factory=list)
    new_projects: list[Project] = field(default_factory=list)
    new_weeks: list[WeekSheet] = field(default_factory=list)
    reopened: list[WeekSheet] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    writes: list[_Write] = field(default_factory=list, repr=False)
    left_out: int = 0
    minutes_left_out: int = 0

    @property
    def entries(self) -> int:
        return len(self.writes)

    @property
    def minutes(self) -> int:
        return sum(write.row.minutes for write in self.writes)

    @property
    def minutes_in_file(self) -> int:
        """What the readable lines of the file hold, to the minute."""
        return sum(row.minutes for row in self.file.rows)

    @property
    def new_people(self) -> list[PersonHours]:
        return [someone for someone in self.people if someone.is_new]

    @property
    def already_there(self) -> int:
        return sum(someone.already_there for someone in self.people)

    @property
    def minutes_there(self) -> int:
        return sum(someone.minutes_there for someone in self.people)

    @property
    def refused_lines(self) -> int:
        return len({refusal.line for refusal in self.refusals})

    @property
    def speaks_of_others(self) -> bool:
        """Does the file hold hours of somebody who is not told more of than that?"""
        return any(word.state == Found.SOMEONE_ELSE for word in self.person_words)

    @property
    def is_wholly_there(self) -> bool:
        """Was each line imported already, so that nothing is left to do?"""
        return not self.writes and not self.refusals and not self.speaks_of_others


def plan(
    content: str | bytes,
    *,
    reading: Reading | None = None,
    choices: Choices | None = None,
    by: Person | None = None,
    powers: Iterable[str] = (),
) -> Plan:
    """What importing this file would do. Nothing is written; as many queries whatever the number of lines.

    `by` imports it, holding these powers: without the one to admit people, it is their own hours only.
    With nobody (a command run by whoever installs the software), everyone is known.
    """
    try:
        table = hours_file.table_of(content)
    except hours_file.Unreadable as fault:
        return Plan(hours_file.refused(content, fault), refusals=[Refusal(fault.line, fault.sentence)])
    return plan_table(table, reading=reading, choices=choices, by=by, powers=powers)


def plan_table(
    table: CsvTable,
    *,
    reading: Reading | None = None,
    choices: Choices | None = None,
    by: Person | None = None,
    powers: Iterable[str] = (),
) -> Plan:
    """Like `plan`, of a file that is already cut into cells."""
    file = hours_file.read_as(table, reading or hours_file.guess(table))
    return _planned(file, choices or Choices(), by=by, is_of_all=by is None or Power.ADMIT_PEOPLE in powers)


@transaction.atomic
def apply(plan: Plan, *, by: Person | None) -> Plan:
    """Write what the file says into the co-op as it is now, all or nothing; returns what was done.

    `by` imports it and holds the powers this file asks for (`missing_powers`). A command run by
    whoever installs the software may have no author (None); it reopens no approved week.
    Raises `FileRefused`, `PowerMissing`, `NobodyReopens`, `ChangedMeanwhile`.
    """
    powers = powers_of(by) if by else frozenset()
    is_of_all = by is None or Power.ADMIT_PEOPLE in powers
    fresh = _planned(plan.file, plan.choices, by=by, is_of_all=is_of_all, lock=True)
    if by is not None and (missing := missing_powers(fresh, by, powers)):
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
        clients=[client.pk for client in fresh.new_clients],
        projects=[project.pk for project in fresh.new_projects],
        weeks=len(fresh.new_weeks),
    )
    return fresh


def missing_powers(plan: Plan, by: Person, powers: Iterable[str]) -> list[PowerMissing]:
    """Why somebody with these powers may not import this file: one refusal per power that lacks.

    Everyone may import their own hours on what exists. Hours of others, and what the co-op knows of
    them, are for those who admit people; what is created, for those who keep it.
    """
    asked = {
        Power.ADMIT_PEOPLE: plan.speaks_of_others or any(one.person.email != by.email for one in plan.people),
        Power.KEEP_ROLES: bool(plan.new_roles or plan.new_tasks),
        Power.KEEP_PROJECTS: bool(plan.new_projects or plan.new_clients),
    }
    return [PowerMissing(power) for power, is_asked in asked.items() if is_asked and power not in powers]


def reading_of(person: Person, table: CsvTable) -> tuple[Reading, Choices]:
    """How this person read a file with these columns the last time, else how it seems to be meant."""
    kept = HoursFileReading.objects.filter(person=person, columns_digest=table.columns_digest).first()
    guessed = hours_file.guess(table)
    if kept is None:
        return guessed, Choices()
    return Reading(**{**kept.reading, "day_order": guessed.day_order or kept.reading["day_order"]}), (
        Choices.from_json(kept.choices)
    )


def remember(person: Person, table: CsvTable, reading: Reading, choices: Choices) -> None:
    """Keep how this file was read, for the next one with the same columns."""
    HoursFileReading.objects.update_or_create(
        person=person,
        columns_digest=table.columns_digest,
        defaults={"reading": reading.as_json, "choices": choices.as_json, "used_at": timezone.now()},
    )


def _write(plan: Plan, by: Person | None) -> None:
    Person.objects.bulk_create([someone.person for someone in plan.new_people])
    WorkStatus.objects.bulk_create(_first_status(someone) for someone in plan.new_people)
    Role.objects.bulk_create(plan.new_roles)
    Task.objects.bulk_create(plan.new_tasks)
    Client.objects.bulk_create(plan.new_clients)
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
            learning_with=write.mentor,
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


def _planned(
    file: HoursFile, choices: Choices, *, by: Person | None, is_of_all: bool, lock: bool = False
) -> Plan:
    """The plan of a file for the co-op as it is now; with `lock`, its weeks stay so until the transaction ends."""
    made = Plan(file, choices, imported_before=_imported_on(file.digest), refusals=list(file.refusals))
    if file.rows:
        _Planning(made, _People(file, choices, by, is_of_all=is_of_all), lock=lock).fill()
    return made


def _imported_on(digest: str) -> datetime | None:
    """When this very file was imported, if it was."""
    imports = JournalEntry.objects.filter(event=EVENT, body__digest=digest)
    return imports.order_by("-seq").values_list("at", flat=True).first()


def _folded(name: str) -> str:
    """A name without capitals, accents and commas, its words in one order: « Roy, Élise » is « Elise Roy »."""
    plain = unicodedata.normalize("NFD", name.replace(",", " ")).casefold()
    return " ".join(sorted("".join(sign for sign in plain if not unicodedata.combining(sign)).split()))


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class _People:
    """Whom the words of the file mean: by e-mail address, else by a name only one person has."""

    def __init__(self, file: HoursFile, choices: Choices, by: Person | None, *, is_of_all: bool):
        self.by, self.is_of_all, self.choices = by, is_of_all, choices.people
        texts = {row.person for row in file.rows}
        means = {choices.people.get(text) or text for text in texts} - {""}
        if not is_of_all:
            known: Iterable[Person] = [by] if by else []
        elif all("@" in text for text in means):
            emails = {text.lower() for text in means} | ({by.email} if by and "" in texts else set())
            known = Person.objects.filter(email__in=emails)
        else:
            known = Person.objects.all()
        self.by_email = {person.email: person for person in known}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        for person in self.by_email.values():
            self.by_name[_folded(str(person))].append(person)
        self.words = {text: self._word(text) for text in texts}

    def _word(self, text: str) -> Word:
        if text in self.choices and self.choices[text] is None:
            return Word(text, Found.LEFT_OUT)
        means = self.choices.get(text) or text
        if not means and self.by is not None:
            return Word(text, Found.HERE, self.by.email)
        email = means.lower()
        named = self.by_name[_folded(means)] if means else []
        if email in self.by_email:
            return Word(text, Found.HERE, email)
        if len(named) == 1:
            return Word(text, Found.HERE, named[0].email)
        if not self.is_of_all:
            return Word(text, Found.SOMEONE_ELSE)
        if _is_email(email):
            return Word(text, Found.NEW, email)
        return Word(text, Found.UNKNOWN, self.choices.get(text) or "")


def _mentors() -> dict[str, Person]:
    """Those who are here, by e-mail address and by the names that only one of them has."""
    people = list(Person.objects.here(timezone.localdate()).active())
    by_name = Counter(_folded(str(one)) for one in people)
    found = {_folded(str(one)): one for one in people if by_name[_folded(str(one))] == 1}
    return found | {_folded(one.email): one for one in people}


class _Planning:
    """The co-op as far as the file touches it, read once, and what its lines make of it."""

    def __init__(self, plan: Plan, people: _People, *, lock: bool):
        self.plan = plan
        self.person_words = people.words
        self.task_words: dict[tuple[str, str], tuple[Word, Task | None]] = {}
        self.project_words: dict[tuple[str, str], tuple[Word, Project | None]] = {}
        rows = plan.file.rows
        first, last = min(row.day for row in rows), max(row.day for row in rows)
        cooperative = Cooperative.objects.first() or Cooperative()
        self.language, self.week_starts_on = cooperative.language, cooperative.week_starts_on
        asked = {word.means for word in people.words.values() if word.state == Found.HERE}
        self.known = {email: person for email, person in people.by_email.items() if email in asked}
        email_of = {person.pk: email for email, person in self.known.items()}
        self.work: defaultdict[str, list[WorkStatus]] = defaultdict(list)
        for status in WorkStatus.objects.during(first, last).filter(person__in=email_of):
            self.work[email_of[status.person_id]].append(status)
        self.memberships: defaultdict[str, list[Membership]] = defaultdict(list)
        for membership in Membership.objects.during(first, last).filter(person__in=email_of):
            self.memberships[email_of[membership.person_id]].append(membership)
        self._read_names()
        self.mentors = _mentors() if any(row.mentor for row in rows) else {}
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
        self.clients = _Names(Client.objects.all(), "closed_on")
        self.projects = _Names(Project.objects.all(), "closed_on")
        tasks = defaultdict(list)
        for task in Task.objects.select_related("role"):
            tasks[task.role_id].append(task)
        # Hours of which the file says no task at all, where the co-op has a place for them.
        self.to_classify: Task | None = None
        self.tasks = {role.name: _Names(tasks[role.pk], "retired_on") for role in self.roles}
        self.by_task_name: dict[str, list[Task]] = defaultdict(list)
        for task in chain.from_iterable(tasks.values()):
            if task.retired_on is None and task.role.retired_on is None:
                self.by_task_name[task.name.casefold()].append(task)
                if task.is_unclassified:
                    self.to_classify = task
        # Under one name, the projects of several clients are several projects.
        clients_of = defaultdict(set)
        for row in self.plan.file.rows:
            clients_of[row.project.casefold()].add(row.client.casefold())
        self.is_shared = {name: len(clients) > 1 for name, clients in clients_of.items()}

    def fill(self) -> None:
        """Take each line in turn: left out, there already, refused, or to be written."""
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
        self._create_only_what_is_used()
        self.plan.refusals.sort(key=lambda refusal: refusal.line)
        self.plan.person_words = list(self.person_words.values())
        self.plan.task_words = [word for word, _task in self.task_words.values()]
        self.plan.project_words = [word for word, _project in self.project_words.values()]
        self.plan.people = sorted(
            self.people.values(), key=lambda one: (str(one.person).casefold(), one.person.email)
        )

    def _create_only_what_is_used(self) -> None:
        """Lines left out, there already or refused create nothing."""
        plan, writes = self.plan, self.plan.writes
        used: set[int] = set()
        for write in writes:
            project = write.project
            used |= {
                id(write.task),
                id(write.task.role),
                id(project),
                id(project.client if project else None),
            }
        plan.new_roles = [role for role in plan.new_roles if id(role) in used]
        plan.new_tasks = [task for task in plan.new_tasks if id(task) in used]
        plan.new_projects = [project for project in plan.new_projects if id(project) in used]
        plan.new_clients = [client for client in plan.new_clients if id(client) in used]

    def _take(self, row: Row) -> None:
        person = self.person_words[row.person]
        work, task = self._task_of(row)
        piece, project = self._project_of(row)
        for word in filter(None, (person, work, piece)):
            word.lines += 1
            word.minutes += row.minutes
        states = {word.state for word in (person, work, piece) if word}
        if Found.LEFT_OUT in states:
            self.plan.left_out += 1
            self.plan.minutes_left_out += row.minutes
            return
        for word in filter(None, (person, work, piece)):
            # Said once, at the first line the word stands on.
            if word.state == Found.UNKNOWN and word.lines == 1:
                self._refuse(row.line, _unknown(word, is_person=word is person))
        if task is None or states & {Found.UNKNOWN, Found.SOMEONE_ELSE}:
            return
        self._count(row, self._person(row, person.means), task, project)

    def _count(self, row: Row, someone: PersonHours, task: Task, project: Project | None) -> None:
        """A line all of whose words are understood."""
        email = someone.person.email
        entry = (someone.person.pk, row.day, task.pk, project and project.pk, row.minutes, row.note)
        is_known = project is None or project.pk is not None
        if is_known and self.there[entry]:
            self.there[entry] -= 1
            someone.already_there += 1
            someone.minutes_there += row.minutes
            return
        week = email, weeks.week_of(row.day, self.week_starts_on)
        sheet = self.sheets.get(week) or WeekSheet(person=someone.person, starts_on=week[1])
        self.sheets[week] = sheet
        faults = [
            *self._faults_of_person(row, someone),
            *_faults_of_names(task.role, task, project),
            *self._faults_of_mentor(row, someone),
        ]
        if sheet.is_waiting:
            faults.append(
                _("The week of %(day)s of %(email)s is submitted: it has to be withdrawn or decided first.")
                % {"day": formats.day(sheet.starts_on), "email": email}
            )
        for sentence in faults:
            self._refuse(row.line, sentence)
        if not faults:
            self._keep(row, someone, task, project, sheet)

    def _keep(
        self, row: Row, someone: PersonHours, task: Task, project: Project | None, sheet: WeekSheet
    ) -> None:
        mentor = self.mentors.get(_folded(row.mentor))
        self.plan.writes.append(_Write(row, someone.person, task, project, sheet, mentor))
        someone.entries += 1
        someone.minutes += row.minutes
        email = someone.person.email
        day, week = (email, row.day), (email, sheet.starts_on)
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

    def _person(self, row: Row, email: str) -> PersonHours:
        someone = self.people.get(email)
        if someone is None:
            known = self.known.get(email)
            person = known or _newcomer(email, self.language)
            someone = self.people[email] = PersonHours(person, known is None, row.day, row.day)
        someone.first_on, someone.last_on = min(someone.first_on, row.day), max(someone.last_on, row.day)
        return someone

    def _faults_of_person(self, row: Row, someone: PersonHours) -> Iterator[str]:
        if someone.is_new:
            return
        email = someone.person.email
        told = {"email": email, "day": formats.day(row.day)}
        if not someone.person.is_active:
            yield _("The account of %(email)s is closed: reopen it first.") % told
        elif not self._is_here_on(email, row.day):
            yield _("%(email)s does not work on %(day)s: enter their work status first.") % told

    def _is_here_on(self, email: str, day: date) -> bool:
        return works_on(self.work[email], day) or any(
            membership.holds_on(day) for membership in self.memberships[email]
        )

    def _faults_of_mentor(self, row: Row, someone: PersonHours) -> Iterator[str]:
        if not row.mentor:
            return
        mentor = self.mentors.get(_folded(row.mentor))
        if mentor is None:
            yield _("“%(text)s” is nobody who could teach here: name whom one learnt with, or nobody.") % {
                "text": row.mentor
            }
        elif mentor.email == someone.person.email:
            yield str(learning.LearntAlone())

    def _task_of(self, row: Row) -> tuple[Word, Task | None]:
        key = row.role, row.task
        if key not in self.task_words:
            self.task_words[key] = self._new_task_word(key)
        return self.task_words[key]

    def _new_task_word(self, key: tuple[str, str]) -> tuple[Word, Task | None]:
        means = self.plan.choices.tasks.get(key, "")
        if means is None:
            return Word(key, Found.LEFT_OUT), None
        role, task = key
        if means:
            before, between, after = means.partition(OF_ROLE)
            role, task = (before.strip(), after.strip()) if between else ("", means)
        if not role and not task and self.to_classify:
            return Word(key, Found.HERE, label(self.to_classify)), self.to_classify
        if not role:
            named = self.by_task_name[task.casefold()]
            if len(named) != 1:
                return Word(key, Found.UNKNOWN, means), None
            return Word(key, Found.HERE, label(named[0])), named[0]
        if not task:
            return Word(key, Found.UNKNOWN, means), None
        found = self._task(self._role(role), task)
        return Word(key, Found.HERE if found.pk else Found.NEW, label(found)), found

    def _project_of(self, row: Row) -> tuple[Word | None, Project | None]:
        if not row.project:
            return None, None
        key = row.client, row.project
        if key not in self.project_words:
            means = self.plan.choices.projects.get(key, "")
            if means is None:
                self.project_words[key] = Word(key, Found.LEFT_OUT), None
            else:
                project = self._project(means or self._own_name(row), row.client)
                state = Found.HERE if project.pk else Found.NEW
                self.project_words[key] = Word(key, state, project.name), project
        return self.project_words[key]

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

    def _own_name(self, row: Row) -> str:
        """What a project of the file is called here; where clients share its name, with that of its own."""
        is_shared = row.client and self.is_shared.get(row.project.casefold())
        return f"{row.project} ({row.client})" if is_shared else row.project

    def _project(self, name: str, client: str) -> Project:
        """The project of that name, as far as a name goes here, or a new one for that client."""
        name = name[:_LONGEST_PROJECT]
        project = self.projects.get(name)
        if project is None:
            project = self.projects.add(Project(name=name, client=self._client(client)))
            self.plan.new_projects.append(project)
        return project

    def _client(self, name: str) -> Client | None:
        if not name:
            return None
        client = self.clients.get(name)
        if client is None or client.closed_on:
            client = self.clients.add(Client(name=name))
            self.plan.new_clients.append(client)
        return client


def label(task: Task) -> str:
    """A task as it is named to choose it: `Role › Task`."""
    return f"{task.role.name}{OF_ROLE}{task.name}"


def _unknown(word: Word, *, is_person: bool) -> str:
    """What has to be said of a word before its lines can be imported."""
    if is_person:
        if not word.text:
            return _("Nothing says whose hours these are.")
        return _("“%(text)s” is nobody known here: say whose hours these are.") % {"text": word.text}
    if not word.text:
        return _("Nothing says on which task these hours were worked.")
    return _("“%(text)s” is no task known here, or several: say which it is.") % {"text": word.text}


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
