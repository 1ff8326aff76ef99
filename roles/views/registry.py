"""The registry of roles and tasks: read by all, kept by those who hold that power."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koumbit.pages import act, form_page
from members.access import needs, request_cooperative, request_powers, signed_in
from members.models import Power
from roles import assignments, forms, history, terms
from roles import registry as verbs
from roles.models import Assignment, Role, Task, TaskSuccession, TaskVersion
from roles.rhythm import periods_of


@signed_in
def registry(request: HttpRequest) -> HttpResponse:
    """Every role with its tasks, or those in which a word stands."""
    form = forms.SearchForm(request.GET)
    answers = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    roles = Role.objects.with_tasks(answers.get("q", ""), retired=answers.get("retired", False), day=today)
    context = {
        "form": form,
        "asked": answers.get("q", ""),
        "roles": terms.with_holders(roles, today),
        "keeps": Power.KEEP_ROLES in request_powers(request),
    }
    return render(request, "roles/registry.html", context)


@needs(Power.KEEP_ROLES)
def role_create(request: HttpRequest) -> HttpResponse:
    """A new role."""
    return form_page(
        request,
        forms.RoleForm(request.POST or None),
        do=partial(verbs.create_role, by=request.user),
        done=_("The role is created. Now its tasks: hours are logged on them."),
        to=_place,
        title=_("Create a role"),
        submit_label=_("Create"),
        cancel_url=reverse("roles:registry"),
    )


@needs(Power.KEEP_ROLES)
def role_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or aim for a role."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.RoleForm(request.POST or None, instance=role),
        do=partial(verbs.change_role, Role(pk=pk), by=request.user),
        done=_("The changes are saved."),
        to=_place,
        title=_("Change the role"),
        lead=role.name,
        submit_label=_("Save"),
        cancel_url=_place(role),
    )


@needs(Power.KEEP_ROLES)
def task_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A new task in a role."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.TaskForm(request.POST or None, instance=Task(role=role), weeks=_weeks(request)),
        do=partial(verbs.create_task, role, by=request.user),
        done=_("The task is created."),
        to=_place(role),
        title=_("Create a task"),
        lead=role.name,
        submit_label=_("Create"),
        cancel_url=_place(role),
    )


@needs(Power.KEEP_ROLES)
def task_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The same task said otherwise, and what it asks of a period."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    return form_page(
        request,
        forms.TaskForm(request.POST or None, instance=task, weeks=_weeks(request)),
        do=partial(verbs.change_task, Task(pk=pk), by=request.user),
        done=_("The changes are saved."),
        to=_place(task.role),
        title=_("Change the task"),
        lead=_(
            "Another name is for the same work, past hours included. Other work is another task: split it."
        ),
        submit_label=_("Save"),
        cancel_url=_place(task.role),
    )


@needs(Power.KEEP_ROLES)
def task_split(request: HttpRequest, pk: int) -> HttpResponse:
    """One task goes on as several."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    return form_page(
        request,
        forms.SplitTaskForm(request.POST or None),
        do=partial(verbs.split_task, task, by=request.user),
        done=_("The task goes on as these. Its past hours stay its own, and are counted with theirs."),
        to=_place(task.role),
        title=_("Split the task"),
        lead=f"{task.role} – {task}",
        submit_label=_("Split"),
        cancel_url=_place(task.role),
    )


@needs(Power.KEEP_ROLES)
def task_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Several tasks of a role go on as one."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.MergeTasksForm(request.POST or None, role=role),
        do=partial(verbs.merge_tasks, by=request.user),
        done=_("The tasks go on as one. Past hours stay their own, and are counted with it."),
        to=_place(role),
        title=_("Merge tasks"),
        lead=role.name,
        submit_label=_("Merge"),
        cancel_url=_place(role),
    )


@needs(Power.KEEP_ROLES)
def role_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """A role's work goes on in another role."""
    role = get_object_or_404(Role, pk=pk)
    return form_page(
        request,
        forms.MergeRoleForm(request.POST or None, role=role),
        do=partial(verbs.merge_role, role, by=request.user),
        done=_("The role’s tasks go on in the other one. Past hours stay where they were done."),
        to=_place,
        template="page/confirm.html",
        title=_("Merge the role into another"),
        lead=role.name,
        message=_("Its tasks move there under their names, with who carries them, and this role is retired."),
        submit_label=_("Merge"),
        cancel_url=_place(role),
    )


@signed_in
@require_GET
def role_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the role and its tasks said, from when to when, and who had written it."""
    role = get_object_or_404(Role.objects.select_related("written_by"), pk=pk)
    context = {
        "role": role,
        "versions": history.of_role(role),
        "tasks": TaskVersion.objects.filter(task__role=role).select_related("task"),
        "successions": TaskSuccession.objects.filter(task__role=role).select_related(
            "task", "successor__role"
        ),
        "weeks": _weeks(request),
    }
    return render(request, "roles/role_versions.html", context)


@needs(Power.KEEP_ROLES)
@require_POST
def role_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a role and its tasks from picking."""
    role = get_object_or_404(Role, pk=pk)
    return act(
        request,
        partial(verbs.retire, role, by=request.user),
        done=_(
            "The role is retired: it is not picked any more, and past hours keep it. It can be brought back."
        ),
        to=_place(role),
    )


@needs(Power.KEEP_ROLES)
@require_POST
def role_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role be picked again."""
    role = get_object_or_404(Role, pk=pk)
    return act(
        request,
        partial(verbs.bring_back, role, by=request.user),
        done=_("The role is back."),
        to=_place(role),
    )


@needs(Power.KEEP_ROLES)
@require_POST
def task_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a task from picking."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    return act(
        request,
        partial(verbs.retire, task, by=request.user),
        done=_(
            "The task is retired: it is not picked any more, and past hours keep it. It can be brought back."
        ),
        to=_place(task.role),
    )


@needs(Power.KEEP_ROLES)
@require_POST
def task_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a task be picked again."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    return act(
        request,
        partial(verbs.bring_back, task, by=request.user),
        done=_("The task is back."),
        to=_place(task.role),
    )


@needs(Power.KEEP_ROLES)
def task_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Who carries a task, from when."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    return form_page(
        request,
        forms.AssignmentForm(request.POST or None, by=request.user),
        do=partial(assignments.assign, task, by=request.user),
        done=_("From that day on, the task stands first in this person’s week."),
        to=_place(task.role),
        title=_("Give the task to somebody"),
        lead=f"{task.role} – {task}",
        submit_label=_("Give the task"),
        cancel_url=_place(task.role),
    )


@needs(Power.KEEP_ROLES)
def assignment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day on which somebody carries a task."""
    assignment = get_object_or_404(Assignment.objects.select_related("task__role", "person"), pk=pk)
    to = _place(assignment.task.role)
    return form_page(
        request,
        forms.LastDayForm(request.POST or None),
        do=partial(assignments.hand_over, assignment, by=request.user),
        done=_("The day of the handing over is recorded."),
        to=to,
        template="page/confirm.html",
        cancel_url=to,
        title=_("Hand the task over"),
        lead=f"{assignment.person} – {assignment.task}",
        message=_("Past hours stay as they are, and anybody may still log hours on the task."),
        submit_label=_("Hand over"),
    )


@signed_in
@require_GET
def task_carriers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who carries a task, who did, from when to when."""
    task = get_object_or_404(Task.objects.select_related("role"), pk=pk)
    carriers = task.assignments.select_related("person").order_by("-starts_on", "person__sort_name")
    context = {
        "task": task,
        "carriers": carriers,
        "followed_by": task.followed_by.select_related("successor__role"),
        "keeps": Power.KEEP_ROLES in request_powers(request),
        "weeks": _weeks(request),
    }
    return render(request, "roles/task_carriers.html", context)


def _weeks(request: HttpRequest) -> int:
    """How many weeks a period of the co-op has."""
    return periods_of(request_cooperative(request)).weeks


def _place(role: Role) -> str:
    """The page of the role, with its hours."""
    return reverse("timesheets:role", args=[role.pk])
