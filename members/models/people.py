from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koumbit.dated import DatedModel, days_in_order, never_twice

from .committees import Mandate, Power
from .cooperative import Cooperative
from .paths import Application, Probation
from .pauses import Pause

# Where the addresses end of people whose file was destroyed: a domain that nobody ever has.
DESTROYED = "@erased.invalid"


class PersonQuerySet(models.QuerySet):
    def active(self) -> "PersonQuerySet":
        """Those who may sign in."""
        return self.filter(closed_at=None)

    def working(self, first: date, last: date) -> "PersonQuerySet":
        """Those with a work status on at least one day from `first` to `last`."""
        return self.filter(pk__in=WorkStatus.objects.during(first, last).values("person"))

    def members(self, day: date) -> "PersonQuerySet":
        """The members of the cooperative on that day."""
        return self.filter(pk__in=Membership.objects.on(day).values("person"))

    def voters(self, day: date) -> "PersonQuerySet":
        """The members who decide in the assembly on that day.

        Not those on probation or on pause, unless the co-op's rules say that they do.
        """
        kept_out = [
            Exists(facts.objects.on(day).filter(person=OuterRef("pk")))
            & ~Exists(Cooperative.objects.filter(**{rule: True}))
            for facts, rule in ((Probation, "probation_votes"), (Pause, "pause_votes"))
        ]
        return self.members(day).exclude(kept_out[0] | kept_out[1])

    def here(self, day: date) -> "PersonQuerySet":
        """Those who worked or were members on that day."""
        return self.filter(
            Q(pk__in=WorkStatus.objects.on(day).values("person"))
            | Q(pk__in=Membership.objects.on(day).values("person"))
        )

    def who(self, asked: str, day: date) -> "PersonQuerySet":
        """Those whom the register is asked for on that day.

        `members`, `candidates`, those on `pause`, a kind or a tenure of work, `all`; else everyone here.
        """
        if asked == "all":
            return self
        if asked == "members":
            return self.members(day)
        if asked == "candidates":
            return self.filter(pk__in=Application.objects.on(day).values("person"))
        if asked == "pause":
            return self.filter(pk__in=Pause.objects.on(day).values("person"))
        if asked in (*WorkStatus.Kind.values, *WorkStatus.Tenure.values):
            so = WorkStatus.objects.on(day).filter(Q(kind=asked) | Q(tenure=asked))
            return self.filter(pk__in=so.values("person"))
        return self.here(day)

    def visible_to(self, reader: "Person") -> "PersonQuerySet":
        """Whoever works, sits, is a member or asked to be one, now or in the past, is known to all.

        Somebody who has only been entered is seen by those who admit people.
        """
        admits = Mandate.objects.carrying(timezone.localdate(), power=Power.ADMIT_PEOPLE).filter(
            person=reader
        )
        return self.filter(
            Q(pk=reader.pk)
            | Exists(WorkStatus.objects.filter(person=OuterRef("pk")))
            | Exists(Membership.objects.filter(person=OuterRef("pk")))
            | Exists(Mandate.objects.filter(person=OuterRef("pk")))
            | Exists(Application.objects.filter(person=OuterRef("pk")))
            | Exists(admits)
        )

    def as_of(self, day: date) -> "PersonQuerySet":
        """Each person with what held on that day: `statuses_then`, `memberships_then`, `mandates_then`.

        A membership of that day knows whether it `is_tried` (on probation) and `is_paused`; a candidate
        `is_candidate`.
        """
        memberships = Membership.objects.on(day).annotate(
            is_tried=Exists(Probation.objects.on(day).filter(person=OuterRef("person"))),
            is_paused=Exists(Pause.objects.on(day).filter(person=OuterRef("person"))),
        )
        asking = Application.objects.on(day).filter(person=OuterRef("pk"))
        return self.annotate(is_candidate=Exists(asking)).prefetch_related(
            Prefetch("work_statuses", WorkStatus.objects.on(day), to_attr="statuses_then"),
            Prefetch("memberships", memberships, to_attr="memberships_then"),
            Prefetch(
                "mandates",
                Mandate.objects.in_force(day).select_related("committee").order_by("committee__name"),
                to_attr="mandates_then",
            ),
        )

    def by_name(self) -> "PersonQuerySet":
        return self.order_by("sort_name", "pk")


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """Somebody the co-op knows: may sign in, work, be a member, each from its own dated fact."""

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("Somebody already has this e-mail address.")}
    )
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    sort_name = models.GeneratedField(
        expression=Func(
            Lower(Concat("family_name", Value(" "), "given_name")),
            Value("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ"),
            Value("aaaaaaceeeeiiiinooooouuuuyy"),
            function="translate",
        ),
        output_field=models.CharField(max_length=170),
        db_persist=True,
    )
    language = models.CharField(
        _("language"), max_length=5, choices=Cooperative.Language, default=Cooperative.Language.FRENCH
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.TextField(_("home address"), max_length=300, blank=True)
    born_on = models.DateField(
        _("date of birth"),
        null=True,
        blank=True,
        help_text=_(
            "QPP contributions start at 18 and stop at 73; seen by the person and by those who prepare pay."
        ),
    )
    closed_at = models.DateTimeField(_("account closed at"), null=True, editable=False)
    # Once somebody leaves: the last day their account opens. The clock closes it the day after.
    closes_on = models.DateField(_("account closes after"), null=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name"]

    class Meta:
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="members_email_in_lower_case"),
            models.CheckConstraint(condition=Q(language__in=["fr-ca", "en-ca"]), name="members_language"),
        ]

    def __str__(self):
        return self.get_full_name()

    @property
    def is_active(self) -> bool:
        """May sign in. Django and allauth ask this at each request."""
        return self.closed_at is None

    @property
    def is_destroyed(self) -> bool:
        """Was their file destroyed after its term? What is left is a number, for the sums and the journal."""
        return self.email.endswith(DESTROYED)

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_short_name(self) -> str:
        return self.given_name


class WorkStatus(DatedModel):
    """How a person works and is paid, from a day to a day: for how many agreed hours, and as what.

    On the days of a pause nothing is agreed: the row says which pause, and what was agreed before and is
    again after it. The verbs cut the rows (`members.statuses`); the database refuses days of a pause
    that a row does not know of (`members_work_follows_pauses`).
    """

    class Kind(models.TextChoices):
        SALARIED = "salaried", _("salaried")
        FREELANCE = "freelance", _("freelance")

    class Tenure(models.TextChoices):
        PERMANENT = "permanent", _("permanent")
        OCCASIONAL = "occasional", _("occasional")

    person = models.ForeignKey(Person, models.PROTECT, related_name="work_statuses", verbose_name=_("person"))
    kind = models.CharField(_("paid as"), max_length=10, choices=Kind)
    tenure = models.CharField(_("work is"), max_length=10, choices=Tenure)
    agreed_minutes_per_week = models.PositiveSmallIntegerField(_("agreed hours per week"), default=0)
    job_title = models.CharField(_("job title"), max_length=80)
    pause = models.ForeignKey(
        Pause,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="work_statuses",
        verbose_name=_("pause"),
    )
    agreed_when_back = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_work_status_days"),
            never_twice(
                "members_one_work_status",
                "person",
                message=_(
                    "This person already has a work status on some of these days. End the other one first."
                ),
            ),
            models.CheckConstraint(condition=Q(kind__in=["salaried", "freelance"]), name="members_work_kind"),
            models.CheckConstraint(
                condition=Q(tenure__in=["permanent", "occasional"]), name="members_work_tenure"
            ),
            models.CheckConstraint(
                condition=Q(agreed_minutes_per_week__lte=60 * 60),
                name="members_agreed_minutes",
                violation_error_message=_("Agreed hours go from 0 to 60 a week."),
            ),
            models.CheckConstraint(
                condition=Q(pause=None, agreed_when_back=None)
                | Q(pause__isnull=False, agreed_when_back__lte=60 * 60, agreed_minutes_per_week=0),
                name="members_nothing_agreed_on_pause",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_kind_display()} {self.starts_on}"

    @property
    def agreed_at_work(self) -> int:
        """The agreed minutes a week whenever the person is not on pause."""
        return self.agreed_minutes_per_week if self.agreed_when_back is None else self.agreed_when_back


class Membership(DatedModel):
    """The days on which a person is a member of the cooperative.

    Admitted by a decision; ended by the person, who resigns, or by a decision. What one person writes alone
    is never the decision they recorded themselves (`members_membership_takes_two`).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    admitted_by = models.ForeignKey(
        "Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("admitted by decision"),
    )
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    ended_by = models.ForeignKey(
        "Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by decision"),
    )
    end_recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("end recorded by")
    )

    class Meta(DatedModel.Meta):
        constraints = [
            days_in_order("members_membership_days"),
            never_twice(
                "members_one_membership",
                "person",
                message=_("This person is already a member on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False) | Q(ended_by=None, end_recorded_by=None),
                name="members_membership_end",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.starts_on}"

    @property
    def is_resigned(self) -> bool:
        """Did the person end it themselves?"""
        return self.end_recorded_by_id is not None and self.end_recorded_by_id == self.person_id
