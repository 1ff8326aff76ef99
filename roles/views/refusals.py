"""Tasks somebody does not take in the next sharings out: theirs to say, without a reason."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koumbit.pages import form_page
from members.access import own_only
from roles import proposals
from roles.proposal_forms import RefusalForm


@own_only
def refusals(request: HttpRequest) -> HttpResponse:
    """Tick the tasks one does not take."""
    standing = list(request.user.refusals.values_list("task", flat=True))
    return form_page(
        request,
        RefusalForm(request.POST if request.method == "POST" else None, initial={"tasks": standing}),
        do=lambda tasks: proposals.refuse(by=request.user, tasks=list(tasks)),
        done=_("Noted: the next proposals do not give you these tasks."),
        to=reverse("roles:refusals"),
        title=_("Tasks I do not take"),
        lead=_(
            "No reason is asked and none is kept. What it costs the others is shown in the proposals, "
            "without a name."
        ),
        submit_label=_("Save"),
        cancel_url=reverse("timesheets:rotations"),
    )
