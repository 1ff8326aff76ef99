"""Small problems, by trying everything: no plan on a grid beats the one that is proposed."""

import itertools
import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from roles.rotation import large
from roles.rotation.outcome import Outcome
from roles.rotation.problem import Config, Member, Problem, Task
from roles.rotation.program import Watch
from roles.rotation.proposing import propose
from roles.rotation.reading import from_json, to_json
from roles.rotation.rounding import on_grid

STEP = 4
SHORT = {
    "uncovered_hours": 100,
    "missing_people": 300,
    "mandate_hours": 100,
    "minimum_hours": 10,
    "touch_hours": 5,
    "under_load": 1,
    "over_load": 1,
}
#: How far apart two plans must be, at each of the four questions, for one to be better.
NOISE = (0.02, 2e-4, 1e-3, 0.05)


def cost(outcome: Outcome) -> float:
    return sum(SHORT[short.kind] * short.amount for short in outcome.shortfalls)


def merit(outcome: Outcome) -> tuple[float, float, float, float]:
    """The four questions, answered from the hours."""
    problem, config, excesses = outcome.problem, outcome.problem.config, outcome.excesses.values()
    learnt = sum(
        hours
        for (who, what), hours in outcome.given.items()
        if problem.member[who].wants.get(problem.task[what].role, 0) > 0
        and problem.may_learn(problem.member[who], problem.task[what])
    )
    roles = {(who, problem.task[what].role) for who, what in outcome.given}
    changes = (
        config.w_change * (outcome.hours_changed or 0.0)
        + config.w_fragment * len(outcome.given)
        + config.w_role * len(roles)
        - config.w_wish * learnt
    )
    return (cost(outcome), max(excesses, default=0.0), sum(excesses), changes)


def is_worse(ours: tuple[float, ...], best: tuple[float, ...]) -> bool:
    """At the first question at which the two differ."""
    for one, other, noise in zip(ours, best, NOISE, strict=True):
        if abs(one - other) > noise:
            return one > other
    return False


@st.composite
def problems(draw) -> Problem:
    """One to three people, one to three tasks, hours by steps, and every rule there is, kept or impossible."""

    def one_of(*values):
        return draw(st.sampled_from(values))

    def some(pairs, one_in):
        return [pair for pair in pairs if draw(st.integers(1, one_in)) == 1]

    members = [
        Member(
            f"p{n}",
            hours := STEP * draw(st.integers(0, 4)),
            {role: draw(st.integers(0, 4)) for role in "ab"},
            {role: draw(st.integers(-1, 1)) for role in "ab"},
            min_hours=one_of(0, 0, STEP),
            max_hours=one_of(math.inf, math.inf, hours + STEP, max(0, hours - STEP)),
            max_tasks=one_of(None, None, 1),
            max_roles=one_of(None, None, 1),
            carry=one_of((0.0, 0.0), (8.0, -12.0)),
            carry_hours=one_of(0.0, 10.0),
            counted=one_of(True, True, True, False),
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    tasks = [
        Task(
            f"t{n}",
            one_of("a", "b", None),
            STEP * draw(st.integers(0, 5)),
            draw(st.integers(1, 5)),
            draw(st.integers(1, 5)),
            min_people=draw(st.integers(0, 3)),
            max_people=one_of(None, 1, 2),
            min_chunk=one_of(0, STEP, 2 * STEP),
            learner_share=one_of(0.0, 0.5, 1.0),
            learners_per_mentor=draw(st.integers(0, 2)),
            mentor_slots=one_of(0, 0, 1),
        )
        for n in range(draw(st.integers(1, 3 if len(members) < 3 else 2)))
    ]
    pairs = [(member.id, task.id) for member in members for task in tasks]
    return Problem(
        tuple(members),
        tuple(tasks),
        mandates={pair: STEP * draw(st.integers(1, 2)) for pair in some(pairs, 8)},
        refusals=frozenset(some(pairs, 8)),
        touch=frozenset(some([(member.id, role) for member in members for role in "ab"], 6)),
        current={pair: STEP * draw(st.integers(1, 3)) for pair in some(pairs, 2)},
        config=Config(
            tau=one_of(0.0, 0.1, 0.25),
            load_band=one_of(0.0, 0.0, 0.25),
            w_fragment=one_of(0.01, 0.5),
            w_role=one_of(0.0, 0.5),
            w_wish=one_of(0.0, 0.25),
        ),
    )


def every_plan(problem: Problem):
    """Each sharing out by whole steps that breaks no rule."""
    pairs = list(problem.pairs)
    choices = [range(0, int(problem.pairs[pair]) + 1, STEP) for pair in pairs]
    for hours in itertools.product(*choices):
        outcome = Outcome(problem, dict(zip(pairs, hours, strict=True)))
        if not outcome.breaches:
            yield outcome


@settings(max_examples=60, deadline=None)
@given(problems())
def test_nothing_on_a_grid_beats_what_is_proposed(problem):
    """Strictly in the order of the four questions; and no rule is broken, whatever is asked."""
    proposal = propose(problem)
    outcome = proposal.outcome
    assert outcome.breaches == []
    assert not is_worse(merit(outcome), min(map(merit, every_plan(problem))))
    assert proposal.lower_bound <= outcome.max_deviation + 1e-9


@settings(max_examples=25, deadline=None)
@given(problems())
def test_what_is_covered_cancels_out(problem):
    outcome = propose(problem).outcome
    if not outcome.amount("uncovered_hours"):
        for k in (0, 1):
            assert abs(sum(outcome.balance(member, k) for member in problem.members)) < 0.05


@settings(max_examples=15, deadline=None)
@given(problems())
def test_the_way_of_a_large_co_op_breaks_no_rule_and_covers_as_much(problem):
    problem = problem.with_config(time_limit=3.0)
    found = Outcome(problem, large.solve(problem, Watch(3.0)).hours)
    assert found.breaches == []
    assert cost(found) <= min(map(cost, every_plan(problem))) + 0.5


@settings(max_examples=15, deadline=None)
@given(problems())
def test_quarters_of_an_hour_break_no_rule(problem):
    outcome = propose(problem.with_config(grid=0.25)).outcome
    assert outcome.breaches == []
    assert all(abs(4 * hours - round(4 * hours)) < 1e-9 for hours in outcome.given.values())


@settings(max_examples=25, deadline=None)
@given(problems())
def test_a_problem_is_the_same_after_being_kept(problem):
    kept = from_json(to_json(problem))
    assert replace(kept, members=()) == replace(problem, members=())
    assert [(of.id, of.hours, of.most, of.skills) for of in kept.members] == [
        (of.id, of.hours, of.most, of.skills) for of in problem.members
    ]


def test_steps_that_do_not_fit_leave_one_rather_than_break_a_rule():
    """The solver's arithmetic may pass a maximum by a hair: in whole steps nobody is beyond theirs."""
    problem = from_json(
        {
            "members": [{"id": "a", "hours": 10, "max_hours": 10, "skills": {"r": 2}}],
            "tasks": [
                {"id": "t", "role": "r", "hours": 5.25, "chunk": 1},
                {"id": "u", "role": "r", "hours": 5.0, "chunk": 1},
            ],
        }
    )
    beyond = Outcome(problem, {("a", "t"): 5.25, ("a", "u"): 5.0})
    assert [breach.kind for breach in beyond.breaches] == ["max_hours"]
    rounded = on_grid(beyond, 0.25, Watch(5.0))
    assert rounded.breaches == []
    assert sum(rounded.given.values()) == 10
    assert [(short.kind, short.amount) for short in rounded.shortfalls] == [("uncovered_hours", 0.25)]
