"""Hours from another tool: the file is sent, what it means is said, what it would do is shown, then confirmed."""

import zlib
from typing import NamedTuple

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from koumbit import formats
from koumbit.refusals import Refused
from members.access import own_or, request_powers
from members.models import Person, Power
from members.powers import holders
from roles.models import Task
from timesheets import hours_file, importing
from timesheets.csv_table import CsvTable, Unreadable, digest_of
from timesheets.file_reading import Reading, tool_of
from timesheets.forms.importing import ChoicesForm, HoursFileForm, ReadingForm
from timesheets.models import Project

KEPT_SECONDS = 30 * 60
SHOWN_REFUSALS = 100


class _Kept(NamedTuple):
    """The last file somebody sent, and how it is read."""

    content: bytes
    reading: Reading
    choices: importing.Choices


@own_or(Power.ADMIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file of hours, to see what it would do."""
    form = HoursFileForm(request.POST, request.FILES) if request.method == "POST" else HoursFileForm()
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            reading, choices = importing.reading_of(request.user, hours_file.table_of(content))
        except Unreadable as fault:
            form.add_error("file", _("Line %(line)d: %(sentence)s") % {"line": fault.line, "sentence": fault})
        else:
            return redirect(
                "timesheets:import_preview", _keep(request.user, _Kept(content, reading, choices))
            )
    return render(request, "timesheets/import_upload.html", {"form": form})


@own_or(Power.ADMIT_PEOPLE)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """What the file means and would do now; confirmed, it is imported whole or not at all."""
    kept = _kept(request.user, key)
    if kept is None:
        messages.warning(request, _("This file is not kept any more: send it again. Nothing was imported."))
        return redirect("timesheets:import")
    table = hours_file.table_of(kept.content)
    powers = request_powers(request)
    plan = importing.plan_table(
        table, reading=kept.reading, choices=kept.choices, by=request.user, powers=powers
    )
    says_what_it_means = request.method == "POST" and "means" in request.POST
    if request.method == "POST" and not says_what_it_means:
        _import(request, plan, table, kept)
        return redirect("timesheets:import_preview", key)
    sent = request.POST if says_what_it_means else None
    reading, choices = ReadingForm(table, kept.reading, sent), ChoicesForm(plan, sent)
    if says_what_it_means and reading.is_valid() and choices.is_valid():
        _keep(request.user, _Kept(kept.content, reading.chosen(), choices.chosen(kept.choices)))
        return redirect("timesheets:import_preview", key)
    missing = importing.missing_powers(plan, request.user, powers)
    may_name_people = Power.ADMIT_PEOPLE in powers
    context = {
        "plan": plan,
        "tool": tool_of(table.headers),
        "missing": [(refusal, holders(refusal.power)) for refusal in missing],
        "refusals": plan.refusals[:SHOWN_REFUSALS],
        "more_refusals": len(plan.refusals) - SHOWN_REFUSALS,
        "reading": reading,
        "choices": choices,
        "asks_for_columns": bool(plan.file.refusals or reading.errors or not tool_of(table.headers)),
        "may_name_people": may_name_people,
        "people": Person.objects.active().by_name() if may_name_people else [request.user],
        "tasks": Task.objects.in_use().select_related("role"),
        "projects": Project.objects.open(),
        "of_role": importing.OF_ROLE,
    }
    return render(request, "timesheets/import_preview.html", context)


def _import(request: HttpRequest, plan: importing.Plan, table: CsvTable, kept: _Kept) -> None:
    try:
        done = importing.apply(plan, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if done.entries:
        importing.remember(request.user, table, kept.reading, kept.choices)
        sentence = ngettext(
            "%(count)d entry is imported as a draft: %(hours)s. Each person submits their own weeks.",
            "%(count)d entries are imported as drafts: %(hours)s. Each person submits their own weeks.",
            done.entries,
        )
        told = {"count": done.entries, "hours": formats.hours(done.minutes)}
        messages.success(request, sentence % told)


def _keep(person: Person, kept: _Kept) -> str:
    """Keep the last file of this person for half an hour, on our side; returns the digest that names it."""
    digest = digest_of(kept.content)
    held = digest, zlib.compress(kept.content), kept.reading.as_json, kept.choices.as_json
    cache.set(_place(person), held, KEPT_SECONDS)
    return digest


def _kept(person: Person, digest: str) -> _Kept | None:
    """The file this person sent, if it is the one of that digest and not too long ago."""
    held = cache.get(_place(person))
    if not held or held[0] != digest:
        return None
    _digest, content, reading, choices = held
    return _Kept(zlib.decompress(content), Reading(**reading), importing.Choices.from_json(choices))


def _place(person: Person) -> str:
    return f"timesheets.hours-file.{person.pk}"
