"""What this app keeps about people, for the export, the retention and the tests (`members.personal`)."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from koumbit.privacy import Kind

from .models import (
    Application,
    Ballot,
    BallotBox,
    Committee,
    CommitteePower,
    Confirmation,
    Cooperative,
    DataExport,
    Decision,
    DecisionRule,
    Elector,
    Execution,
    FailedExecution,
    Incident,
    IncidentFollowUp,
    Interest,
    JournalEntry,
    ListItem,
    Mandate,
    Membership,
    Motion,
    MotionVersion,
    Objective,
    ObjectiveChange,
    ObjectiveReading,
    OutgoingMessage,
    Pause,
    Person,
    Position,
    Probation,
    Purge,
    PurgedRow,
    PurgeItem,
    Remark,
    ShareEntry,
    StepItem,
    StepList,
    WorkStatus,
)
from .models.people import DESTROYED
from .personal import KEY, OF_THE_PROGRAM, OTHERS, Destroyed, Emptied, Part, Personal, Stays

DAYS = _("days, without a name: how many worked and were members, and when")
SUMS = _("days and amounts, so that the capital of the cooperative keeps its sum")
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
        Personal(Application, Kind.PATH, _("Applications"), ("person",), Emptied(("words",))),
        Personal(Probation, Kind.PATH, _("Probations"), ("person",), Stays(DAYS)),
        Personal(Pause, Kind.PATH, _("Pauses"), ("person",), Stays(DAYS)),
        Personal(StepItem, Kind.STEPS, _("Things to do"), ("list__person",), Destroyed()),
        Personal(StepList, Kind.STEPS, _("Lists of things to do"), ("person",), Destroyed()),
        Personal(ShareEntry, Kind.SHARES, _("Member shares"), ("person",), Stays(SUMS), year="on"),
        Personal(Mandate, Kind.GOVERNANCE, _("Mandates"), ("person",), Stays(ACTS)),
        Personal(Motion, Kind.GOVERNANCE, _("Proposals made"), ("proposed_by",), Stays(ACTS)),
        Personal(MotionVersion, Kind.GOVERNANCE, _("Texts of proposals"), ("written_by",), Stays(ACTS)),
        Personal(Remark, Kind.GOVERNANCE, _("Remarks on proposals"), ("by",), Stays(ACTS)),
        Personal(Interest, Kind.GOVERNANCE, _("Interests declared"), ("person",), Stays(ACTS)),
        Personal(Elector, Kind.GOVERNANCE, _("Ballots one was called to"), ("person",), Stays(ACTS)),
        Personal(Position, Kind.GOVERNANCE, _("Answers to open ballots"), ("elector__person",), Stays(ACTS)),
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
        DecisionRule: "how a body decides",
        Ballot: "counts; who is called has it among their own",
        BallotBox: "sealed: who voted what is not to be found out by anybody",
        Confirmation: IN_THE_JOURNAL,
        Execution: IN_THE_JOURNAL,
        FailedExecution: IN_THE_JOURNAL,
        Objective: "what a body aims at",
        ObjectiveChange: "what a body aims at",
        ObjectiveReading: "where an objective stands; " + IN_THE_JOURNAL,
        ListItem: "what is to be done, for anybody",
        Incident: "no name is in it; " + IN_THE_JOURNAL,
        IncidentFollowUp: "no name is in it; " + IN_THE_JOURNAL,
        Purge: IN_THE_JOURNAL,
        PurgeItem: "numbers of what was destroyed",
        PurgedRow: "numbers of what was destroyed",
    },
)
