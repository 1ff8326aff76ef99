"""Hours from another tool: the file is sent, what it would do is shown, then it is confirmed."""

import hashlib
import zlib

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from koumbit import formats
from koumbit.refusals import Refused
from members.access import needs, request_powers
from members.models import Person, Power
from members.powers import holders
from timesheets import importing
from timesheets.forms.importing import HoursFileForm

KEPT_SECONDS = 30 * 60
SHOWN_REFUSALS = 100
may_import = needs(Power.ADMIT_PEOPLE, Power.KEEP_ROLES, Power.KEEP_PROJECTS)


@may_import
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file of hours, to see what it would do."""
    form = HoursFileForm(request.POST, request.FILES) if request.method == "POST" else HoursFileForm()
    if form.is_valid():
        return redirect("timesheets:import_preview", _keep(request.user, form.cleaned_data["file"].read()))
    return render(request, "timesheets/import_upload.html", {"form": form})


@may_import
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """What the file would do now; confirmed, it is imported whole or not at all."""
    content = _kept(request.user, key)
    if content is None:
        messages.warning(request, _("This file is not kept any more: send it again. Nothing was imported."))
        return redirect("timesheets:import")
    plan = importing.plan(content)
    if request.method == "POST":
        _import(request, plan)
        return redirect("timesheets:import_preview", key)
    missing = importing.missing_powers(plan, request.user, request_powers(request))
    context = {
        "plan": plan,
        "missing": [(refusal, holders(refusal.power)) for refusal in missing],
        # Who may not import the hours of others is not told what is known of them.
        "is_shown": Power.ADMIT_PEOPLE not in {refusal.power for refusal in missing},
        "refusals": plan.refusals[:SHOWN_REFUSALS],
        "more_refusals": len(plan.refusals) - SHOWN_REFUSALS,
        "form": HoursFileForm(),
    }
    return render(request, "timesheets/import_preview.html", context)


def _import(request: HttpRequest, plan: importing.Plan) -> None:
    try:
        done = importing.apply(plan, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if done.entries:
        sentence = ngettext(
            "%(count)d entry is imported as a draft: %(hours)s. Each person submits their own weeks.",
            "%(count)d entries are imported as drafts: %(hours)s. Each person submits their own weeks.",
            done.entries,
        )
        told = {"count": done.entries, "hours": formats.hours(done.minutes)}
        messages.success(request, sentence % told)


def _keep(person: Person, content: bytes) -> str:
    """Keep the last file of this person for half an hour, on our side; returns the digest that names it."""
    digest = hashlib.sha256(content).hexdigest()
    cache.set(_place(person), (digest, zlib.compress(content)), KEPT_SECONDS)
    return digest


def _kept(person: Person, digest: str) -> bytes | None:
    """The file this person sent, if it is the one of that digest and not too long ago."""
    kept, content = cache.get(_place(person), ("", b""))
    return zlib.decompress(content) if kept and kept == digest else None


def _place(person: Person) -> str:
    return f"timesheets.hours-file.{person.pk}"
