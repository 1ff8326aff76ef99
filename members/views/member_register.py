"""The register of members, to read, to print and to keep."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from koumbit import spreadsheets
from koumbit.pages import download
from koumbit.press import paper_page

from .. import contact, member_register
from ..access import request_cooperative, request_powers, signed_in
from ..forms import MemberRegisterForm
from ..models import Power


@signed_in
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The members as of a day, past ones included where they are asked for; as a page, on paper, for a spreadsheet."""
    asked = request.GET.copy()
    asked.setdefault("on", timezone.localdate().isoformat())
    form = MemberRegisterForm(asked)
    return render(request, "members/member_register.html", {"form": form} | _asked(request, form))


def _asked(request: HttpRequest, form: MemberRegisterForm) -> dict:
    day, with_past = form.day(timezone.localdate()), form.with_past
    lines = member_register.lines(day, with_past=with_past)
    with_addresses = Power.ADMIT_PEOPLE in request_powers(request)
    if with_addresses:
        contact.note_shown(request, (line.membership.person_id for line in lines))
    return {
        "day": day,
        "with_past": with_past,
        "lines": lines,
        "members": sum(one.left_on is None for one in lines),
        "with_addresses": with_addresses,
        "asked": f"on={day.isoformat()}{'&past=on' if with_past else ''}",
    }


@signed_in
@require_safe
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same register as a file: `csv`, `xlsx` or `pdf`."""
    found = _asked(request, MemberRegisterForm(request.GET))
    name = "{}-{}.{}".format(slugify(_("register-of-members")), found["day"].isoformat(), kind)
    if kind == "pdf":
        context = found | {"cooperative": request_cooperative(request), "today": timezone.localdate()}
        return paper_page(request, "members/pdf/member_register.html", context, name)
    rows = member_register.table(found["lines"], day=found["day"], with_addresses=found["with_addresses"])
    if kind == "csv":
        return download(spreadsheets.as_csv(rows), spreadsheets.CSV_TYPE, name)
    return download(spreadsheets.as_xlsx(rows, made_at=timezone.now()), spreadsheets.XLSX_TYPE, name)
