"""What is proposed to the bodies of the co-op: made, discussed, put to the question, answered."""

from contextlib import suppress
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from koumbit.pages import act, form_page
from koumbit.refusals import Refused, say

from .. import acts, ballots, forms, governance, motions
from ..access import own_only, signed_in
from ..models import Ballot, Committee, Elector, Motion

ENDED_SHOWN = 30


def _motions() -> QuerySet[Motion]:
    return Motion.objects.select_related("body", "current", "proposed_by")


@signed_in
@require_safe
def all_motions(request: HttpRequest) -> HttpResponse:
    """What waits for one's answer, what is being discussed, what came to an end."""
    waiting = list(_motions().waiting_for(request.user).prefetch_related(_open_ballots()))
    ids = {motion.pk for motion in waiting}
    still = _motions().open().exclude(pk__in=ids).prefetch_related(_open_ballots())
    context = {
        "waiting": waiting,
        "still": still,
        "ended": _motions().exclude(outcome="").order_by("-ended_at")[:ENDED_SHOWN],
    }
    return render(request, "members/motions.html", context)


def _open_ballots() -> Prefetch:
    return Prefetch("ballots", Ballot.objects.filter(closed_at=None), to_attr="open_ballots")


@signed_in
@require_safe
def motion(request: HttpRequest, pk: int) -> HttpResponse:
    """A proposal: what it says and does, what is said of it, who answered what, what it came to."""
    return _motion_page(request, _one(pk))


def _one(pk: int) -> Motion:
    return get_object_or_404(_motions(), pk=pk)


def _motion_page(
    request: HttpRequest, found: Motion, *, answer_form=None, remark_form=None, status: int = 200
) -> HttpResponse:
    electors = Elector.objects.select_related("person", "position")
    held = list(
        found.ballots.select_related("version", "opened_by", "decision")
        .prefetch_related(Prefetch("electors", electors))
        .order_by("-pk")
    )
    ballot = next((one for one in held if one.closed_at is None), None)
    mine = ballot and next((one for one in ballot.electors.all() if one.person_id == request.user.pk), None)
    over = bool(ballot) and timezone.localdate() > ballot.closes_on
    if ballot and mine and not over and not mine.has_interest and not (ballot.secret and mine.answered):
        position = getattr(mine, "position", None)
        initial = {"choice": position.choice, "reason": position.reason} if position else None
        answer_form = answer_form or forms.AnswerForm(ballot=ballot, initial=initial)
    everybody = bool(ballot) and all(one.answered or one.has_interest for one in ballot.electors.all())
    version = found.current
    context = {
        "motion": found,
        "version": version,
        "says": says(version),
        "versions": found.versions.select_related("written_by"),
        "remarks": found.remarks.select_related("by"),
        "interests": found.interests.select_related("person"),
        "ballot": ballot,
        "past": [one for one in held if one is not ballot],
        "mine": mine,
        "over": over,
        "may_close": everybody and mine is not None and not over,
        "answer_form": answer_form,
        "remark_form": remark_form or forms.RemarkForm(),
        "own": found.proposed_by_id == request.user.pk,
        "may_open": ballot is None
        and not found.outcome
        and (
            found.proposed_by_id == request.user.pk
            or governance.decides_in(found.body, request.user, timezone.localdate())
        ),
        "declared": any(one.person_id == request.user.pk for one in found.interests.all()),
        "rule": governance.rule_of(found.body, timezone.localdate()),
    }
    return render(request, "members/motion.html", context, status=status)


def says(written) -> dict[str, Any] | None:
    """What a version or a decision does, for reading: the act, its fields, where its effects are seen."""
    if not written.act:
        return None
    one = acts.act(written.act)
    effects = ""
    if one.effects:
        with suppress(Refused):  # what it speaks of may not be chosen any more
            asked = acts.cleaned(one, written.fields)
            effects = one.effects(asked, written.effective_on or timezone.localdate())
    seen_at = one.seen_at and reverse(one.seen_at)
    return {"act": one, "facts": acts.told(one, written.fields), "effects": effects, "seen_at": seen_at}


@signed_in
def motion_new(request: HttpRequest) -> HttpResponse:
    """Propose something: first to whom and what it would do, then in words."""
    bodies = Committee.objects.on(timezone.localdate())
    chosen = request.GET if {"act", "body"} <= request.GET.keys() else None
    start = forms.MotionStartForm(chosen, bodies=bodies)
    start.initial = {name: request.GET.get(name, "")[:60] for name in ("body", "act")}
    if not start.is_valid():
        return render(
            request,
            "members/motion_start.html",
            {
                "form": start,
                "given": _given(request),
                "title": _("Propose something"),
                "lead": _("Who decides it, and what it does."),
            },
        )
    body, code = start.cleaned_data["body"], start.cleaned_data["act"]
    return act_page(
        request,
        forms.MotionForm(request.POST or None),
        code=code,
        do=partial(motions.propose, body, by=request.user, act=code),
        done=_("The proposal is made. Whoever wishes says what they think of it."),
        to=_page,
        title=_("Propose something"),
        lead=_("To: %(body)s") % {"body": body.name},
        submit_label=_("Propose"),
        cancel_url=f"{reverse('members:motion_new')}?body={body.pk}",
    )


def _given(request: HttpRequest) -> dict[str, str]:
    """What another page has filled in of the act, in the address."""
    return {name[:40]: value[:200] for name, value in request.GET.items() if name.startswith("act-")}


def act_page(request: HttpRequest, form, *, code: str, do, kept: dict | None = None, **page) -> HttpResponse:
    """A form in words, with what the act asks below it; both are right before anything is done.

    `kept` is what the act's form held before. Fields named `act-…` in the address fill it in.
    """
    one = acts.act(code) if code else None
    given = {name.removeprefix("act-"): value for name, value in _given(request).items()}
    act_form = one and one.form(request.POST or None, prefix="act", initial=(kept or {}) | given)
    context = {"act": one, "act_form": act_form, **page}
    if act_form and request.method == "POST" and not (form.is_valid() & act_form.is_valid()):
        return render(request, "members/act_form.html", {"form": form, **context})

    def both(**said):
        try:
            return do(**said, fields=acts.kept(act_form) if act_form else {})
        except (Refused, ValidationError) as refusal:
            if act_form is None:
                raise
            mine = isinstance(refusal, ValidationError) and set(getattr(refusal, "error_dict", {}))
            if mine and mine <= set(act_form.fields):
                say(act_form, refusal)
                raise Refused(_("What it would do is refused: see below.")) from refusal
            raise

    return form_page(request, form, do=both, template="members/act_form.html", **context)


@own_only
def motion_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it otherwise: for who proposed it."""
    found = get_object_or_404(_motions().filter(proposed_by=request.user), pk=pk)
    version = found.current
    return act_page(
        request,
        forms.MotionForm(request.POST or None, initial=_words(version)),
        code=version.act,
        kept=version.fields,
        do=partial(motions.amend, found, by=request.user, act=version.act),
        done=_("The proposal is amended; its former version stays readable."),
        to=_page,
        title=_("Amend the proposal"),
        lead=found.current.title,
        submit_label=_("Amend"),
        cancel_url=_page(found),
    )


def _words(version) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("title", "text", "effective_on", "review_on")}


@own_only
def motion_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back: for who proposed it."""
    found = get_object_or_404(_motions().filter(proposed_by=request.user), pk=pk)
    return form_page(
        request,
        forms.NothingForm(request.POST or None),
        do=partial(motions.withdraw, found, by=request.user),
        done=_("The proposal is withdrawn."),
        to=_page(found),
        template="page/confirm.html",
        title=_("Withdraw the proposal"),
        lead=found.current.title,
        message=_("It cannot be taken up again; another one can be made. What was said stays."),
        submit_label=_("Withdraw"),
        cancel_url=_page(found),
        danger=True,
    )


@signed_in
def motion_interest(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a conflict of interest: everybody reads it, and one does not answer."""
    found = _one(pk)
    return form_page(
        request,
        forms.InterestForm(request.POST or None),
        do=partial(motions.declare_interest, found, by=request.user),
        done=_("Your interest is declared; you do not answer on this proposal."),
        to=_page(found),
        title=_("Declare a conflict of interest"),
        lead=found.current.title,
        submit_label=_("Declare"),
        cancel_url=_page(found),
    )


@signed_in
@require_POST
def motion_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what one thinks of it; what was typed stays where it is refused."""
    found = _one(pk)
    form = forms.RemarkForm(request.POST)
    if form.is_valid():
        try:
            said = motions.remark(found, by=request.user, text=form.cleaned_data["text"])
        except Refused as refusal:
            say(form, refusal)
        else:
            return redirect(f"{_page(found)}#remark-{said.pk}")
    return _motion_page(request, found, remark_form=form, status=422)


@signed_in
def ballot_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the question to the body."""
    found = _one(pk)
    today = timezone.localdate()
    rule = governance.rule_of(found.body, today)
    return form_page(
        request,
        forms.BallotForm(request.POST or None),
        do=partial(ballots.open_ballot, found, by=request.user),
        done=_(
            "The ballot is open. Those who decide in this body are written to, and see it on their home page."
        ),
        to=_page(found),
        template="members/ballot_open.html",
        title=_("Ask the body to decide"),
        lead=found.current.title,
        submit_label=_("Open the ballot"),
        cancel_url=_page(found),
        motion=found,
        rule=rule,
        electors=governance.electors(found.body, today),
    )


@signed_in
@require_POST
def ballot_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One's answer; what was typed stays where it is refused."""
    ballot = get_object_or_404(Ballot.objects.select_related("motion"), pk=pk)
    form = forms.AnswerForm(request.POST, ballot=ballot)
    if form.is_valid():
        try:
            ballots.answer(ballot, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
        else:
            return redirect(f"{reverse('members:motion', args=[ballot.motion_id])}#ballot")
    return _motion_page(request, _one(ballot.motion_id), answer_form=form, status=422)


@signed_in
@require_POST
def ballot_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Count, once everybody has answered."""
    ballot = get_object_or_404(Ballot, pk=pk)
    return act(
        request,
        partial(ballots.close, ballot, by=request.user),
        done=lambda closed: _("Counted: %(result)s.") % {"result": closed.get_result_display()},
        to=reverse("members:motion", args=[ballot.motion_id]),
    )


def _page(found: Motion) -> str:
    return reverse("members:motion", args=[found.pk])
