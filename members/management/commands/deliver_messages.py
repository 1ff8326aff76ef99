"""What a scheduled task runs every few minutes: messages that could not leave at once."""

from django.core.management.base import BaseCommand

from members.outbox import deliver_waiting


class Command(BaseCommand):
    help = "Send the messages that have not left yet. Safe to run at any time, also twice at once."

    def handle(self, **options):
        sent, waiting = deliver_waiting()
        self.stdout.write(f"{sent} sent, {waiting} still waiting.")
