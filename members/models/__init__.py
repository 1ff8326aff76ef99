from .committees import Committee, CommitteePower, Decision, Mandate, Power
from .cooperative import Cooperative
from .people import Membership, Person, WorkStatus
from .records import JournalEntry, OutgoingMessage

__all__ = [
    "Committee",
    "CommitteePower",
    "Cooperative",
    "Decision",
    "JournalEntry",
    "Mandate",
    "Membership",
    "OutgoingMessage",
    "Person",
    "Power",
    "WorkStatus",
]
