"""Hours from another tool, from a terminal: shown with `--dry-run`, else written all or nothing."""

from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from members.models import Person
from members.powers import powers_of
from timesheets import importing
from timesheets.csv_table import LARGEST


class Command(BaseCommand):
    help = (
        "Import the hours of a CSV file as drafts: its columns are recognised by their names (those of Toggl "
        "Track, Clockify, Harvest, Kimai and solidtime among them). People, roles, tasks and projects that are "
        "missing are created. One line refused, and nothing is imported; the page in the browser lets choose "
        "what each column and each word of the file means."
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
        powers = powers_of(by) if by else frozenset()
        plan = importing.plan(_content(file), by=by, powers=powers)
        missing = importing.missing_powers(plan, by, powers) if by else []
        if missing:
            raise CommandError(" ".join(map(str, missing)))
        if plan.refusals:
            for refusal in plan.refusals:
                self.stderr.write(
                    _("line %(line)s: %(sentence)s") % {"line": refusal.line, "sentence": refusal.sentence}
                )
            raise CommandError(str(importing.FileRefused(plan)))
        if plan.reopened and by is None:
            raise CommandError(f"{importing.NobodyReopens()} (--as)")
        if not dry_run:
            try:
                plan = importing.apply(plan, by=by)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("What the import would do:") if dry_run else _("What the import did:"))
        self.stdout.write("\n".join(f"  {line}" for line in _report(plan)))


def _report(plan: importing.Plan) -> Iterator[str]:
    """Line by line, what the plan holds, in the language of the terminal."""
    counts = {
        _("entries"): plan.entries,
        _("minutes"): plan.minutes,
        _("lines already there"): plan.already_there,
        _("weeks opened"): len(plan.new_weeks),
        _("weeks reopened"): len(plan.reopened),
    }
    yield from (_("%(what)s: %(count)s") % {"what": what, "count": count} for what, count in counts.items())
    named = {
        _("columns left aside"): plan.file.unread_columns,
        _("roles created"): [role.name for role in plan.new_roles],
        _("tasks created"): [f"{task.name} ({task.role.name})" for task in plan.new_tasks],
        _("clients created"): [client.name for client in plan.new_clients],
        _("projects created"): [project.name for project in plan.new_projects],
        _("people entered"): [someone.person.email for someone in plan.new_people],
    }
    for what, names in named.items():
        if names:
            yield _("%(what)s (%(count)s): %(names)s") % {
                "what": what,
                "count": len(names),
                "names": ", ".join(names),
            }
    for someone in plan.people:
        yield _("%(person)s: entries %(entries)s, minutes %(minutes)s, from %(first)s to %(last)s") % {
            "person": someone.person.email,
            "entries": someone.entries,
            "minutes": someone.minutes,
            "first": someone.first_on,
            "last": someone.last_on,
        }


def _content(file: Path) -> bytes:
    """The file, or enough of it to see that it is too large."""
    try:
        with file.open("rb") as source:
            return source.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
        ) from error


def _person(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(_("Nobody has the address %(email)s.") % {"email": email})
    return person
