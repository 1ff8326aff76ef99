from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from .assignments import Assignment


class RoleQuerySet(models.QuerySet):
    def in_use(self):
        """What may be picked today; the retired stay in past records."""
        return self.filter(retired_on=None)

    def with_tasks(self, word: str = "", *, retired: bool = False, day: date | None = None):
        """The roles with their tasks in `tasks_shown`; with a word, where it stands in the role or a task.

        With a day, each task knows in `carried_by` who carries it then.
        """
        roles, tasks = (self, Task.objects.all()) if retired else (self.in_use(), Task.objects.in_use())
        if word:
            in_role = Q(name__icontains=word) | Q(aim__icontains=word)
            said = Exists(tasks.filter(role=OuterRef("pk"), name__icontains=word))
            roles = roles.filter(in_role | Q(said))
        if day is not None:
            then = Assignment.objects.on(day).select_related("person").order_by("person__sort_name", "pk")
            tasks = tasks.prefetch_related(Prefetch("assignments", then, to_attr="carried_by"))
        return roles.prefetch_related(Prefetch("tasks", tasks.order_by("name"), to_attr="tasks_shown"))


class TaskQuerySet(models.QuerySet):
    def in_use(self):
        """What an hour may be logged on today: not retired, nor is its role."""
        return self.filter(retired_on=None, role__retired_on=None)


class Role(models.Model):
    """A set of tasks that belong together, carried for a term by one or several people."""

    name = models.CharField(_("name"), max_length=80)
    aim = models.CharField(
        _("aim"), max_length=300, blank=True, help_text=_("One sentence: what this role is for.")
    )
    retired_on = models.DateField(_("retired on"), null=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="roles_role_name",
                condition=Q(retired_on=None),
                violation_error_message=_("A role already has this name."),
            )
        ]

    def __str__(self):
        return self.name


class Task(models.Model):
    """Something there is to do, inside a role: what an hour is logged on."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="tasks", verbose_name=_("role"))
    name = models.CharField(_("name"), max_length=80)
    retired_on = models.DateField(_("retired on"), null=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["role__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "name"],
                name="roles_task_name",
                condition=Q(retired_on=None),
                violation_error_message=_("The role already has a task of this name."),
            )
        ]

    def __str__(self):
        return self.name
