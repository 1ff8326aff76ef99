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
from .objectives import Objective, ObjectiveReading
from .people import Membership, Person, WorkStatus
from .records import JournalEntry, OutgoingMessage

__all__ = [
    "Ballot",
    "BallotBox",
    "Committee",
    "CommitteePower",
    "Confirmation",
    "Cooperative",
    "Decision",
    "DecisionRule",
    "Elector",
    "Execution",
    "FailedExecution",
    "Interest",
    "JournalEntry",
    "Mandate",
    "Membership",
    "Motion",
    "MotionVersion",
    "Objective",
    "ObjectiveReading",
    "OutgoingMessage",
    "Person",
    "Position",
    "Power",
    "Remark",
    "WorkStatus",
]
