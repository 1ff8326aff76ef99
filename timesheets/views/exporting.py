"""Hours taken out: files, calendars, and the keys that open them to one's own tools."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit import spreadsheets
from koumbit.pages import act, download
from members.access import open_to_anyone, own_only, own_or, request_powers, signed_in
from members.models import Power
from timesheets import api, exporting, feeds, tokens
from timesheets.forms.exporting import ExportForm, TokenForm
from timesheets.models import AccessToken

NAMES_PEOPLE = {Power.APPROVE_HOURS, Power.PREPARE_PAY}
Opens = AccessToken.Opens


@own_or(Power.APPROVE_HOURS, Power.PREPARE_PAY)
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Choose hours and take them as a file."""
    form = ExportForm(
        request.GET if "kind" in request.GET else None,
        # A project's or a service's page leads here with what it is.
        initial={key: request.GET[key] for key in ("what", "project", "service") if key in request.GET},
        names_people=not request_powers(request).isdisjoint(NAMES_PEOPLE),
        today=timezone.localdate(),
    )
    if not form.is_valid():
        return render(request, "timesheets/export.html", {"form": form}, status=422 if form.is_bound else 200)
    chosen = form.export(request.user)
    if form.cleaned_data["kind"] == "xlsx":
        content = spreadsheets.as_xlsx(list(exporting.rows(chosen)), made_at=timezone.localtime())
        return download(content, spreadsheets.XLSX_TYPE, f"{chosen.file_name}.xlsx")
    return StreamingHttpResponse(
        _in_language(exporting.rows(chosen)),
        content_type=spreadsheets.CSV_TYPE,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=f"{chosen.file_name}.csv"
            )
        },
    )


def _in_language(rows):
    """A stream is written after the request is over: it keeps the language it was asked in."""
    language = translation.get_language()

    def lines():
        with translation.override(language):
            yield from spreadsheets.csv_lines(rows)

    return lines()


@own_only
@require_http_methods(["GET", "POST"])
def tools(request: HttpRequest) -> HttpResponse:
    """The keys of my tools: made, shown once, revoked."""
    form = TokenForm(request.POST or None)
    context = {"tokens": request.user.access_tokens.filter(revoked_at=None), "form": form}
    if request.method == "POST" and form.is_valid():
        token, secret = tokens.make(request.user, **form.cleaned_data)
        address = "" if token.opens == Opens.API else _address(secret)
        context |= {"made": token, "secret": secret, "address": address, "form": TokenForm()}
        context["tokens"] = request.user.access_tokens.filter(revoked_at=None)
    return render(request, "timesheets/tools.html", context)


def _address(secret: str) -> str:
    """Where the calendar is read with this key."""
    return settings.SITE_URL.rstrip("/") + reverse("timesheets:feed", args=[secret])


@own_only
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what a key opens."""
    token = get_object_or_404(AccessToken, pk=pk, person=request.user)
    return act(
        request,
        lambda: tokens.revoke(token, by=request.user),
        done=_("The key opens nothing any more."),
        to=reverse("timesheets:tools"),
    )


@signed_in
@require_GET
def programs(request: HttpRequest) -> HttpResponse:
    """What a program may ask with a key, from the description it reads itself."""
    context = {
        "about": api.description()["info"]["description"],
        "operations": api.operations(),
        "root": settings.SITE_URL.rstrip("/") + api.ROOT,
        "today": timezone.localdate(),
    }
    return render(request, "timesheets/programs.html", context)


@open_to_anyone
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """The same for programs: OpenAPI 3.1."""
    return JsonResponse(api.description(), json_dumps_params={"ensure_ascii": False})


@open_to_anyone
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """A calendar, for whoever holds its key: one's own hours, the meetings of one's committees, or who is away."""
    for opens, made in (
        (Opens.OWN_CALENDAR, lambda person: feeds.own_hours(person, timezone.localdate())),
        (Opens.MEETINGS, lambda person: feeds.meetings_of(person, timezone.localdate())),
        (Opens.AWAY_CALENDAR, lambda _person: feeds.away(timezone.localdate())),
    ):
        person = tokens.holder_of(secret, opens)
        if person is not None:
            with translation.override(person.language):
                content = made(person)
            return HttpResponse(
                content,
                content_type="text/calendar; charset=utf-8",
                headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
            )
    raise Http404
