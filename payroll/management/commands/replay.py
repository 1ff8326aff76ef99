"""Live a year of hours in an empty database, and add up what it pays."""

import csv
import json
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from koumbit.refusals import Refused
from payroll.replay import STUB_COLUMNS, replay, stub_rows

MOST_DAYS_AFTER = 16


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Not a day: {text!r}. Write it like 2025-09-22.") from None


class Command(BaseCommand):
    help = (
        "Take a file of hours into an empty database and live its year: each week submitted by its owner and "
        "approved by somebody else, each pay prepared and issued by two people. Prints counts, totals in "
        "cents and seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="HOURS.csv", type=Path)
        parser.add_argument("--first-period", required=True, metavar="YYYY-MM-DD", help="a Monday")
        parser.add_argument("--pay-after", type=int, default=5, metavar="DAYS", help="after the last day")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="last pay date; today unless said")
        parser.add_argument("--no-pdf", action="store_true", help="issue without documents")
        parser.add_argument("--stubs", type=Path, metavar="FILE.csv", help="write a row per stub there")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: Path, stubs: Path | None, **options) -> None:
        first_period = _day(options["first_period"])
        until = _day(options["until"]) if options["until"] else timezone.localdate()
        if first_period.weekday():
            raise CommandError(f"{first_period} is not a Monday: a period starts with the legal week.")
        if not 0 <= options["pay_after"] <= MOST_DAYS_AFTER:
            raise CommandError(f"A pay comes at most {MOST_DAYS_AFTER} days after its period.")
        try:
            content = file.read_bytes()
            # Opened before the year is lived, so that a wrong path costs nothing.
            target = stubs.open("w", encoding="utf-8", newline="") if stubs else None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be opened: {error.strerror}.") from None
        try:
            done = replay(
                content,
                first_period=first_period,
                pay_after=options["pay_after"],
                until=until,
                documents=not options["no_pdf"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if target:
            with target:
                writer = csv.DictWriter(target, STUB_COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(stub_rows())
        self._say(done.report(), as_json=options["json"])

    def _say(self, report: dict, *, as_json: bool) -> None:
        if stopped := report.get("stopped"):
            self.stderr.write(stopped)
        if as_json:
            self.stdout.write(json.dumps(report, indent=2))
            return
        for heading in ("counts", "totals", "seconds"):
            self.stdout.write(heading)
            for name, value in report[heading].items():
                self.stdout.write(f"  {name:24}{value:>14}")
