from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .assignments import Assignment

SAID_OF_A_ROLE = ("name", "aim", "authority", "limits", "support", "skills_asked", "succession")
ACCENTED, PLAIN = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"


def _plain(word: str) -> str:
    return word.lower().translate(str.maketrans(ACCENTED, PLAIN))


def _said(*names: str) -> Func:
    """What some columns say, one after the other, in small letters without accents."""
    words = Concat(*(part for name in names for part in (name, Value(" "))), output_field=models.TextField())
    return Func(
        Lower(words), Value(ACCENTED), Value(PLAIN), function="translate", output_field=models.TextField()
    )


class RoleQuerySet(models.QuerySet):
    def in_use(self):
        """What may be picked today; the retired stay in past records."""
        return self.filter(retired_on=None)

    def with_tasks(self, word: str = "", *, retired: bool = False, day: date | None = None):
        """The roles with their tasks in `tasks_shown`; with a word, where it stands in what the role or a task says.

        Accents and capitals make no difference.
        With a day, each task knows in `carried_by` who carries it then.
        """
        roles, tasks = (self, Task.objects.all()) if retired else (self.in_use(), Task.objects.in_use())
        if word:
            in_task = tasks.alias(said=_said("name", "description")).filter(said__contains=_plain(word))
            roles = roles.alias(said=_said(*SAID_OF_A_ROLE)).filter(
                Q(said__contains=_plain(word)) | Q(Exists(in_task.filter(role=OuterRef("pk"))))
            )
        if day is not None:
            then = Assignment.objects.on(day).select_related("person").order_by("person__sort_name", "pk")
            tasks = tasks.prefetch_related(Prefetch("assignments", then, to_attr="carried_by"))
        return roles.prefetch_related(Prefetch("tasks", tasks.order_by("name"), to_attr="tasks_shown"))


class TaskQuerySet(models.QuerySet):
    def in_use(self):
        """What an hour may be logged on today: not retired, nor is its role."""
        return self.filter(retired_on=None, role__retired_on=None)

    def to_share(self):
        """What is rated, carried and planned: the tasks in use, without the one for hours still to be classified."""
        return self.in_use().filter(is_unclassified=False)


class RoleText(models.Model):
    """What is said of a role: the same for the role as it is, and for what it said before."""

    name = models.CharField(_("name"), max_length=80)
    aim = models.CharField(
        _("aim"), max_length=300, blank=True, help_text=_("One sentence: what this role is for.")
    )
    authority = models.TextField(
        _("authority"), max_length=2000, blank=True, help_text=_("What it decides without asking anybody.")
    )
    limits = models.TextField(
        _("limits"),
        max_length=2000,
        blank=True,
        help_text=_("What it brings to others before deciding, and to whom."),
    )
    support = models.TextField(
        _("support"),
        max_length=2000,
        blank=True,
        help_text=_("Who and what helps: people, documents, money."),
    )
    skills_asked = models.TextField(
        _("skills asked"), max_length=2000, blank=True, help_text=_("What one can do, or is ready to learn.")
    )
    succession = models.TextField(
        _("succession"),
        max_length=2000,
        blank=True,
        help_text=_("How the next person is found, trained and handed the role."),
    )
    term_months = models.PositiveSmallIntegerField(
        _("length of a term, in months"), null=True, blank=True, help_text=_("Empty when it has no term.")
    )
    max_consecutive_terms = models.PositiveSmallIntegerField(
        _("terms in a row, at most"),
        null=True,
        blank=True,
        help_text=_("After that many, somebody else holds it for at least one term. Empty: no limit."),
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class Role(RoleText):
    """A set of tasks that belong together, carried for a term by one or several people."""

    decision = models.ForeignKey(
        "members.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by decision"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
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
            ),
            models.CheckConstraint(
                condition=Q(term_months=None) | Q(term_months__range=(1, 120)),
                name="roles_term_months",
                violation_error_message=_("A term lasts between 1 and 120 months."),
            ),
            models.CheckConstraint(
                condition=Q(max_consecutive_terms=None)
                | Q(max_consecutive_terms__range=(1, 20), term_months__isnull=False),
                name="roles_consecutive_terms",
                violation_error_message=_(
                    "A limit of 1 to 20 terms in a row goes with the length of a term: write both, or no limit."
                ),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(retired_on__isnull=False) & ~Q(merged_into=F("pk"))),
                name="roles_merged_is_retired",
            ),
        ]

    @property
    def expected_minutes(self) -> int:
        """What its tasks in use ask of a period, as far as somebody wrote it; of a role read by `with_tasks`."""
        return sum(task.expected_minutes_per_quarter or 0 for task in self.tasks_shown if not task.retired_on)


class TaskText(models.Model):
    """What is said of a task: its name and what it asks of the co-op, now or before."""

    class Frequency(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        BIWEEKLY = "biweekly", _("every two weeks")
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every three months")
        YEARLY = "yearly", _("once a year")
        AS_NEEDED = "as_needed", _("when needed")

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(
        _("what it covers"),
        max_length=500,
        blank=True,
        help_text=_("A sentence or two, when the name leaves doubt."),
    )
    frequency = models.CharField(
        _("frequency"), max_length=10, choices=Frequency, default=Frequency.AS_NEEDED
    )
    # Of a quarter of 13 weeks, however long the co-op's periods are: see `roles.periods.in_weeks`.
    expected_minutes_per_quarter = models.PositiveIntegerField(
        _("hours expected in 13 weeks"),
        null=True,
        blank=True,
        help_text=_("All people together. Empty as long as nobody knows."),
    )
    min_people = models.PositiveSmallIntegerField(
        _("people, at least"),
        default=1,
        help_text=_("Two, so that nobody is the only one who can be called."),
    )
    max_people = models.PositiveSmallIntegerField(
        _("people, at most"), null=True, blank=True, help_text=_("Empty: as many as wish.")
    )
    smallest_chunk_minutes = models.PositiveSmallIntegerField(
        _("smallest share worth taking, in a period"),
        default=120,
        help_text=_("Less than that is not worth learning and handing over."),
    )
    learners_percent = models.PositiveSmallIntegerField(
        _("share of its hours open to learners, in %"),
        default=30,
        help_text=_("30 is three hours in ten; 0 when nobody learns on it."),
    )
    learners_per_mentor = models.PositiveSmallIntegerField(_("learners for each mentor"), default=1)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def learners_share(self) -> float:
        """The same share between 0 and 1, as the planner reads it."""
        return self.learners_percent / 100


class Task(TaskText):
    """Something there is to do, inside a role: what an hour is logged on."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="tasks", verbose_name=_("role"))
    # Since when its name and what it covers say what they say: ratings given before are of another text.
    worded_at = models.DateTimeField(_("worded at"), default=timezone.now, editable=False)
    is_unclassified = models.BooleanField(
        _("its hours are still to be classified"),
        default=False,
        help_text=_(
            "For hours of which nobody has said yet what they were: they count as the mean of the co-op, and whoever "
            "logged them says later which task it was. One task at most; it is neither rated nor planned."
        ),
    )
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
            ),
            models.UniqueConstraint(
                fields=["is_unclassified"],
                name="roles_one_task_to_classify",
                condition=Q(is_unclassified=True, retired_on=None),
                violation_error_message=_(
                    "There is a task for hours to be classified already: use that one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_unclassified=False) | Q(expected_minutes_per_quarter=None),
                name="roles_unclassified_is_not_planned",
                violation_error_message=_("Hours still to be classified are not expected: leave them empty."),
            ),
            models.CheckConstraint(
                condition=Q(
                    frequency__in=[
                        "daily",
                        "weekly",
                        "biweekly",
                        "monthly",
                        "quarterly",
                        "yearly",
                        "as_needed",
                    ]
                ),
                name="roles_task_frequency",
            ),
            models.CheckConstraint(
                condition=Q(expected_minutes_per_quarter=None)
                | Q(expected_minutes_per_quarter__range=(1, 6_000_000)),
                name="roles_task_expected",
                violation_error_message=_(
                    "Expected hours are above zero; leave them empty when nobody knows."
                ),
            ),
            models.CheckConstraint(
                condition=Q(min_people__gte=1) & (Q(max_people=None) | Q(max_people__gte=F("min_people"))),
                name="roles_task_people",
                violation_error_message=_("At least one person, and no fewer at most than at least."),
            ),
            models.CheckConstraint(
                condition=Q(smallest_chunk_minutes__range=(15, 6000)),
                name="roles_task_chunk",
                violation_error_message=_("The smallest share is between 15 minutes and 100 hours."),
            ),
            models.CheckConstraint(
                condition=Q(learners_percent__range=(0, 100), learners_per_mentor__range=(1, 10)),
                name="roles_task_learners",
                violation_error_message=_(
                    "The learners’ share goes from 0 to 100 percent, and a mentor has 1 to 10 learners."
                ),
            ),
        ]
