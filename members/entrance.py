"""The door: signing in, the first visit through an invitation, the demonstration's one-click entry."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from koumbit import demonstration

from . import accounts, invitations
from .access import open_to_anyone, own_only
from .models import Person, Power
from .powers import holders


class SignIn(LoginView):
    """allauth's sign-in page, with the demonstration's entries when there is one."""

    def get_context_data(self, **kwargs):
        parts = demonstration_parts() if settings.DEMO else []
        return super().get_context_data(
            demonstration=parts, demonstration_password=demonstration.PASSWORD, **kwargs
        )


sign_in = open_to_anyone(SignIn.as_view())


def _let_in(request: HttpRequest, person: Person, *, to: str) -> HttpResponse:
    """Sign in somebody who has just proven who they are, as after typing a password."""
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="password", email=person.email, reauthenticated=True)
    return perform_login(request, person, email=person.email, redirect_url=resolve_url(to))


# Invitation -----------------------------------------------------------------------------------


@open_to_anyone
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """The invited person chooses a password, and is in."""
    try:
        person = invitations.invited(uid, token)
        form = SetPasswordForm(person, request.POST if request.method == "POST" else None)
        if form.is_valid():
            person = invitations.accept(uid, token, password=form.cleaned_data["new_password1"])
            return _let_in(request, person, to="welcome")
    except invitations.LinkIsDead as refusal:
        return render(request, "members/invitation_dead.html", {"refusal": refusal}, status=410)
    return render(request, "members/invitation_accept.html", {"form": form, "person": person})


@own_only
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Right after the first password: a passkey is offered, and the way to one's week."""
    return render(request, "members/welcome.html")


# Demonstration --------------------------------------------------------------------------------


def _worker() -> Person | None:
    """Somebody who works and holds no mandate."""
    return Person.objects.active().exclude(work_statuses=None).filter(mandates=None).order_by("pk").first()


def _committee_member() -> Person | None:
    """Somebody who approves hours and has no hand in the pay."""
    pay = holders(Power.PREPARE_PAY) | holders(Power.ISSUE_PAY)
    return holders(Power.APPROVE_HOURS).exclude(pk__in=pay.values("pk")).order_by("pk").first()


def _coordinator() -> Person | None:
    """Somebody who prepares the pay."""
    return holders(Power.PREPARE_PAY).order_by("pk").first()


def _second_coordinator() -> Person | None:
    """Somebody else, who issues what the first one prepared."""
    first = _coordinator()
    return holders(Power.ISSUE_PAY).exclude(pk=first.pk if first else None).order_by("pk").first()


@dataclass(frozen=True)
class Part:
    """Somebody one can be in the demonstration, and what their day is made of."""

    slug: str
    name: Promise
    day: Promise
    find: Callable[[], Person | None]


PARTS = (
    Part("worker", _("a worker"), _("logs the week, reads a stub"), _worker),
    Part(
        "committee",
        _("a committee member"),
        _("approves everyone’s hours but their own"),
        _committee_member,
    ),
    Part("coordinator", _("a coordinator"), _("prepares the pay"), _coordinator),
    Part(
        "second-coordinator",
        _("a second coordinator"),
        _("issues what the first one prepared"),
        _second_coordinator,
    ),
)


def demonstration_parts() -> list[tuple[Part, Person]]:
    """Who plays each part of the demonstration; a part that nobody can play is left out."""
    found = [(part, part.find()) for part in PARTS]
    return [(part, person) for part, person in found if person]


@open_to_anyone
@require_POST
def enter_demonstration(request: HttpRequest, slug: str) -> HttpResponse:
    """Come in as somebody of the demonstration, in one click. Exists only where `DEMO` is on."""
    players = {part.slug: person for part, person in demonstration_parts()} if settings.DEMO else {}
    if slug not in players:
        raise Http404
    person = players[slug]
    accounts.vouch_for_email(person)
    accounts.choose_language(person, get_language())
    return _let_in(request, person, to="home")
