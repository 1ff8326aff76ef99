"""Rows a person keeps at hand: favourites, and the hours of a usual week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FavouriteRow(models.Model):
    """A task, on a project or none, that a person keeps at hand in every week."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="favourite_rows")
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+")
    project = models.ForeignKey("timesheets.Project", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "task", "project"], nulls_distinct=False, name="timesheets_favourite_once"
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.task}"


class WeekTemplate(models.Model):
    """A usual week of a person, by name: its rows and hours are poured into an empty week."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="week_templates")
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="timesheets_template_name",
                violation_error_message=_("You already have a usual week of this name."),
            )
        ]

    def __str__(self):
        return self.name


class TemplateCell(models.Model):
    """Minutes on one day of a usual week (0 is its first day)."""

    template = models.ForeignKey(WeekTemplate, models.PROTECT, related_name="cells")
    task = models.ForeignKey("roles.Task", models.PROTECT, related_name="+")
    project = models.ForeignKey("timesheets.Project", models.PROTECT, null=True, related_name="+")
    day = models.PositiveSmallIntegerField(_("day of the week"))
    minutes = models.PositiveSmallIntegerField(_("time"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "task", "project", "day"],
                nulls_distinct=False,
                name="timesheets_template_cell_once",
            ),
            models.CheckConstraint(
                condition=Q(day__range=(0, 6), minutes__range=(1, 1440)), name="timesheets_template_cell"
            ),
        ]

    def __str__(self):
        return f"{self.template}, {self.day}"
