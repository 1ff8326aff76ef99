"""For the monitor: can the product work, and would it survive the loss of this machine?

The page is open to anyone and so says yes or no to each question, nothing more.
"""

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateEvent

from members.access import open_to_anyone

LONGEST_WAIT = timedelta(minutes=15)  # for a worker to take up a job
LEAST_FREE_BYTES = 500 * 1024 * 1024
OLDEST_BACKUP_HOURS = 26  # one a day, with time to be late


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def schema_is_the_codes() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def queue_is_taken_up() -> bool:
    """Does no job wait for longer than a worker that runs would let it?"""
    waiting = ProcrastinateEvent.objects.filter(type="deferred", job__status="todo", job__scheduled_at=None)
    return not waiting.filter(at__lt=timezone.now() - LONGEST_WAIT).exists()


def disk_has_room() -> bool:
    folder = settings.VAR_DIR if settings.VAR_DIR.is_dir() else settings.BASE_DIR
    return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES


def backup_is_recent(folder: Path, *, now: float) -> bool:
    """Is the newest backup of the folder younger than `OLDEST_BACKUP_HOURS` at the moment `now`?"""
    newest = max((path.stat().st_mtime for path in folder.glob("*.dump")), default=0.0)
    return now - newest <= OLDEST_BACKUP_HOURS * 3600


@open_to_anyone
def health(request):
    """The database, its schema, the disk and, where `BACKUP_DIR` says, the last backup; 503 if one is wrong."""
    answers = {"database": database_answers(), "disk": disk_has_room()}
    answers["migrations"] = answers["database"] and schema_is_the_codes()
    answers["queue"] = answers["migrations"] and queue_is_taken_up()
    if settings.BACKUP_DIR:
        answers["backup"] = backup_is_recent(settings.BACKUP_DIR, now=time.time())
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)
