from .committees import Committee, CommitteePower, Decision, Mandate, Power
from .cooperative import Cooperative
from .deciding import (
    Ballot,
    BallotBox,
    Confirmation,
    DecisionRule,
    Elector,
    Execution,
    FailedExecution,
    Interest,
    Motion,
    MotionVersion,
    Position,
    Remark,
)
from .meetings import (
    Addendum,
    AgendaPoint,
    Attendance,
    Meeting,
    Minutes,
    PointDecision,
    Undertaking,
)
from .objectives import Objective, ObjectiveChange, ObjectiveReading
from .paths import Application, Probation
from .pauses import Pause
from .people import Membership, Person, WorkStatus
from .privacy import DataExport, Incident, IncidentFollowUp, Purge, PurgedRow, PurgeItem
from .records import JournalEntry, OutgoingMessage
from .shares import ShareEntry
from .steps import ListItem, Step, StepItem, StepList

__all__ = [
    "Addendum",
    "AgendaPoint",
    "Application",
    "Attendance",
    "Ballot",
    "BallotBox",
    "Committee",
    "CommitteePower",
    "Confirmation",
    "Cooperative",
    "DataExport",
    "Decision",
    "DecisionRule",
    "Elector",
    "Execution",
    "FailedExecution",
    "Incident",
    "IncidentFollowUp",
    "Interest",
    "JournalEntry",
    "ListItem",
    "Mandate",
    "Meeting",
    "Membership",
    "Minutes",
    "Motion",
    "MotionVersion",
    "Objective",
    "ObjectiveChange",
    "ObjectiveReading",
    "OutgoingMessage",
    "Pause",
    "Person",
    "PointDecision",
    "Position",
    "Power",
    "Probation",
    "Purge",
    "PurgeItem",
    "PurgedRow",
    "Remark",
    "ShareEntry",
    "Step",
    "StepItem",
    "StepList",
    "Undertaking",
    "WorkStatus",
]
