"""Share out one period described by a JSON file, and print the proposal as JSON."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles import rotation
from roles.given import Given, NotGiven, read


class Command(BaseCommand):
    """Try a rotation on paper; no database is needed."""

    help = (
        "Read a period (members, tasks, mandates, touch, current, config) and print who could do what, "
        "what is missing, how far each is from the mean, and why, as one JSON object."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--problem", required=True, metavar="FILE.json", type=Path)
        parser.add_argument("--seconds", type=float, metavar="N", help="time given; the file's, or 60")

    def handle(self, *, problem: Path, seconds: float | None, **options: object) -> None:
        try:
            given = rotation.from_json(read(problem))
        except NotGiven as fault:
            raise CommandError(f"{problem}: {fault}.") from None
        if seconds is not None:
            try:
                given = given.with_config(time_limit=Given(seconds).number(0.1))
            except NotGiven as fault:
                raise CommandError(f"--seconds: {fault}.") from None
        self.stdout.write(json.dumps(rotation.to_json(rotation.propose(given)), indent=1, ensure_ascii=False))
