"""Rotation proposals: who could do what next period, fairly, from what people can do and want to learn.

Plain Python and the HiGHS solver; nothing of Django. A proposal decides nothing: a committee adopts it,
edits it or leaves it.
"""

from .problem import Problem
from .program import Cancelled, Watch
from .proposing import Proposal, propose, to_json
from .reading import from_json

#: What a stored result was computed by: another number when the same inputs may give another answer.
VERSION = "1"

__all__ = [
    "VERSION",
    "Cancelled",
    "Problem",
    "Proposal",
    "Watch",
    "from_json",
    "propose",
    "to_json",
]
