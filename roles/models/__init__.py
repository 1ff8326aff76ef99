from .assignments import Assignment
from .history import RoleVersion, TaskVersion
from .proposals import Proposal, ProposalEdit, Refusal, Rotation
from .ratings import Dimension, PublishedRating, Rating
from .registry import Role, Task, TaskText
from .successions import TaskSuccession
from .terms import Candidacy, Opening, Term
from .training import LearningWish, Skill

__all__ = [
    "Assignment",
    "Candidacy",
    "Dimension",
    "LearningWish",
    "Opening",
    "Proposal",
    "ProposalEdit",
    "PublishedRating",
    "Rating",
    "Refusal",
    "Role",
    "RoleVersion",
    "Rotation",
    "Skill",
    "Task",
    "TaskSuccession",
    "TaskText",
    "TaskVersion",
    "Term",
]
