from .entries import SheetDecision, TimeEntry, WeekSheet
from .history import EntryVersion
from .imports import HoursFileReading
from .leave import Leave, LeaveCancellation, LeaveDay
from .nudges import Nudge, NudgeChoice
from .projects import Client, Closable, Project, Service
from .questions import ConflictOfInterest, LineMessage
from .rows import FavouriteRow, TemplateCell, WeekTemplate
from .sums import PersonMonth, TaskMonth
from .tools import AccessToken, Timer

__all__ = [
    "AccessToken",
    "Client",
    "Closable",
    "ConflictOfInterest",
    "EntryVersion",
    "FavouriteRow",
    "HoursFileReading",
    "Leave",
    "LeaveCancellation",
    "LeaveDay",
    "LineMessage",
    "Nudge",
    "NudgeChoice",
    "PersonMonth",
    "Project",
    "Service",
    "SheetDecision",
    "TaskMonth",
    "TemplateCell",
    "TimeEntry",
    "Timer",
    "WeekSheet",
    "WeekTemplate",
]
