from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One line of the co-op's journal: who did what, when. Append-only and hash-chained.

    `at`, `prev` and `hash` are filled by the database, under a lock, so that the chain has one
    order. `body` holds identifiers, counts and digests, never names, SINs or bank data: purging a
    person's data leaves the chain valid.
    """

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(editable=False, null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=60)
    body = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["event", "-seq"], name="members_journal_by_event"),
            models.Index(fields=["at"], name="members_journal_by_day"),
            models.Index(fields=["hash"], name="members_journal_by_hash"),
        ]

    def __str__(self):
        return f"{self.seq} {self.event}"


class OutgoingMessage(models.Model):
    """An e-mail the co-op sends, written in the same transaction as the act it tells about."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages", verbose_name=_("to")
    )
    address = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # A link that lets its reader in: shown to nobody, and not kept once it has left.
    holds_key = models.BooleanField(default=False, editable=False)
    # Where its reader turns such messages off, for the button that mail programs show (RFC 8058).
    stop_url = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["written_at"], name="members_unsent", condition=Q(sent_at=None))]

    def __str__(self):
        return self.subject
