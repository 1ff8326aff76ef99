"""Compute the worked cases of a CSV file and compare them with what they expect."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payroll import deduction_cases
from payroll.deductions import Refused


def sentence(refusal: Refused) -> str:
    """A refusal in the language of whoever runs the command."""
    return _(refusal.message) % refusal.params


class Command(BaseCommand):
    """Check the deductions against official figures; no database is needed."""

    help = (
        "Compute the pays of a CSV file. Prints one CSV row of deductions per pay, and, where the "
        "file has exp_ columns, says on standard error whether the figures agree."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", required=True, metavar="FILE.csv", type=Path)

    def handle(self, *, cases: Path, **options: object) -> None:
        try:
            with cases.open(encoding="utf-8-sig", newline="") as source:
                done = list(deduction_cases.read(source))
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be opened: %(reason)s.")
                % {"file": cases, "reason": error.strerror}
            ) from None
        except Refused as refusal:
            raise CommandError(sentence(refusal)) from None
        deduction_cases.write(done, self.stdout, sentence)
        self.report(deduction_cases.compare(done))

    def report(self, agreement: deduction_cases.Agreement) -> None:
        """Say on standard error how many figures agree, and which do not."""
        if not agreement.compared:
            return
        for case, column, wanted, ours in agreement.disagreements:
            self.stderr.write(
                _("%(case)s: %(column)s should be %(wanted)s, and is %(ours)s.")
                % {
                    "case": case,
                    "column": column,
                    "wanted": wanted,
                    "ours": _("refused") if ours is None else ours,
                }
            )
        self.stderr.write(
            ngettext(
                "%(agree)s of %(compared)s figure agrees (%(cases)s pays, %(refused)s refused).",
                "%(agree)s of %(compared)s figures agree (%(cases)s pays, %(refused)s refused).",
                agreement.compared,
            )
            % {
                "agree": agreement.compared - len(agreement.disagreements),
                "compared": agreement.compared,
                "cases": agreement.cases,
                "refused": agreement.refused,
            }
        )
