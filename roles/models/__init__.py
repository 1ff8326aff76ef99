from .assignments import Assignment
from .history import RoleVersion, TaskVersion
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
    "PublishedRating",
    "Rating",
    "Role",
    "RoleVersion",
    "Skill",
    "Task",
    "TaskSuccession",
    "TaskText",
    "TaskVersion",
    "Term",
]
