"""What the workers of the queue do with the outbox, and with decisions on their day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from . import adopting, ballots, lifecycle, outbox


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="deliver_messages")
def deliver_messages(timestamp: int) -> None:
    """Send the messages that could not leave at once."""
    outbox.deliver_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", queueing_lock="decide_on_time")
def decide_on_time(timestamp: int) -> None:
    """Close the ballots whose last day is over, do what decisions do on the day they take effect.

    The accounts of those who left, too, close the day after the last one they open.
    """
    ballots.close_those_over()
    adopting.carry_out_those_due(timezone.localdate())
    lifecycle.close_accounts_due(timezone.localdate())
