"""The way of a large co-op, on one small enough to try here: nothing missed, nothing broken, bounded."""

import pytest

from benchmarks.rotation import problem
from roles.rotation import Cancelled, Watch, from_json, large, propose
from roles.rotation.outcome import Outcome
from roles.rotation.relaxed import Relaxed
from roles.rotation.rounding import on_grid
from roles.rotation.turns import turns


@pytest.fixture(scope="module")
def period():
    return from_json(problem(12, 10, 40, seed=3))


def test_small_groups_find_a_plan_without_shortfall_near_its_bound(period):
    found = large.solve(period, Watch(60))
    outcome = Outcome(period, found.hours)
    assert outcome.breaches == []
    assert outcome.amount("uncovered_hours") < 0.05
    bound = period.config.tau + found.bounds["worst"]
    assert outcome.max_deviation <= 1.05 * max(period.config.tau, bound)


def test_columns_brought_in_by_price_reach_the_cost_of_all(period, monkeypatch):
    everything = Relaxed(period.with_config(tau=0.0), Watch())
    least = everything.minimise(shortfalls=10.0, largest=100.0).cost
    monkeypatch.setattr("roles.rotation.relaxed.MORE", 30)
    monkeypatch.setattr("roles.rotation.relaxed.OF_MEMBER", 2)
    monkeypatch.setattr("roles.rotation.relaxed.OF_TASK", 1)
    some = Relaxed(period.with_config(tau=0.0), Watch())
    assert some.is_in.sum() < len(some.pairs)
    assert some.minimise(shortfalls=10.0, largest=100.0).cost == pytest.approx(least, abs=1e-5)


def test_hours_are_put_on_a_grid_and_tasks_keep_their_sums(period):
    found = large.solve(period, Watch(60))
    outcome = on_grid(Outcome(period, found.hours), 0.25, Watch())
    assert all(hours % 0.25 == 0 for hours in outcome.given.values())
    assert outcome.amount("uncovered_hours") == 0
    assert outcome.breaches == []


def test_somebody_may_stop_it_at_any_stage(period):
    for stop_at in ("shortfalls", "worst", "changes"):
        said = []

        def tell(stage, _part, said=said):
            said.append(stage)

        with pytest.raises(Cancelled):
            propose(period, Watch(20, tell=tell, is_cancelled=lambda said=said, at=stop_at: at in said))


def test_progress_only_goes_forward(period):
    parts = []
    large.solve(period, Watch(60, tell=lambda _stage, part: parts.append(part)))
    assert parts == sorted(parts)
    assert parts[-1] <= 1


def test_turns_reach_every_place_over_the_periods():
    people, roles, periods = [f"p{n}" for n in range(8)], [f"r{n}" for n in range(8)], 4
    late = {(who, role): periods + 1.0 for who in people for role in roles}
    touched = set()
    for _period in range(periods):
        due = turns(late, dict.fromkeys(roles, 2), roles=len(roles), periods=periods)
        assert all(sum(pair[0] == who for pair in due) <= 2 for who in people)
        assert all(sum(pair[1] == role for pair in due) <= 2 for role in roles)
        touched |= due
        late = {pair: 0.0 if pair in due else wait + 1 for pair, wait in late.items() if pair not in touched}
    assert touched == {(who, role) for who in people for role in roles}


def test_who_is_autonomous_takes_no_place_of_a_learner():
    late = {("ana", "web"): 2.0, ("bob", "web"): 1.0}
    assert turns(late, {"web": 0}, roles=4, needs_place={("ana", "web"): False}) == {("ana", "web")}
