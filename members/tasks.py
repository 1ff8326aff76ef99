"""What the workers of the queue do with the outbox."""

from procrastinate.contrib.django import app

from . import outbox


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="deliver_messages")
def deliver_messages(timestamp: int) -> None:
    """Send the messages that could not leave at once."""
    outbox.deliver_waiting()
