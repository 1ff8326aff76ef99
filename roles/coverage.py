"""Who has touched which role, and how far that can go: arithmetic of training. No Django here.

Coverage is not balance: it asks that everybody comes near every role, so that nobody is the only one to
know. It is a ratio to what the roles can take in: learners need hours to learn on, and a mentor.
Times are integer minutes over a window of periods; coverages are fractions between 0 and 1.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

TOUCHED = 4 * 60
PRACTISED = 20 * 60
WINDOW = 4
TOLD = 5 * 60
AUTONOMOUS, CAN_MENTOR = 2, 3  # levels, once confirmed


class Stage(IntEnum):
    """How near a person has come to a role."""

    FAR = 0
    TOUCHED = 1
    PRACTISED = 2
    AUTONOMOUS = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a task offers to learners in a period: its minutes, their percent, the least worth taking."""

    minutes: int
    learners_percent: int = 30
    smallest_minutes: int = 120
    learners_per_mentor: int = 1

    @property
    def places(self) -> int:
        """Learners its hours can take in."""
        return self.minutes * self.learners_percent // (100 * self.smallest_minutes)


def stage(minutes: int, level: int) -> Stage:
    """Where somebody stands in a role, by the minutes logged on it in the window and the counted level."""
    if level >= AUTONOMOUS:
        return Stage.AUTONOMOUS
    if minutes >= PRACTISED:
        return Stage.PRACTISED
    return Stage.TOUCHED if minutes >= TOUCHED else Stage.FAR


def coverage(touched: int, roles: int, tenure: Fraction | int = WINDOW, window: int = WINDOW) -> Fraction:
    """The part of the roles a person has touched, of those they had the time to come near.

    `tenure` is how many periods of the window they were there: somebody who came in half-way owes half.
    """
    expected = max(Fraction(1), Fraction(roles) * min(Fraction(tenure), Fraction(window)) / window)
    return min(Fraction(1), touched / expected)


def learner_places(lessons: Iterable[Lesson], mentors: int) -> int:
    """How many people a role can take in as learners in a period: by its hours, and by its mentors.

    A mentor has as many learners as the task allows that allows most.
    """
    lessons = list(lessons)
    by_mentors = mentors * max((lesson.learners_per_mentor for lesson in lessons), default=0)
    return min(sum(lesson.places for lesson in lessons), by_mentors)


def coverage_bound(
    near: Mapping[object, int], places: Mapping[object, int], *, people: int, periods: int = WINDOW
) -> Fraction | None:
    """The most the co-op's mean coverage can become in so many periods; None without people or roles.

    `near`: how many people have touched each role already, or are autonomous in it; `places`: its
    learner places in a period. A goal is a part of this bound, not of 100 %.
    """
    if not people or not near:
        return None
    reachable = sum(min(people, count + places.get(role, 0) * periods) for role, count in near.items())
    return Fraction(reachable, people * len(near))


def own_bound(
    own: Collection[object],
    near: Mapping[object, int],
    places: Mapping[object, int],
    *,
    people: int,
    periods: int = WINDOW,
) -> Fraction | None:
    """The most one person's coverage can become in so many periods, when places are shared alike.

    `own` are the roles they are near already. Of the others, they get to what the places of a role are for
    each person who still lacks it, so that the mean of everybody's bound is that of the co-op.
    """
    if not people or not near:
        return None
    reachable = Fraction(0)
    for role, count in near.items():
        if role in own:
            reachable += 1
        elif places.get(role, 0):
            reachable += min(Fraction(1), Fraction(places[role] * periods, people - count))
    return reachable / len(near)


def told(minutes: int) -> int:
    """What is left to learn, as everybody is told it: rounded up to a step, and not somebody's hours to the minute."""
    return -(-minutes // TOLD) * TOLD


def mentor_minutes(learning: int) -> int:
    """The time of mentors that learning asks for: side by side, an hour for an hour."""
    return learning


def percent(part: Fraction) -> int:
    """A part of one, in whole percents, as it is shown."""
    return round(part * 100)
