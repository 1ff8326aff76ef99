"""How one becomes a member: asking to be, then the days on which both sides try it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice


class Application(DatedModel):
    """Somebody asks to become a member: from the day they ask to the day they are answered."""

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", _("admitted")
        DECLINED = "declined", _("not admitted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications", verbose_name=_("person")
    )
    words = models.TextField(
        _("why, in their words"), max_length=2000, blank=True, help_text=_("Every member reads it.")
    )
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome, blank=True, editable=False)
    decision = models.ForeignKey(
        "Decision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decision"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_application_days"),
            never_twice(
                "members_one_application",
                "person",
                message=_("This person already asks to become a member on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ends_on=None)
                | Q(outcome="admitted", ends_on__isnull=False, decision__isnull=False)
                | Q(outcome__in=["declined", "withdrawn"], ends_on__isnull=False),
                name="members_application_answer",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.starts_on}"


class Probation(DatedModel):
    """The first days of a membership, which a body may still prolong or cut short. They end by themselves.

    Whether one decides in the assembly meanwhile is a rule of the co-op. The database refuses a probation
    outside a membership (`members_probation_within_membership`).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="probations", verbose_name=_("person")
    )
    decision = models.ForeignKey(
        "Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decision"),
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_probation_days"),
            never_twice(
                "members_one_probation",
                "person",
                message=_("This person is already on probation on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False),
                name="members_probation_has_an_end",
                violation_error_message=_("A probation has a last day."),
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.starts_on}"
