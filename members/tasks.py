"""What the workers of the queue do: messages, decisions on their day, archives of somebody's own data."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import adopting, ballot_mail, ballots, lifecycle, outbox, own_data, renewals
from .models import DataExport


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="deliver_messages")
def deliver_messages(timestamp: int) -> None:
    """Send the messages that could not leave at once."""
    outbox.deliver_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(queue="upkeep", queueing_lock="decide_on_time")
def decide_on_time(timestamp: int) -> None:
    """Close the ballots whose last day is over, do what decisions do on the day they take effect.

    Those who have not answered a ballot that closes tomorrow are reminded. The accounts of those who left, too,
    close the day after the last one they open.
    """
    ballots.close_those_over()
    adopting.carry_out_those_due(timezone.localdate())
    ballot_mail.remind_due(timezone.now())
    lifecycle.close_accounts_due(timezone.localdate())


@app.task(queue="documents", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def make_export(*, export: int) -> None:
    """Make somebody's archive of their own data that was too long to wait for."""
    own_data.make(DataExport.objects.get(pk=export))


@app.periodic(cron="17 3 * * *")
@app.task(queue="mail", queueing_lock="forget_exports")
def forget_exports(timestamp: int) -> None:
    """Empty the archives of own data that are a week old."""
    own_data.forget_old()


@app.periodic(cron="25 8 * * *")
@app.task(queue="mail", queueing_lock="tell_of_ends")
def tell_of_ends(timestamp: int) -> None:
    """Tell, once, those whose mandate ends within six weeks, and the bodies they sit on."""
    renewals.tell_of_ends(timezone.localdate())
