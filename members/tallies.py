"""How a body comes to a decision: from what its members answered to adopted, refused or not enough people.

Plain Python. A body decides in one of three ways:

- **consent**: nobody has a reasoned objection. One who cannot live with it objects and says why;
- **consensus**: everybody looks for what all can carry. Nobody opposes, and enough of those who do not
  abstain agree rather than stand aside;
- **vote**: enough of those who say for or against say for. Abstentions count for the quorum alone.

Shares are compared as exact fractions; nothing is rounded.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction


class Method(StrEnum):
    CONSENT = "consent"
    CONSENSUS = "consensus"
    VOTE = "vote"


class Threshold(StrEnum):
    """What share has to be reached: more than half, or at least the other ones."""

    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"
    EVERYONE = "everyone"

    def reached(self, part: int, whole: int) -> bool:
        """Is `part` of `whole` enough? Never of nothing."""
        if whole == 0:
            return False
        share = Fraction(part, whole)
        if self is Threshold.MAJORITY:
            return share > Fraction(1, 2)
        return share >= _AT_LEAST[self]


_AT_LEAST = {
    Threshold.TWO_THIRDS: Fraction(2, 3),
    Threshold.THREE_QUARTERS: Fraction(3, 4),
    Threshold.EVERYONE: Fraction(1),
}


class Choice(StrEnum):
    """What one may answer. In a vote nobody stands aside: one abstains."""

    AGREE = "agree"
    STAND_ASIDE = "stand_aside"
    ABSTAIN = "abstain"
    DISAGREE = "disagree"


class Result(StrEnum):
    ADOPTED = "adopted"
    REFUSED = "refused"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True)
class Rule:
    """How a body decides. `quorum_percent`: how many of those who may answer have to, from 0 to 100."""

    method: Method
    quorum_percent: int
    threshold: Threshold

    @property
    def choices(self) -> tuple[Choice, ...]:
        if self.method is Method.VOTE:
            return (Choice.AGREE, Choice.DISAGREE, Choice.ABSTAIN)
        return (Choice.AGREE, Choice.STAND_ASIDE, Choice.ABSTAIN, Choice.DISAGREE)

    def needs_reason(self, choice: Choice) -> bool:
        """An objection is reasoned; a vote against is not asked why."""
        return choice is Choice.DISAGREE and self.method is not Method.VOTE


@dataclass(frozen=True)
class Count:
    """How many answered what."""

    agree: int = 0
    stand_aside: int = 0
    abstain: int = 0
    disagree: int = 0

    @property
    def answered(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))


def needed(rule: Rule, electors: int) -> int:
    """How many of the electors have to answer, at least one: the quorum, rounded up to a whole person."""
    return max(1, -(-electors * rule.quorum_percent // 100))


def result(rule: Rule, count: Count, electors: int) -> Result:
    """What the answers of a body come to. `electors` is how many could answer."""
    if count.answered < needed(rule, electors):
        return Result.NO_QUORUM
    if rule.method is Method.CONSENT:
        adopted = count.disagree == 0
    elif rule.method is Method.CONSENSUS:
        adopted = count.disagree == 0 and rule.threshold.reached(count.agree, count.agree + count.stand_aside)
    else:
        adopted = rule.threshold.reached(count.agree, count.agree + count.disagree)
    return Result.ADOPTED if adopted else Result.REFUSED
