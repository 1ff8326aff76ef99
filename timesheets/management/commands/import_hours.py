"""Hours from another tool, from a terminal: shown with `--dry-run`, else written all or nothing."""

from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from koumbit.refusals import Refused
from members.models import Person
from members.powers import powers_of
from timesheets import importing
from timesheets.hours_file import LARGEST


class Command(BaseCommand):
    help = (
        "Import the hours of a CSV file (date, person, role, task, project, minutes, note) as drafts. People, "
        "roles, tasks and projects that are missing are created. One line refused, and nothing is imported."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument(
            "--as",
            dest="author",
            metavar="EMAIL",
            help="who imports it: the journal says so, and their powers decide; nobody unless said",
        )

    def handle(self, *, file: Path, dry_run: bool, author: str | None, **options) -> None:
        by = _person(author) if author else None
        plan = importing.plan(_content(file))
        missing = importing.missing_powers(plan, by, powers_of(by)) if by else []
        if missing:
            raise CommandError(" ".join(map(str, missing)))
        if plan.refusals:
            for refusal in plan.refusals:
                self.stderr.write(f"line {refusal.line}: {refusal.sentence}")
            raise CommandError(str(importing.FileRefused(plan)))
        if plan.reopened and by is None:
            raise CommandError(f"{importing.NobodyReopens()} (--as)")
        if not dry_run:
            try:
                plan = importing.apply(plan, by=by)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        self._tell(plan, "would be" if dry_run else "were")

    def _tell(self, plan: importing.Plan, done: str) -> None:
        lines = [
            f"{plan.entries} entries {done} imported: {plan.minutes} minutes.",
            f"{plan.already_there} lines are already there.",
            f"{len(plan.new_weeks)} weeks {done} opened, {len(plan.reopened)} {done} reopened.",
            f"{len(plan.new_roles)} roles {done} created{_listed(role.name for role in plan.new_roles)}",
            f"{len(plan.new_tasks)} tasks {done} created"
            + _listed(f"{task.name} ({task.role.name})" for task in plan.new_tasks),
            f"{len(plan.new_projects)} projects {done} created"
            + _listed(project.name for project in plan.new_projects),
            f"{len(plan.new_people)} people {done} entered, of the {len(plan.people)} in the file:",
        ]
        if plan.file.unread_columns:
            lines.insert(0, f"Columns left aside: {', '.join(plan.file.unread_columns)}.")
        for someone in plan.people:
            new = " (new)" if someone.is_new else ""
            lines.append(
                f"  {someone.person.email}{new}: {someone.entries} entries, {someone.minutes} minutes, "
                f"{someone.first_on} to {someone.last_on}"
            )
        self.stdout.write("\n".join(lines))


def _content(file: Path) -> bytes:
    """The file, or enough of it to see that it is too large."""
    try:
        with file.open("rb") as source:
            return source.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _person(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"Nobody has the address {email}.")
    return person


def _listed(names: Iterable[str]) -> str:
    text = ", ".join(names)
    return f": {text}." if text else "."
