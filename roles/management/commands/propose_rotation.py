"""Share out one period described by a JSON file, and print the proposal as JSON."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from roles import rotation


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
            given = rotation.from_json(json.loads(problem.read_text(encoding="utf-8")))
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be opened: %(reason)s.")
                % {"file": problem, "reason": error.strerror}
            ) from None
        except (ValueError, AttributeError) as error:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s") % {"file": problem, "reason": error}
            ) from None
        if seconds is not None:
            given = given.with_config(time_limit=seconds)
        self.stdout.write(json.dumps(rotation.to_json(rotation.propose(given)), indent=1, ensure_ascii=False))
