"""What this app keeps about people, for the export, the retention and the tests (`members.personal`)."""

from django.utils.translation import gettext_lazy as _

from koumbit.privacy import Kind
from members.personal import Destroyed, Emptied, Part, Personal, Stays
from members.personal_data import ACTS, IN_THE_JOURNAL

from .models import (
    Assignment,
    Candidacy,
    LearningWish,
    Opening,
    Proposal,
    ProposalEdit,
    PublishedRating,
    Rating,
    Refusal,
    Role,
    RoleVersion,
    Rotation,
    Skill,
    Task,
    TaskSuccession,
    TaskVersion,
    Term,
)

OF_EVERYBODY = "reckoned for everybody at once, by numbers; one's own position has its page"

PART = Part(
    tables=(
        Personal(Assignment, Kind.ROLES, _("Tasks carried"), ("person",), Stays(ACTS)),
        Personal(Term, Kind.ROLES, _("Roles held"), ("person",), Stays(ACTS)),
        Personal(Candidacy, Kind.ROLES, _("Candidacies"), ("person",), Emptied(("words",))),
        Personal(Skill, Kind.ROLES, _("Levels in roles"), ("person",), Destroyed()),
        Personal(LearningWish, Kind.OPINIONS, _("Learning wishes"), ("person",), Destroyed()),
        Personal(Refusal, Kind.OPINIONS, _("Tasks not taken"), ("person",), Destroyed()),
        Personal(Rating, Kind.OPINIONS, _("Ratings of tasks"), ("person",), Destroyed()),
        Personal(ProposalEdit, Kind.ROLES, _("Hours proposed by hand"), ("person",), Stays(ACTS)),
    ),
    not_personal={
        Role: IN_THE_JOURNAL,
        RoleVersion: IN_THE_JOURNAL,
        Task: "a task",
        TaskVersion: "a task",
        TaskSuccession: "a task",
        Opening: IN_THE_JOURNAL,
        PublishedRating: "by three votes at least, without their authors",
        Rotation: OF_EVERYBODY,
        Proposal: OF_EVERYBODY,
    },
)
