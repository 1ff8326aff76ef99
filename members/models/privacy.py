"""What the law on personal information asks to keep: incidents, what was taken out, what was destroyed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from koumbit.privacy import Until


class Incident(models.Model):
    """A confidentiality incident: somebody read, used, sent or lost what they should not have.

    The eight fields are those of section 7 of the Regulation respecting confidentiality incidents
    (A-2.1, r. 3.1). Written once: what is learnt or done later is a follow-up (`IncidentFollowUp`).
    No name belongs in it.
    """

    information = models.TextField(
        _("1. Which personal information"),
        max_length=2000,
        help_text=_(
            "Kinds, not names: pay stubs, addresses… If it is not known, why it is impossible to say."
        ),
    )
    circumstances = models.TextField(_("2. What happened, in short"), max_length=4000)
    occurred = models.CharField(
        _("3. When it happened"),
        max_length=200,
        help_text=_("A day or a period; about when, if it is not known exactly."),
    )
    noticed_on = models.DateField(
        _("4. When the cooperative became aware of it"), help_text=_("The five years are counted from it.")
    )
    people = models.PositiveIntegerField(_("5. How many people are concerned"))
    people_is_about = models.BooleanField(_("this number is approximate"), default=False)
    serious_harm = models.BooleanField(
        _("There is a risk of serious harm"),
        default=False,
        help_text=_(
            "Then the Commission d’accès à l’information and the people concerned are notified promptly."
        ),
    )
    assessment = models.TextField(
        _("6. Why there is, or is not, a risk of serious harm"),
        max_length=4000,
        help_text=_(
            "How sensitive it is, what somebody ill-intentioned could do with it, what would follow and how "
            "likely that is."
        ),
    )
    notices = models.TextField(
        _("7. Who was notified, and when"),
        max_length=2000,
        blank=True,
        help_text=_(
            "With a risk of serious harm: the day the Commission was notified, the day the people were, and "
            "whether a public notice was given, and why. Not done yet: write so, then follow up."
        ),
    )
    measures = models.TextField(_("8. What was done to reduce the harm"), max_length=4000)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        ordering = ["-noticed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(serious_harm=False) | ~Q(notices=""),
                name="members_serious_incident_is_notified",
                violation_error_message=_(
                    "With a risk of serious harm, say who was notified and when, or that it is still to do."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.pk}, {self.noticed_on}"


class IncidentFollowUp(models.Model):
    """What was learnt, done or notified after an incident was recorded. Append-only."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="follow_ups")
    text = models.TextField(_("what is new"), max_length=4000)
    serious_harm = models.BooleanField(
        _("There is a risk of serious harm"), help_text=_("As it is known now.")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.incident}: {self.pk}"


class DataExport(models.Model):
    """An archive of one's own data that takes long to make: asked for, made by the queue, fetched, forgotten.

    `content` is encrypted, and emptied a week after it was made. A short one is given at once, and leaves a
    row without content.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="data_exports")
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    made_at = models.DateTimeField(_("made at"), null=True)
    content = models.BinaryField(default=b"")

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.person}, {self.asked_at}"


class Purge(models.Model):
    """What is past its term, destroyed: listed by one person, carried out by another.

    The rows are listed when it is prepared (`PurgedRow`); the database lets exactly those go, in the one
    transaction in which the second person carries it out (`running_in`), and nothing else. The lists stay:
    they hold numbers, no content.
    """

    because = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("What a later reader should know: no names.")
    )
    prepared_at = models.DateTimeField(_("prepared at"), auto_now_add=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    executed_at = models.DateTimeField(_("carried out at"), null=True, editable=False)
    executed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("carried out by"),
    )
    # The number of that transaction, which the database fills: no other one ever has it.
    running_in = models.BigIntegerField(null=True, editable=False, db_index=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(executed_at=None, executed_by=None, running_in=None)
                | Q(executed_at__isnull=False, executed_by__isnull=False),
                name="members_purge_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(executed_by=None) | ~Q(executed_by=F("prepared_by")),
                name="members_purge_takes_two",
                violation_error_message=_(
                    "Whoever prepared this destruction does not carry it out: another person does."
                ),
            ),
            models.UniqueConstraint(
                fields=["executed_at"],
                condition=Q(executed_at=None),
                nulls_distinct=False,
                name="members_one_purge_waits",
                violation_error_message=_("A destruction waits already: carry it out or withdraw it first."),
            ),
        ]

    def __str__(self):
        return f"{self.pk}, {self.prepared_at}"

    @property
    def is_executed(self) -> bool:
        return self.executed_at is not None


class PurgeItem(models.Model):
    """One thing past its term: a year of one kind of records, or somebody's file; from which day on.

    `counts` is how many rows of each table, by the name of the table.
    """

    TERMS = (Until.WAGES, Until.TAX, Until.FILE)

    purge = models.ForeignKey(Purge, models.PROTECT, related_name="items")
    term = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    past_on = models.DateField(_("past its term since"))
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(term__in=["wages", "tax"], year__isnull=False, person=None)
                | Q(term="file", year=None, person__isnull=False),
                name="members_purge_item_is_of_a_year_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["purge", "term", "year", "person"],
                nulls_distinct=False,
                name="members_purge_item_once",
            ),
        ]

    def __str__(self):
        return f"{self.term} {self.year or self.person_id}"


class PurgedRow(models.Model):
    """A row that a purge destroys or empties: its table and its number."""

    item = models.ForeignKey(PurgeItem, models.PROTECT, related_name="rows")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "table_name", "row_id"], name="members_purged_row_once"),
        ]
        indexes = [models.Index(fields=["table_name", "row_id"], name="members_purged_rows")]

    def __str__(self):
        return f"{self.table_name} {self.row_id}"
