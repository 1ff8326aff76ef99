"""Rotation proposals of made-up co-ops: `python -m benchmarks.rotation PEOPLE ROLES TASKS [SEED]`.

A sharing out that covers everything is drawn first and the tasks are what it does, so that coverage is
known to be possible; what people hold today is another drawing, less even.
"""

import json
import random
import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from roles import rotation

#: People, roles, tasks; the seconds and the ratio that are aimed at.
SIZES = (
    (10, 12, 60, 10, 1.02),
    (50, 30, 200, 60, 1.05),
    (200, 40, 600, 300, None),
    (1000, 60, 1500, 300, None),
)


def problem(people: int, roles: int, tasks: int, seed: int = 1) -> dict[str, Any]:
    """A period of thirteen weeks: each has a third of the roles in a small co-op, some six in a large one."""
    chance = random.Random(seed)
    of_role = {f"r{n}": [t for t in range(tasks) if t % roles == n] for n in range(roles)}
    rated = {t: (chance.uniform(1.5, 4.5), chance.uniform(1.5, 4.5)) for t in range(tasks)}
    members = []
    for n in range(people):
        known = chance.sample(list(of_role), min(roles, max(4, min(7, roles // 3))))
        skills = {role: chance.choice((2, 2, 3, 4)) for role in known}
        hours = 13.0 * chance.choice((15, 20, 25, 30, 30, 35))
        members.append({"id": f"m{n}", "hours": hours, "skills": skills, "max_hours": hours * 1.1})
    for n, role in enumerate(of_role):
        members[n % people]["skills"][role] = 4
        members[(n * 7 + 3) % people]["skills"].setdefault(role, 3)
    shared = _draw(members, of_role, chance, parts=5)
    asked: dict[int, float] = defaultdict(float)
    for (_who, task), hours in shared.items():
        asked[task] += hours
    return {
        "members": members,
        "tasks": [
            {
                "id": f"t{t}",
                "role": f"r{t % roles}",
                "hours": asked[t],
                "d": round(rated[t][0], 2),
                "e": round(rated[t][1], 2),
                "min_chunk": 6 if asked[t] >= 12 else 2,
            }
            for t in range(tasks)
            if asked[t] > 0
        ],
        "current": [
            [members[who]["id"], f"t{task}", hours]
            for (who, task), hours in _draw(members, of_role, chance, parts=3).items()
            if asked[task] > 0
        ],
        "config": {"tau": 0.25, "load_band": 0.05, "grid": 0.25},
    }


def _draw(members: list, of_role: dict, chance: random.Random, *, parts: int) -> dict[tuple[int, int], float]:
    """Everybody's hours on some of the tasks they can do, by whole hours."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    for who, member in enumerate(members):
        able = [task for role in member["skills"] for task in of_role[role]]
        chosen = chance.sample(able, min(parts, len(able)))
        each = member["hours"] // len(chosen)
        for task in chosen:
            found[who, task] += each
        found[who, chosen[0]] += member["hours"] - each * len(chosen)
    return found


def main(people: int, roles: int, tasks: int, seed: int = 1, tell: Callable | None = None) -> dict[str, Any]:
    given = rotation.from_json(problem(people, roles, tasks, seed))
    limit = next((goal for size, _roles, _tasks, goal, _ratio in SIZES if size >= people), 300) * 0.8
    proposal = rotation.propose(given.with_config(time_limit=limit), rotation.Watch(limit, tell=tell))
    outcome = proposal.outcome
    return {
        "pairs": len(given.pairs),
        "seconds": proposal.seconds,
        "ratio": proposal.ratio,
        "gap": outcome.max_deviation,
        "uncovered": outcome.amount("uncovered_hours") + outcome.amount("missing_people"),
        "shortfalls": len(outcome.shortfalls),
        "breaches": len(outcome.breaches),
        "moved": outcome.hours_moved,
        "work": sum(task.hours for task in given.tasks),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*(int(size) for size in sys.argv[1:]))))
