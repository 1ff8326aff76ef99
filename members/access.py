"""The policy of each view, declared on the view itself; the tests walk it and members read it as a table.

`view.policy` is who opens the page at all, `view.others` who opens it about somebody else: `EVERYBODY`,
or the powers that do (none: oneself alone). `members.access_table` gathers them.
A view without one of these decorators fails the build. `request.powers` holds the reader's powers
of today, read once a request: a mandate that ended yesterday opens nothing. Whoever holds a power
and has no second factor yet (where one is required) is sent to add it before any other page.
"""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .models import Cooperative, Power
from .powers import NotAllowed, cooperative_and_powers_of

ANYONE = "anyone"
SIGNED_IN = "signed-in"
WITH_A_KEY = "with-a-key"
EVERYBODY = "everybody"


def request_powers(request: HttpRequest) -> frozenset[str]:
    """The reader's powers, read once a request."""
    if not hasattr(request, "powers"):
        _read_frame(request)
    return request.powers


def request_cooperative(request: HttpRequest) -> Cooperative | None:
    """The co-op, read once a request; None before it is founded."""
    if not hasattr(request, "cooperative"):
        _read_frame(request)
    return request.cooperative


def _read_frame(request: HttpRequest) -> None:
    """The co-op and the reader's powers, in one query; what the request has already stays."""
    reader = getattr(request, "user", None)  # a page of refusal may come before the reader is known
    if reader and reader.is_authenticated:
        cooperative, powers = cooperative_and_powers_of(reader)
    else:
        cooperative, powers = Cooperative.objects.first(), frozenset()
    if not hasattr(request, "powers"):
        request.powers = powers
    if not hasattr(request, "cooperative"):
        request.cooperative = cooperative


def open_to_anyone(view: Callable) -> Callable:
    """No account needed: sign-in, invitation, health."""
    view.policy, view.others = ANYONE, EVERYBODY
    return login_not_required(view)


def signed_in(view: Callable) -> Callable:
    """Every member, whomever the page is about: the same for all."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return _second_factor_first(request) or view(request, *args, **kwargs)

    guarded.policy, guarded.others = SIGNED_IN, EVERYBODY
    return guarded


def own_or(*powers: Power, of_a_common_thing: bool = False) -> Callable[[Callable], Callable]:
    """Every member, of what is theirs; of somebody else with one of the powers only, held today.

    The view's querysets decide; whoever may not finds nothing there. `of_a_common_thing`: the address
    names what is everybody's (a role, a task), and on it each sees and writes of themselves.
    """

    def decorate(view: Callable) -> Callable:
        guarded = signed_in(view)
        guarded.others, guarded.is_of_a_common_thing = frozenset(powers), of_a_common_thing
        return guarded

    return decorate


own_only = own_or()
for_oneself = own_or(of_a_common_thing=True)


def answers_a_key(view: Callable) -> Callable:
    """For tools, not for people: a key its holder made opens it, whoever is signed in; without one, 401."""

    @csrf_exempt
    @wraps(view)
    def answered(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    answered.policy, answered.others = WITH_A_KEY, frozenset()
    return login_not_required(answered)


def own_script(view: Callable) -> Callable:
    """Like `own_only`, for what a script asks: somebody who is not signed in gets 401, not a page.

    The script then knows that nothing was done, keeps what it had to send, and says so.
    """
    guarded = own_only(view)

    @wraps(guarded)
    def answered(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return JsonResponse({"sentence": str(_("You are signed out."))}, status=401)
        return guarded(request, *args, **kwargs)

    return login_not_required(answered)


def own_or_held(hold: Callable) -> Callable[[Callable], Callable]:
    """Like `own_only`; what somebody sends who was signed out meanwhile goes to `hold` on the way to signing in."""

    def decorate(view: Callable) -> Callable:
        guarded = own_only(view)

        @wraps(guarded)
        def answered(request, *args, **kwargs):
            if request.user.is_authenticated:
                return guarded(request, *args, **kwargs)
            if request.method == "POST":
                hold(request, *args, **kwargs)
            return redirect_to_login(request.get_full_path())

        return login_not_required(answered)

    return decorate


def needs(*powers: Power) -> Callable[[Callable], Callable]:
    """One of these powers is needed, held today through a mandate."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request_powers(request).isdisjoint(powers):
                raise PermissionDenied(str(NotAllowed(powers[0])))
            return _second_factor_first(request) or view(request, *args, **kwargs)

        guarded.policy = guarded.others = frozenset(powers)
        return guarded

    return decorate


def _second_factor_first(request: HttpRequest) -> HttpResponse | None:
    if (
        not settings.MANDATES_NEED_SECOND_FACTOR
        or not request_powers(request)
        or is_mfa_enabled(request.user)
    ):
        return None
    messages.warning(
        request,
        _("Your mandate opens other people's data: add a passkey or an authentication app first."),
    )
    return redirect("mfa_index")
