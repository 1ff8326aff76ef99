"""What the workers of the queue do: messages, and archives of somebody's own data."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import outbox, own_data
from .models import DataExport


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="deliver_messages")
def deliver_messages(timestamp: int) -> None:
    """Send the messages that could not leave at once."""
    outbox.deliver_waiting()


@app.task(queue="documents", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def make_export(*, export: int) -> None:
    """Make somebody's archive of their own data that was too long to wait for."""
    own_data.make(DataExport.objects.get(pk=export))


@app.periodic(cron="17 3 * * *")
@app.task(queue="mail", queueing_lock="forget_exports")
def forget_exports(timestamp: int) -> None:
    """Empty the archives of own data that are a week old."""
    own_data.forget_old()
