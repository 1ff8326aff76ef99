"""Is somebody there to compute what is asked?"""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

#: A worker tells every ten seconds that it is there.
SILENT = timedelta(seconds=60)


def is_worked_on() -> bool:
    """Has a worker told lately that it is there?"""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=timezone.now() - SILENT).exists()
