"""Hours for the tools members already use: one's own entries and timer, as JSON.

A key made on the page of one's tools opens them (`Authorization: Bearer …`), never a session. What may be
written is what the week's page would take: the same verbs write it and the same sentences refuse it, as
problem details (RFC 9457). The description of all this is made from the code itself (OpenAPI 3.1).
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

from django.core.exceptions import ValidationError as FieldError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import cache_control
from ninja import Field, NinjaAPI, Query, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer
from pydantic import AfterValidator

from koumbit.durations import DAY
from koumbit.forms import refuse_hidden_signs
from koumbit.refusals import Refused
from members.access import answers_a_key
from members.models import Person, WorkStatus
from roles.models import Task

from . import drafts, learning, timer, tokens, weeks
from .agreed import minutes_of_week
from .drafts import Cell, Content
from .hours import week_start_weekday
from .models import AccessToken, Project, TimeEntry, Timer, WeekSheet
from .refusals import LinesChanged, UnknownLine, WeekIsApproved, WeekIsWaiting

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"
LONGEST_PERIOD = 366
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


class Key(HttpBearer):
    """A key its holder made for this tool; it opens their own hours and nothing else."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        holder = tokens.holder_of(token, AccessToken.Opens.API)
        if holder is not None and "Accept-Language" not in request.headers:
            translation.activate(holder.language)
        return holder


api = NinjaAPI(
    title=gettext_noop("Hours"),
    version="1",
    description=gettext_noop(
        "Your own hours and your timer, for the tools you use. Times are whole minutes."
    ),
    auth=Key(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


def _plain(text: str) -> str:
    try:
        refuse_hidden_signs(text)
    except FieldError as error:
        raise ValueError(error.messages[0]) from None
    if "\0" in text:
        raise ValueError(_("Null characters are not allowed."))
    return text.strip()


Number = Annotated[int, Field(ge=1, lt=2**31)]
Day = Annotated[date, Field(ge=_FIRST, lt=_LAST)]
Minutes = Annotated[int, Field(ge=1, le=DAY, description=gettext_noop("Whole minutes, at most a day."))]
Note = Annotated[str, Field(max_length=500), AfterValidator(_plain)]


LEARNT = gettext_noop("The person who taught you in this time; null for an hour like the others.")


class TaskOut(Schema):
    id: int
    name: str
    role: str


class ProjectOut(Schema):
    id: int
    name: str
    client: str | None = None


class PersonOut(Schema):
    id: int
    name: str


class EntryOut(Schema):
    id: int
    day: date
    task: TaskOut
    project: ProjectOut | None
    minutes: int = Field(description=gettext_noop("Whole minutes; a correction may take some back."))
    note: str
    learning_with: PersonOut | None = Field(
        description=gettext_noop("Who taught you in this time, if anybody.")
    )
    state: str = Field(description=gettext_noop("draft, submitted or approved: only drafts can be changed."))
    version: str = Field(description=gettext_noop("Sent back when the entry is changed or removed."))


class WeekOut(Schema):
    starts_on: date
    ends_on: date
    state: str = Field(description=gettext_noop("draft, submitted or approved."))
    minutes: int
    agreed_minutes: int = Field(description=gettext_noop("What you agreed to work in a week."))
    entries: list[EntryOut]


class EntryIn(Schema):
    day: Day
    task: Number
    project: Number | None = None
    minutes: Minutes
    note: Note = ""
    learning_with: Number | None = Field(None, description=LEARNT)


class EntryChange(Schema):
    version: str = Field(description=gettext_noop("The version you read."))
    minutes: Minutes | None = None
    note: Note | None = None
    learning_with: Number | None = Field(None, description=LEARNT)


class TimerIn(Schema):
    task: Number
    project: Number | None = None
    note: Note = ""


class StopIn(Schema):
    minutes: Minutes | None = Field(
        None, description=gettext_noop("How long it really was, for a timer that was forgotten.")
    )


class TimerOut(Schema):
    task: TaskOut
    project: ProjectOut | None
    note: str
    started_at: datetime
    minutes: int = Field(description=gettext_noop("Whole minutes since it started."))
    is_forgotten: bool = Field(
        description=gettext_noop(
            "It ran past midnight or for more than eight hours: stopping it asks for minutes."
        )
    )


class Stopped(Schema):
    day: date
    task: int
    project: int | None
    minutes: int


class Problem(Schema):
    title: str
    status: int
    detail: str = Field(description=gettext_noop("A sentence fit for a person, in the language asked for."))


class Changed(Problem):
    entry: EntryOut | None = Field(None, description=gettext_noop("What the entry says now."))


class Period(Schema):
    first: Day = Field(alias="from", description=gettext_noop("The first day."))
    last: Day = Field(alias="to", description=gettext_noop("The last day, at most a year later."))


_REFUSED = {401: Problem, 422: Problem}
_CHANGES = _REFUSED | {404: Problem, 409: Changed}


@api.get(
    "tasks/",
    response={200: list[TaskOut]} | _REFUSED,
    summary=gettext_noop("The tasks hours can be logged on"),
    url_name="tasks",
)
def tasks(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        _task(task) for task in Task.objects.in_use().select_related("role").order_by("role__name", "name")
    ]


@api.get(
    "projects/",
    response={200: list[ProjectOut]} | _REFUSED,
    summary=gettext_noop("The open projects"),
    url_name="projects",
)
def projects(request: HttpRequest) -> list[dict[str, Any]]:
    return [_project(project) for project in Project.objects.open().select_related("client").order_by("name")]


@api.get(
    "people/",
    response={200: list[PersonOut]} | _REFUSED,
    summary=gettext_noop("The people you may learn with"),
    url_name="people",
)
def people(request: HttpRequest) -> list[dict[str, Any]]:
    return [_person(person) for person in learning.mentors(_holder(request))]


@api.get(
    "weeks/{day}/",
    response={200: WeekOut} | _REFUSED,
    summary=gettext_noop("The week that holds a day"),
    url_name="week",
)
def week(request: HttpRequest, day: Day) -> dict[str, Any]:
    starts_on = weeks.week_of(day, week_start_weekday())
    ends_on = weeks.last_day(starts_on)
    sheet = WeekSheet.objects.filter(person=_holder(request), starts_on=starts_on).first()
    statuses = WorkStatus.objects.during(starts_on, ends_on).filter(person=_holder(request))
    found = [_entry(entry) for entry in _entries(request).filter(day__range=(starts_on, ends_on))]
    return {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "state": sheet.state if sheet else WeekSheet.State.DRAFT,
        "minutes": sum(entry["minutes"] for entry in found),
        "agreed_minutes": minutes_of_week(statuses, starts_on),
        "entries": found,
    }


@api.get(
    "entries/",
    response={200: list[EntryOut]} | _REFUSED,
    summary=gettext_noop("Your entries of a period"),
    url_name="entries",
)
def entries(request: HttpRequest, period: Query[Period]) -> list[dict[str, Any]]:
    if not 0 <= (period.last - period.first).days <= LONGEST_PERIOD:
        raise HttpError(422, _("The last day comes after the first, by a year at most."))
    return [_entry(entry) for entry in _entries(request).filter(day__range=(period.first, period.last))]


@api.post(
    "entries/",
    response={201: EntryOut} | _CHANGES,
    summary=gettext_noop("Log time: a new line in your week"),
    url_name="entries",
)
def create_entry(request: HttpRequest, sent: EntryIn) -> Status:
    cell = Cell(sent.task, sent.project, sent.day)
    with transaction.atomic():
        sheet = drafts.add_entry(
            _holder(request), weeks.week_of(sent.day, week_start_weekday()), cell, sent.minutes, sent.note
        )
        made = _entries(request).filter(sheet=sheet, day=sent.day, task=sent.task).latest("pk")
        if sent.learning_with is not None:
            made = _learnt(request, made, sent.learning_with)
    return Status(201, _entry(made))


@api.patch(
    "entries/{int:pk}/",
    response={200: EntryOut} | _CHANGES,
    summary=gettext_noop("Change the time, the note or the mentor of a draft"),
    url_name="entry",
)
def change_entry(request: HttpRequest, pk: int, sent: EntryChange) -> dict[str, Any]:
    def changed(entry: TimeEntry) -> Content:
        return Content(
            entry.minutes if sent.minutes is None else sent.minutes,
            entry.note if sent.note is None else sent.note,
        )

    with transaction.atomic():
        _write(request, pk, sent.version, changed)
        entry = _entries(request).get(pk=pk)
        if "learning_with" in sent.model_fields_set and entry.learning_with_id != sent.learning_with:
            entry = _learnt(request, entry, sent.learning_with)
    return _entry(entry)


@api.delete(
    "entries/{int:pk}/",
    response={204: None} | _CHANGES,
    summary=gettext_noop("Remove a draft"),
    url_name="entry",
)
def remove_entry(request: HttpRequest, pk: int, version: str) -> Status:
    _write(request, pk, version, lambda _entry: drafts.NOTHING)
    return Status(204, None)


@api.get(
    "timer/",
    response={200: TimerOut | None} | _REFUSED,
    summary=gettext_noop("The timer that runs; null when none does"),
    url_name="timer",
)
def running(request: HttpRequest) -> dict[str, Any] | None:
    found = timer.running(_holder(request))
    return _timer(found) if found else None


@api.put(
    "timer/",
    response={200: TimerOut} | _CHANGES,
    summary=gettext_noop("Start the timer; the one that runs stops into its day first"),
    url_name="timer",
)
def start(request: HttpRequest, sent: TimerIn) -> dict[str, Any]:
    timer.start(_holder(request), sent.task, sent.project, note=sent.note)
    return _timer(Timer.objects.select_related("task__role", "project__client").get(person=_holder(request)))


@api.delete(
    "timer/",
    response={204: None} | _CHANGES,
    summary=gettext_noop("Forget the timer: nothing is logged"),
    url_name="timer",
)
def forget(request: HttpRequest) -> Status:
    timer.discard(_holder(request))
    return Status(204, None)


@api.post(
    "timer/stop/",
    response={200: Stopped} | _CHANGES,
    summary=gettext_noop("Stop the timer: its minutes go to the day it started"),
    url_name="timer_stop",
)
def stop(request: HttpRequest, sent: StopIn) -> dict[str, Any]:
    done = timer.stop(_holder(request), minutes=sent.minutes)
    return {
        "day": done.cell.day,
        "task": done.cell.task_id,
        "project": done.cell.project_id,
        "minutes": done.minutes,
    }


# What is read and written -------------------------------------------------------------------------


def _holder(request: HttpRequest) -> Person:
    """Whose key it is."""
    return request.auth


def _entries(request: HttpRequest):
    """The holder's own, and nobody else's."""
    return (
        TimeEntry.objects.filter(person=_holder(request))
        .select_related("sheet", "task__role", "project__client", "learning_with")
        .order_by("day", "pk")
    )


class _Outdated(Exception):
    """The entry is not what the tool read of it."""

    def __init__(self, entry: TimeEntry):
        self.entry = entry


@transaction.atomic
def _write(request: HttpRequest, pk: int, version: str, wanted: Callable[[TimeEntry], Content]) -> None:
    """Change one line, if it is still the one that was read."""
    entry = _entries(request).filter(pk=pk).first()
    if entry is None:
        raise Http404
    if _version(entry) != version:
        raise _Outdated(entry)
    cell = Cell(entry.task_id, entry.project_id, entry.day)
    of_cell = _entries(request).filter(day=entry.day, task=entry.task_id, project=entry.project_id)
    drafts.save_lines(
        _holder(request),
        entry.sheet.starts_on,
        cell,
        {pk: wanted(entry)},
        based_on={line.pk: Content(line.minutes, line.note) for line in of_cell},
    )


def _learnt(request: HttpRequest, entry: TimeEntry, mentor: int | None) -> TimeEntry:
    """The line, saying with whom its author learnt, or that it was an hour like the others."""
    person = None if mentor is None else Person.objects.filter(pk=mentor).first()
    if mentor is not None and person is None:
        raise learning.NotHere
    learning.name_mentor(entry, by=_holder(request), mentor=person)
    return _entries(request).get(pk=entry.pk)


def _person(person: Person) -> dict[str, Any]:
    return {"id": person.pk, "name": str(person)}


def _task(task: Task) -> dict[str, Any]:
    return {"id": task.pk, "name": task.name, "role": task.role.name}


def _project(project: Project) -> dict[str, Any]:
    return {
        "id": project.pk,
        "name": project.name,
        "client": project.client.name if project.client else None,
    }


def _entry(entry: TimeEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "day": entry.day,
        "task": _task(entry.task),
        "project": _project(entry.project) if entry.project else None,
        "minutes": entry.minutes,
        "note": entry.note,
        "learning_with": _person(entry.learning_with) if entry.learning_with else None,
        "state": WeekSheet.State.APPROVED if entry.is_final else entry.sheet.state,
        "version": _version(entry),
    }


def _version(entry: TimeEntry) -> str:
    """What changes whenever the entry does; nothing is read from it."""
    said = f"{entry.written_at.isoformat()}|{entry.minutes}|{entry.note}|{entry.learning_with_id or ''}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _timer(found: Timer) -> dict[str, Any]:
    now = timezone.now()
    return {
        "task": _task(found.task),
        "project": _project(found.project) if found.project else None,
        "note": found.note,
        "started_at": found.started_at,
        "minutes": timer.elapsed(found, now),
        "is_forgotten": timer.is_forgotten(found, now),
    }


# What is refused ----------------------------------------------------------------------------------

_CONFLICTS = (WeekIsWaiting, WeekIsApproved, LinesChanged, timer.NothingRuns, timer.Forgotten)


def _problem(status: int, detail: str, **more: Any) -> HttpResponse:
    return JsonResponse(
        {"title": HTTPStatus(status).phrase, "status": status, "detail": detail} | more,
        status=status,
        content_type=PROBLEM,
    )


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, UnknownLine):
        return _problem(409, _("Only drafts can be changed: this entry is approved."))
    status = 409 if isinstance(refusal, _CONFLICTS) else 422
    return _problem(status, str(refusal))


@api.exception_handler(_Outdated)
def _outdated(request: HttpRequest, outdated: _Outdated) -> HttpResponse:
    return _problem(
        409, _("The entry was changed since you read it: nothing was written."), entry=_entry(outdated.entry)
    )


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, invalid: ValidationError) -> HttpResponse:
    errors = [
        {"at": ".".join(str(part) for part in error["loc"][1:]), "why": error["msg"]}
        for error in invalid.errors
    ]
    return _problem(422, _("What was sent cannot be understood."), errors=errors)


@api.exception_handler(AuthenticationError)
def _unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _problem(401, _("This key opens nothing: make one on the page of your tools."))
    answer.headers["WWW-Authenticate"] = 'Bearer realm="koumbit"'
    return answer


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, str(error))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(404, _("You have no such entry."))


def description() -> dict[str, Any]:
    """What can be asked, in the reader's language: the OpenAPI description of all of the above."""
    described = _translated(OpenAPISchema(api, path_prefix=ROOT))
    for methods in described["paths"].values():
        for asked in methods.values():
            for code, answer in asked["responses"].items():
                if int(code) >= HTTPStatus.BAD_REQUEST:
                    answer["content"] = {PROBLEM: answer["content"]["application/json"]}
    return described


class Described(NamedTuple):
    """One thing that is sent or answered: its name, what it is, what it says."""

    name: str
    kind: str
    description: str
    is_required: bool
    is_in: str = ""


class Operation(NamedTuple):
    """One thing a program may ask, as a page shows it."""

    method: str
    path: str
    summary: str
    sent: list[Described]
    answered: list[Described]


def operations() -> list[Operation]:
    """What can be asked, read from the very description programs read."""
    described = description()
    schemas = described["components"]["schemas"]
    found = []
    for path, methods in described["paths"].items():
        for method, asked in methods.items():
            sent = [
                _described(one["name"], one["schema"], is_required=one["required"], is_in=one["in"])
                for one in asked["parameters"]
            ]
            sent += _fields(asked.get("requestBody", {}), schemas, is_in="body")
            success = next(answer for code, answer in asked["responses"].items() if str(code).startswith("2"))
            found.append(
                Operation(method.upper(), path, asked["summary"], sent, _fields(success, schemas, is_in=""))
            )
    return found


def _fields(part: dict[str, Any], schemas: dict[str, Any], *, is_in: str) -> list[Described]:
    """The fields of what is sent or answered as JSON, of one thing or of each of a list."""
    schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    options = [schema.get("items", schema), *schema.get("anyOf", [])]
    name = next((option["$ref"].rsplit("/", 1)[-1] for option in options if "$ref" in option), None)
    if name is None:
        return []
    required = schemas[name].get("required", [])
    return [
        _described(field, one, is_required=field in required, is_in=is_in)
        for field, one in schemas[name]["properties"].items()
    ]


def _described(name: str, schema: dict[str, Any], *, is_required: bool, is_in: str) -> Described:
    kinds = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    kind = _kinds().get(kinds[0].get("format", kinds[0].get("type", "")), _("several fields"))
    return Described(name, kind, schema.get("description", ""), is_required, is_in)


def _kinds() -> dict[str, str]:
    return {
        "integer": _("a whole number"),
        "string": _("a text"),
        "date": _("a day, 2026-11-02"),
        "date-time": _("a moment, 2026-11-02T15:04:05Z"),
        "boolean": _("yes or no"),
        "array": _("a list"),
    }


def _translated(part: Any, key: str = "") -> Any:
    if isinstance(part, dict):
        return {name: _translated(value, name) for name, value in part.items()}
    if isinstance(part, list):
        return [_translated(value) for value in part]
    if key in {"summary", "description"} and isinstance(part, str) and part:
        return translation.gettext(part)
    return part


def addresses() -> tuple[list, str, str]:
    """The addresses, each declaring that a key opens it; answers are kept by no cache."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback = answers_a_key(cache_control(private=True, no_store=True)(pattern.callback))
    return [pattern for pattern in patterns if pattern.name != "api-root"], app, namespace
