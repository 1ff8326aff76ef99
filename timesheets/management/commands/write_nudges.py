"""What a scheduled task runs every hour: the e-mails about hours that are due."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from timesheets.nudges import write_due


class Command(BaseCommand):
    help = (
        "Write the e-mails about hours that are due now (Friday afternoon, Monday morning) to those who "
        "asked for them. Safe to run at any time, also twice at once."
    )

    def handle(self, **options):
        self.stdout.write(f"{write_due(timezone.now())} written.")
