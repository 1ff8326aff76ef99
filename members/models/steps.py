"""What there is to do when somebody arrives, steps back, returns or leaves: the co-op's lists, and each person's."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .people import Person


class Step(models.TextChoices):
    """A moment of somebody's path that has its list of things to do."""

    ARRIVAL = "arrival", _("arrival")
    PROBATION = "probation", _("probation")
    PAUSE = "pause", _("pause")
    RETURN = "return", _("return from a pause")
    DEPARTURE = "departure", _("departure")


class ListItem(models.Model):
    """One thing the co-op does at a step, in both languages. Another wording is another row.

    `known` names what the system knows by itself (`members.known`): nobody ticks it.
    """

    step = models.CharField(_("step"), max_length=10, choices=Step)
    text_fr = models.CharField(_("in French"), max_length=200)
    text_en = models.CharField(
        _("in English"), max_length=200, blank=True, help_text=_("Empty: the French is shown.")
    )
    known = models.CharField(max_length=40, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    retired_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="members_list_step"),
            models.CheckConstraint(condition=~Q(text_fr=""), name="members_list_item_says_something"),
        ]

    def __str__(self):
        is_french = (translation.get_language() or "fr").startswith("fr")
        return self.text_fr if is_french or not self.text_en else self.text_en


class StepList(models.Model):
    """What there is to do for one person at one step: the co-op's list, as it was when it was opened.

    `companion` is who accompanies the person.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="step_lists")
    step = models.CharField(_("step"), max_length=10, choices=Step, editable=False)
    on = models.DateField(_("day of the step"), editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    companion = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accompanies",
        verbose_name=_("who accompanies them"),
    )

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "step", "on"],
                name="members_one_list_a_step",
                violation_error_message=_("This list is open already."),
            ),
            models.CheckConstraint(condition=Q(step__in=Step.values), name="members_step"),
            models.CheckConstraint(
                condition=Q(companion=None) | ~Q(companion=F("person")),
                name="members_companion_is_another",
                violation_error_message=_("Nobody accompanies themselves: choose somebody else."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_step_display()}"


class StepItem(models.Model):
    """One thing to do for one person: done by somebody on a day, or known by the system (then nobody says so)."""

    list = models.ForeignKey(StepList, models.PROTECT, related_name="items")
    item = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    done_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "item"], name="members_step_item_once"),
            models.CheckConstraint(
                condition=Q(done_by=None, done_on=None) | Q(done_by__isnull=False, done_on__isnull=False),
                name="members_step_item_is_signed",
            ),
        ]

    def __str__(self):
        return f"{self.list}: {self.item}"
