from .entries import SheetDecision, TimeEntry, WeekSheet
from .projects import Client, Closable, Project, Service

__all__ = ["Client", "Closable", "Project", "Service", "SheetDecision", "TimeEntry", "WeekSheet"]
