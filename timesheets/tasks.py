"""What the workers of the queue write to members about their hours."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import nudges


@app.periodic(cron="5 * * * *")
@app.task(queue="mail", queueing_lock="write_nudges")
def write_nudges(timestamp: int) -> None:
    """Write the e-mails about hours that are due now, to those who asked for them."""
    nudges.write_due(timezone.now())
