from .assignments import Assignment
from .history import RoleVersion, TaskVersion
from .registry import Role, Task, TaskText
from .successions import TaskSuccession
from .terms import Candidacy, Opening, Term
from .training import LearningWish, Skill

__all__ = [
    "Assignment",
    "Candidacy",
    "LearningWish",
    "Opening",
    "Role",
    "RoleVersion",
    "Skill",
    "Task",
    "TaskSuccession",
    "TaskText",
    "TaskVersion",
    "Term",
]
