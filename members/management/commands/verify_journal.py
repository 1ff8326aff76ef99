"""The journal's proof, from a terminal or a scheduled task."""

from django.core.management.base import BaseCommand, CommandError

from members import journal
from members.models import JournalEntry


class Command(BaseCommand):
    help = "Recompute the journal's chain; fails when a line was changed, or when --head is not in it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--head", default="", help="a hash written down before, to look for in the journal"
        )

    def handle(self, **options):
        broken = journal.first_broken_line()
        if broken is not None:
            raise CommandError(
                f"Line {broken} does not hold: it, or a line before it, was changed outside the software."
            )
        if options["head"] and not journal.holds(options["head"]):
            raise CommandError("This hash is not in the journal: lines were changed or removed.")
        self.stdout.write(f"{JournalEntry.objects.count()} lines hold. Head: {journal.head()}")
