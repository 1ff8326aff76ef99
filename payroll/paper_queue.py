"""The documents of a large pay: sent to the queue with its issue, made by workers, followed on its page.

The queue is in the same database: a job is written with the pay or not at all. A worker that is
killed leaves its job to another one, and what was made stays made.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from .models import PayRun
from .tasks import make_documents

#: Documents of one job: some seconds of work, so that several workers share a pay and progress shows.
A_JOB = 100
#: A worker tells every ten seconds that it is there.
SILENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Progress:
    """How far the documents of a pay are. `is_queued`: some are left to workers; `is_worked_on`: one is there."""

    made: int
    total: int
    is_queued: bool
    is_worked_on: bool

    @property
    def is_done(self) -> bool:
        return self.made == self.total


def send(run: PayRun) -> int:
    """Leave the missing documents of a run to the workers; how many jobs that makes. Sent twice, made once."""
    missing = list(run.stubs.named().filter(document=None).order_by("pk").values_list("pk", flat=True))
    parts = [missing[start : start + A_JOB] for start in range(0, len(missing), A_JOB)]
    jobs = [{"run": run.pk, "first": part[0], "last": part[-1]} for part in parts]
    if jobs:
        make_documents.batch_defer(*jobs)
    return len(jobs)


def progress(run: PayRun) -> Progress:
    """The state of a run's documents. Two queries when all are made, four otherwise."""
    named = run.stubs.named()
    total, made = named.count(), named.filter(document__isnull=False).count()
    if made == total:
        return Progress(made, total, is_queued=False, is_worked_on=False)
    jobs = ProcrastinateJob.objects.filter(task_name=make_documents.name, args__run=run.pk)
    workers = ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENT)
    return Progress(
        made,
        total,
        is_queued=jobs.filter(status__in=["todo", "doing"]).exists(),
        is_worked_on=workers.exists(),
    )
