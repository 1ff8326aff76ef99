"""What the workers of the queue write to members about their hours."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import nudges
from .sharing import publishing


@app.periodic(cron="5 * * * *")
@app.task(queue="mail", queueing_lock="write_nudges")
def write_nudges(timestamp: int) -> None:
    """Write the e-mails about hours that are due now, to those who asked for them."""
    nudges.write_due(timezone.now())


@app.periodic(cron="45 4 * * *")
@app.task(queue="upkeep", queueing_lock="publish_ratings")
def publish_ratings(timestamp: int) -> None:
    """Publish what the votes on tasks have become, each at most once a week."""
    publishing.publish_ratings()
