"""What this app keeps about people, for the export, the retention and the tests (`members.personal`)."""

from django.utils.translation import gettext_lazy as _

from koumbit.privacy import Kind
from members.personal import KEY, OF_THE_PROGRAM, OTHERS, Destroyed, Emptied, Part, Personal, Stays

from .models import (
    AccessToken,
    Client,
    ConflictOfInterest,
    EntryVersion,
    FavouriteRow,
    HoursFileReading,
    Leave,
    LeaveCancellation,
    LeaveDay,
    LineMessage,
    Nudge,
    NudgeChoice,
    PersonMonth,
    Project,
    Service,
    SheetDecision,
    TaskMonth,
    TemplateCell,
    TimeEntry,
    Timer,
    WeekSheet,
    WeekTemplate,
)

NUMBERS = _("days and minutes, so that pay, services and roles keep their sums")

PART = Part(
    tables=(
        Personal(
            WeekSheet,
            Kind.HOURS,
            _("Weeks"),
            ("person",),
            Stays(NUMBERS),
            {"handed_in": OF_THE_PROGRAM},
            year="starts_on",
        ),
        Personal(
            TimeEntry,
            Kind.HOURS,
            _("Lines of hours"),
            ("person",),
            Emptied(("note", "reason", "question")),
            year="day",
        ),
        Personal(PersonMonth, Kind.HOURS, _("Hours of a month"), ("person",), Stays(NUMBERS), year="month"),
        Personal(
            SheetDecision,
            Kind.HOURS,
            _("What was done with the weeks"),
            ("sheet__person",),
            Emptied(("because",)),
            {"digest": OF_THE_PROGRAM},
            year="sheet__starts_on",
        ),
        Personal(EntryVersion, Kind.LINES, _("What lines said before"), ("person",), Destroyed(), year="day"),
        Personal(
            LineMessage,
            Kind.LINES,
            _("Questions and answers about lines"),
            ("sheet__person",),
            Destroyed(),
            {"entry": OF_THE_PROGRAM},
            year="sheet__starts_on",
        ),
        Personal(Leave, Kind.LEAVE, _("Leave"), ("person",), Emptied(("note", "answer")), year="ends_on"),
        Personal(LeaveDay, Kind.LEAVE, _("Days of leave"), ("person",), Stays(NUMBERS), year="day"),
        Personal(
            LeaveCancellation,
            Kind.LEAVE,
            _("Leave given back"),
            ("person",),
            Emptied(("because", "answer")),
            year="ends_on",
        ),
        Personal(
            ConflictOfInterest,
            Kind.ROLES,
            _("Conflicts of interest declared"),
            ("approver",),
            Emptied(("because",)),
            {"person": OTHERS},
        ),
        Personal(
            ConflictOfInterest,
            Kind.ROLES,
            _("Conflicts of interest about the hours"),
            ("person",),
            Emptied(("because",)),
            {"approver": OTHERS, "because": OTHERS},
        ),
        Personal(NudgeChoice, Kind.SETTINGS, _("Reminders chosen"), ("person",), Destroyed()),
        Personal(Nudge, Kind.SETTINGS, _("Reminders received"), ("person",), Destroyed()),
        Personal(FavouriteRow, Kind.SETTINGS, _("Rows at hand"), ("person",), Destroyed()),
        Personal(TemplateCell, Kind.SETTINGS, _("Cells of usual weeks"), ("template__person",), Destroyed()),
        Personal(WeekTemplate, Kind.SETTINGS, _("Usual weeks"), ("person",), Destroyed()),
        Personal(Timer, Kind.SETTINGS, _("Timer"), ("person",), Destroyed()),
        Personal(AccessToken, Kind.SETTINGS, _("Keys of tools"), ("person",), Destroyed(), {"digest": KEY}),
        Personal(
            HoursFileReading,
            Kind.SETTINGS,
            _("How files were read"),
            ("person",),
            Destroyed(),
            {"columns_digest": OF_THE_PROGRAM},
        ),
    ),
    not_personal={
        Service: "what the co-op sells",
        Client: "an organization",
        Project: "work for a client",
        TaskMonth: "sums of everybody",
    },
)
