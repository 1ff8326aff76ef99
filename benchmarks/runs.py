"""A pay run of the scratch co-op, timed in one process: `python -m benchmarks.runs JSON`."""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date

import django

django.setup()

from members.models import Person  # noqa: E402
from payroll import periods, runs  # noqa: E402


def _timed(do: Callable):
    began = time.perf_counter()
    return do(), time.perf_counter() - began


def main(asked: dict) -> dict:
    holder, issuer = (Person.objects.get(pk=asked[who]) for who in ("holder", "issuer"))
    period = periods.starting(date.fromisoformat(asked["period"]))
    # What is seen is let go, as a request does at its end: two previews at once are nobody's memory.
    cold = _timed(lambda: runs.preview(period))[1]
    preview = _timed(lambda: runs.preview(period))[1]
    run, prepare = _timed(lambda: runs.prepare(period, by=holder, because="mesure"))
    run, issue = _timed(lambda: runs.issue(run, by=issuer, documents=False))
    return {
        "preview": preview,
        "first preview": cold,
        "prepare": prepare,
        "issue without PDF": issue,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stubs": run.stubs.count(),
        "stub": run.stubs.order_by("pk").first().pk,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))))
