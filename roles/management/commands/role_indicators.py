"""The indicators of a case, from a file and without a database: for checking our arithmetic by hand."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles.indicators import NotACase, indicators


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
            read = json.loads(case.read_text(encoding="utf-8"), parse_float=str)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be opened: {error.strerror}.") from None
        except ValueError as error:
            raise CommandError(f"{case} is not JSON: {error}.") from None
        if not isinstance(read, dict):
            raise CommandError(f"{case} holds no case: one object is expected.")
        try:
            found = indicators(read.get("input", read))
        except NotACase as refusal:
            raise CommandError(f"{case}: {refusal}.") from None
        except (KeyError, TypeError, ValueError) as fault:
            raise CommandError(f"{case} is not a case: {fault!r}.") from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
