"""The indicators of a case, from a file and without a database: for checking our arithmetic by hand."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles.given import NotGiven, read
from roles.indicators import indicators


class Command(BaseCommand):
    help = (
        "Read one case (its `input`, or the whole case) and print its indicators as one JSON object: ratings, "
        "scores and deviations, balances, concentration, planned against lived."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", required=True, type=Path, metavar="FILE.json")

    def handle(self, *, case: Path, **options) -> None:
        try:
            found = indicators(read(case))
        except NotGiven as fault:
            raise CommandError(f"{case}: {fault}.") from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
