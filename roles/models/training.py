"""What people can do in a role, and what they wish to learn."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, DatedQuerySet, days_in_order, never_twice

from .registry import Role


class SkillQuerySet(DatedQuerySet):
    def confirmed(self) -> "SkillQuerySet":
        return self.filter(confirmed_by__isnull=False)

    def autonomous(self, day: date) -> "SkillQuerySet":
        """Those who carry a role on their own that day: declared, and confirmed by one who does too."""
        return self.on(day).confirmed().filter(level__gte=Skill.Level.AUTONOMOUS)


class Skill(DatedModel):
    """What a person can do in a role, as they declared it, from a day to a day.

    From level 2 on it counts once one autonomous person, never oneself, has confirmed it; until then the
    person counts as initiated (`counted_level`).
    """

    class Level(models.IntegerChoices):
        NONE = 0, _("nothing yet")
        INITIATED = 1, _("initiated: with somebody")
        AUTONOMOUS = 2, _("autonomous: alone")
        CAN_MENTOR = 3, _("can teach it")
        REFERENCE = 4, _("the reference")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="skills", verbose_name=_("person")
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="skills", verbose_name=_("role"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)

    objects = SkillQuerySet.as_manager()

    class Meta(DatedModel.Meta):
        indexes = [models.Index(fields=["role", "person"], name="roles_skills_of_role")]
        constraints = [
            days_in_order("roles_skill_days_in_order"),
            never_twice(
                "roles_one_skill_at_a_time",
                "person",
                "role",
                message=_("A level is declared for this person and this role on some of these days."),
            ),
            models.CheckConstraint(condition=Q(level__range=(0, 4)), name="roles_skill_level"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_on=None)
                | Q(confirmed_by__isnull=False, confirmed_on__isnull=False, level__gte=2),
                name="roles_skill_confirmation_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("person")),
                name="roles_skill_confirmed_by_another",
                violation_error_message=_("Nobody confirms their own level."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}: {self.level}"

    @property
    def waits(self) -> bool:
        """Is a confirmation still to come?"""
        return self.level >= self.Level.AUTONOMOUS and self.confirmed_by_id is None

    @property
    def counted_level(self) -> int:
        """The level plans count with: what nobody has confirmed counts as initiated."""
        return int(self.Level.INITIATED) if self.waits else self.level


class LearningWish(models.Model):
    """Whether a person wishes to learn a role; no reason is asked. Theirs alone, and the planner's."""

    class Wish(models.IntegerChoices):
        NO = -1, _("rather not")
        NEUTRAL = 0, _("why not")
        YES = 1, _("I would like to")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="learning_wishes")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    wish = models.SmallIntegerField(_("wish"), choices=Wish)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="roles_one_wish"),
            models.CheckConstraint(condition=Q(wish__in=[-1, 0, 1]), name="roles_wish"),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}: {self.wish}"
