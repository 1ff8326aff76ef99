"""What was typed in a week and sent once its writer was signed out: held until they are back.

Without script, the page sent as a whole would otherwise end on the sign-in page and be lost. Each week
carries a signed mark of whose it is: what is held is held only if the page was ours, and shown only to
that person. It stays in the session of the browser that sent it, and goes with it.
"""

from datetime import date, timedelta

from django.core import signing
from django.http import HttpRequest, QueryDict

from members.models import Person

from .forms.week import WeekForm

_SALT = "timesheets.week"
_HELD = "week_typed_signed_out"
_MARK_LASTS = timedelta(days=7)
_MOST = 100_000  # characters; a full week of long notes is a third of it


def mark_of(person: Person) -> str:
    """Whose page it is, so that nobody else can say so."""
    return signing.dumps(person.pk, salt=_SALT)


def _owner(mark: str, *, within: timedelta | None = None) -> int | None:
    try:
        return signing.loads(mark, salt=_SALT, max_age=within)
    except signing.BadSignature:
        return None


def is_of_another(request: HttpRequest) -> bool:
    """The page that sends was opened by somebody else, before this person signed in."""
    return "of" in request.POST and _owner(request.POST["of"]) != request.user.pk


def hold(request: HttpRequest, starts_on: date) -> None:
    """Hold what somebody sends who is not signed in any more, if the page was one of ours."""
    owner = _owner(request.POST.get("of", ""), within=_MARK_LASTS)
    sent = request.POST.urlencode()
    if owner is not None and len(sent) <= _MOST:
        request.session[_HELD] = {"of": owner, "week": starts_on.isoformat(), "sent": sent}


def held(request: HttpRequest, starts_on: date) -> WeekForm | None:
    """What the reader had sent of this week while signed out."""
    kept = request.session.get(_HELD)
    if kept is None or (kept["of"], kept["week"]) != (request.user.pk, starts_on.isoformat()):
        return None
    return WeekForm(QueryDict(kept["sent"]), starts_on)


def let_go(request: HttpRequest, starts_on: date) -> None:
    """What was held of this week comes back from the page that showed it."""
    if held(request, starts_on):
        del request.session[_HELD]
