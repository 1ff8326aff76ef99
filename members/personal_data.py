"""What this app keeps about people, for the export, the retention and the tests (`members.personal`)."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.privacy import Kind

from .models import (
    Committee,
    CommitteePower,
    Cooperative,
    DataExport,
    Decision,
    Incident,
    IncidentFollowUp,
    JournalEntry,
    Mandate,
    Membership,
    OutgoingMessage,
    Person,
    Purge,
    PurgedRow,
    PurgeItem,
    WorkStatus,
)
from .models.people import DESTROYED
from .personal import KEY, OF_THE_PROGRAM, OTHERS, Destroyed, Emptied, Part, Personal, Stays

DAYS = _("days, without a name: how many worked and were members, and when")
ACTS = _("what the cooperative did is never rewritten; the number of who did it has no name any more")
IN_THE_JOURNAL = "an act of the co-op; who did it has it among their lines of the journal"

PART = Part(
    tables=(
        Personal(
            Person,
            Kind.CONTACT,
            _("Name and contact data"),
            ("pk",),
            Emptied(
                ("email", "given_name", "family_name", "phone", "address", "born_on", "password"),
                left=~Q(email__endswith=DESTROYED),
            ),
            {"password": KEY, "sort_name": OF_THE_PROGRAM},
        ),
        Personal(WorkStatus, Kind.IDENTITY, _("Work statuses"), ("person",), Emptied(("job_title",))),
        Personal(Membership, Kind.IDENTITY, _("Memberships"), ("person",), Stays(DAYS)),
        Personal(Mandate, Kind.GOVERNANCE, _("Mandates"), ("person",), Stays(ACTS)),
        Personal(
            JournalEntry,
            Kind.GOVERNANCE,
            _("Acts in the journal"),
            ("actor",),
            Stays(ACTS),
            {"body": OTHERS, "prev": OF_THE_PROGRAM},
        ),
        Personal(
            OutgoingMessage,
            Kind.SETTINGS,
            _("Messages received"),
            ("to",),
            Destroyed(),
            {"attempts": OF_THE_PROGRAM, "holds_key": OF_THE_PROGRAM, "stop_url": KEY},
        ),
        Personal(
            DataExport,
            Kind.SETTINGS,
            _("Exports of own data"),
            ("person",),
            Destroyed(),
            {"content": OF_THE_PROGRAM},
        ),
        Personal(
            EmailConfirmation,
            Kind.CONTACT,
            _("Addresses to confirm"),
            ("email_address__user",),
            Destroyed(),
            {"key": KEY},
        ),
        Personal(EmailAddress, Kind.CONTACT, _("Addresses to sign in with"), ("user",), Destroyed()),
        Personal(Authenticator, Kind.SETTINGS, _("Second factors"), ("user",), Destroyed(), {"data": KEY}),
        Personal(
            UserSession,
            Kind.SESSIONS,
            _("Open sessions"),
            ("user",),
            Destroyed(),
            {"session_key": KEY, "data": OF_THE_PROGRAM},
        ),
    ),
    not_personal={
        Cooperative: "the co-op itself",
        Committee: "a body",
        CommitteePower: IN_THE_JOURNAL,
        Decision: IN_THE_JOURNAL,
        Incident: "no name is in it; " + IN_THE_JOURNAL,
        IncidentFollowUp: "no name is in it; " + IN_THE_JOURNAL,
        Purge: IN_THE_JOURNAL,
        PurgeItem: "numbers of what was destroyed",
        PurgedRow: "numbers of what was destroyed",
    },
)
