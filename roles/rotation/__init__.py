"""Rotation proposals: who could do what next period, fairly, from what people can do and want to learn.

Plain Python and the HiGHS solver; nothing of Django. A proposal decides nothing: a committee adopts it,
edits it or leaves it.
"""

from .problem import NotAProblem, Problem, from_json
from .program import Cancelled, Watch
from .proposing import Proposal, propose, to_json

__all__ = ["Cancelled", "NotAProblem", "Problem", "Proposal", "Watch", "from_json", "propose", "to_json"]
