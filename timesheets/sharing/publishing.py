"""The ratings of tasks are published with the hours at hand, which say who does each task."""

from django.utils import timezone

from members.models import Cooperative
from roles import ratings

from .balance import holders, sharing


def publish_ratings() -> int:
    """Publish the values that have changed enough; how many were."""
    found = sharing(Cooperative.objects.first(), timezone.localdate())
    return ratings.publish(now=timezone.now(), holders=holders(found))
