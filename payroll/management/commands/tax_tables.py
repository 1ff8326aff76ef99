"""List the dated tables of the law, or show what a year changes value by value."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit.formats import day
from payroll import editions
from payroll.deductions import TableError, reviewed_days
from payroll.deductions.parameters import all_tables
from payroll.editions import Line, Part


class Command(BaseCommand):
    """What the person who reviews a new year reads, and who reads it again after them. No database is needed."""

    help = (
        "List every table of rates with its edition, its days and how many values are to verify. With "
        "--against YEAR, show each value beside that year's (what changed, what did not, its source) and "
        "redo the sums that tie them together; a sum that disagrees or a missing table ends in an error."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--against", type=int, metavar="YEAR", help="the year to compare with")
        parser.add_argument(
            "--year", type=int, metavar="YEAR", help="the year to show (by default the latest)"
        )

    def handle(self, *, against: int | None, year: int | None, **options: object) -> None:
        try:
            all_tables()
        except TableError as error:
            raise CommandError(_("A table cannot be read: %(reason)s.") % {"reason": error}) from None
        self.list_tables()
        if against is None and year is None:
            return
        year = year or editions.years()[0]
        problems = self.compare(year, year - 1 if against is None else against)
        if problems:
            raise CommandError("\n".join(problems))

    def list_tables(self) -> None:
        for name, table, doubtful in editions.every_table():
            self.stdout.write(
                _("%(kind)s – %(edition)s: from %(first)s, reviewed through %(last)s (%(verify)s)")
                % {
                    "kind": name,
                    "edition": table.edition,
                    "first": day(table.effective_from),
                    "last": day(table.reviewed_through),
                    "verify": ngettext("%(count)s value to verify", "%(count)s values to verify", doubtful)
                    % {"count": doubtful},
                }
            )
        self.stdout.write(
            _("Pay dates from %(first)s through %(last)s are computed; all others are refused.")
            % {"first": day(reviewed_days()[0]), "last": day(editions.last_reviewed())}
        )

    def compare(self, year: int, against: int) -> list[str]:
        """Write each value and sum of a year beside another's; what is wrong comes back as sentences."""
        self.stdout.write("\n" + _("%(year)s beside %(against)s") % {"year": year, "against": against})
        problems = []
        for part in editions.parts(year, against):
            self.stdout.write(f"\n{part.name}")
            if part.table is None:
                problems.append(
                    _("%(kind)s: no table for %(year)s, so its pay dates are refused.")
                    % {"kind": part.name, "year": year}
                )
                self.stdout.write(f"  {problems[-1]}")
                continue
            problems += self.write_part(part)
        return problems

    def write_part(self, part: Part) -> list[str]:
        if part.is_carried_over:
            self.stdout.write("  " + _("%(edition)s holds in both years") % {"edition": part.table.edition})
        else:
            self.stdout.write(f"  {part.before.edition if part.before else '–'} → {part.table.edition}")
        for line in part.lines:
            self.stdout.write(f"  {self.value(line)}")
        problems = []
        for of in part.sums:
            words = {"sum": of.label, "computed": of.computed, "printed": of.printed}
            if of.agrees:
                self.stdout.write("  ✓ " + _("%(sum)s: %(computed)s, printed %(printed)s") % words)
            else:
                problems.append(_("%(sum)s: %(computed)s, but %(printed)s is printed") % words)
                self.stdout.write(f"  ✗ {problems[-1]}")
        return problems

    def value(self, line: Line) -> str:
        """One value on a line: what it was, what it is, then its marks and its source."""
        marks = [f"{line.confidence}: {line.how_sure}"]
        if line.is_same:
            marks.append(_("unchanged"))
        if line.is_to_verify:
            marks.append(_("to verify"))
        if line.cites_the_same:
            marks.append(_("same source as before"))
        if not line.before or line.is_same:
            values = line.after or f"{line.before} → –"
        else:
            values = f"{line.before} → {line.after or '–'}"
        growth = f" ({line.growth})" if line.growth else ""
        return f"{line.label}: {values}{growth} [{' ; '.join(marks)}] {line.source}, {day(line.consulted_on)}"
