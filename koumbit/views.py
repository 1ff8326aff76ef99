"""Pages that belong to no app: home, personal information, language, what went wrong."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from koumbit.prepared import Prepared, day_named, key_named
from koumbit.privacy import KEPT
from members import accounts, holding, motions
from members.access import open_to_anyone, own_only, request_cooperative, request_powers
from members.middleware import LANGUAGE_COOKIE, asked_language
from members.models import Person, Power
from payroll import archive, reminders, runs, watching
from payroll.employer import PAY_POWERS
from roles import assignments
from timesheets import hours

MOST_REMINDERS = 3
A_YEAR = 365 * 24 * 60 * 60
SERVICE_WORKER = (settings.BASE_DIR / "koumbit/static/js/sw.js").read_bytes()


@own_only
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My week, my last stub, what waits for my committees, the decisions to take part in, my roles."""
    powers = request_powers(request)
    remits: Sequence[reminders.Reminder] = ()
    if not powers.isdisjoint(PAY_POWERS):
        request.cooperative = reminders.cooperative_with_facts()
        remits = reminders.reminders(request.cooperative)[:MOST_REMINDERS] if request.cooperative else ()
    cooperative = request_cooperative(request)
    step = runs.next_step(request.user, powers, cooperative) if cooperative else None
    today = timezone.localdate()
    *counts, awaited, carried, held = _OWN.one(person=request.user.pk, day=today)
    return render(
        request,
        "home.html",
        {
            "week": hours.week_summary(request.user, today, cooperative.week_starts_on if cooperative else 0),
            "waits": hours.Waits.counted(*counts) if Power.APPROVE_HOURS in powers else hours.Waits(),
            "roles": assignments.read_carried(carried, today),
            "motions": motions.read_awaited(awaited),
            "stub": archive.last_stub(request.user),
            "step": step,
            "remits": remits,
            "step_url": step and resolve_url(step.url, **step.kwargs),
            "ahead": [
                *watching.warnings(powers, cooperative, today),
                *(
                    watching.Ahead(gap.sentence, "members:committees")
                    for gap in (holding.gaps(holding.read(held), today) if powers else ())
                    if not powers.isdisjoint({Power.KEEP_COMMITTEES, *gap.powers})
                ),
            ],
        },
    )


# What concerns the reader on the home page, in one question: a committee's waiting weeks and leave, the
# proposals to answer, the roles carried, who could act in the days to come.
_OWN = Prepared(
    lambda: Person.objects.filter(pk=key_named("person")).values_list(
        *hours.waiting_counts(key_named("person"), day_named("day")),
        motions.awaited_from(key_named("person"), day_named("day")),
        assignments.carried_by(key_named("person"), day_named("day")),
        holding.facts(day_named("day")),
    )
)


@open_to_anyone
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What the co-op keeps about people, why, who sees it, how long, and who answers for it."""
    return render(request, "privacy.html", {"kept": KEPT})


@open_to_anyone
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that opens the weeks without network: at the root, since it serves what lies below it."""
    return HttpResponse(SERVICE_WORKER, content_type="text/javascript", headers={"Cache-Control": "no-store"})


@open_to_anyone
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read in the other language: remembered for the person, or for this browser before signing in."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = resolve_url("home")
    response = HttpResponseRedirect(back)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            accounts.choose_language(request.user, language)
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=A_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what nobody foresaw. It reads nothing from the database, which may be the cause."""
    is_away = isinstance(sys.exc_info()[1], OperationalError)
    template, status = ("503.html", 503) if is_away else ("500.html", 500)
    # Before the reader is known, which the database tells, there is only their browser to go by.
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or asked_language(request)):
        return render(None, template, status=status)
