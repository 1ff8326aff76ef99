from .entries import SheetDecision, TimeEntry, WeekSheet
from .projects import Client, Project, Service

__all__ = ["Client", "Project", "Service", "SheetDecision", "TimeEntry", "WeekSheet"]
