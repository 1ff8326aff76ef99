from .committees import Committee, CommitteePower, Decision, Mandate, Power
from .cooperative import Cooperative
from .people import Membership, Person, WorkStatus
from .privacy import DataExport, Incident, IncidentFollowUp, Purge, PurgedRow, PurgeItem
from .records import JournalEntry, OutgoingMessage

__all__ = [
    "Committee",
    "CommitteePower",
    "Cooperative",
    "DataExport",
    "Decision",
    "Incident",
    "IncidentFollowUp",
    "JournalEntry",
    "Mandate",
    "Membership",
    "OutgoingMessage",
    "Person",
    "Power",
    "Purge",
    "PurgeItem",
    "PurgedRow",
    "WorkStatus",
]
