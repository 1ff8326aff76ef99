"""A pay run of the scratch co-op, timed in one process: `python -m benchmarks.runs JSON`."""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from koumbit.gunicorn import OBJECTS_BETWEEN_COLLECTIONS  # noqa: E402
from members.models import Person  # noqa: E402
from payroll import periods, runs  # noqa: E402


def _busy() -> float | None:
    """Seconds of processor so far, of this process and of its connection's; None if that one is elsewhere.

    On a machine that does other things too, they say more than the clock. Helpers that PostgreSQL takes
    for one question, where it does, are not in them.
    """
    connection.ensure_connection()
    scheduled = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if not scheduled.exists():
        return None
    return time.process_time() + int(scheduled.read_text().split()[0]) / 1e9


def _timed(do: Callable):
    """What was done, and how long it took: by the clock, and of processor."""
    began, busy = time.perf_counter(), _busy()
    done = do()
    seconds, now = time.perf_counter() - began, _busy()
    return done, (seconds, None if busy is None or now is None else now - busy)


def _as_a_server() -> None:
    """What a worker of the server has done before any request: addresses known, collections rare."""
    reverse("payroll:runs")
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def main(asked: dict) -> dict:
    _as_a_server()
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
