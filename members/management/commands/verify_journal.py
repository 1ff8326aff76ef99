"""The journal's proof, from a terminal or a scheduled task."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
                _("Line %(line)s does not hold: it, or a line before it, was changed outside the software.")
                % {"line": broken}
            )
        head = options["head"]
        if head and journal.line_of(head) is None:
            raise CommandError(_("This hash is not in the journal: lines were changed or removed."))
        if head:
            self.stdout.write(_("The hash that was written down is in the journal."))
        lines = JournalEntry.objects.count()
        self.stdout.write(
            ngettext("%(lines)s line holds. Head: %(head)s", "%(lines)s lines hold. Head: %(head)s", lines)
            % {"lines": lines, "head": journal.head()}
        )
