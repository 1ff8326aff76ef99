from .assignments import Assignment
from .registry import Role, Task

__all__ = ["Assignment", "Role", "Task"]
