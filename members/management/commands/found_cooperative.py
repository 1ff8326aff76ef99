"""The first installation: a cooperative, its assembly, its first people."""

from datetime import date
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone, translation

from koumbit.refusals import Refused
from members.founding import Founder, found
from members.invitations import invite, link
from members.models import Cooperative


def _founder(text: str) -> Founder:
    """“Ana Tremblay <ana@example.org>” as a founder."""
    name, address = parseaddr(text)
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"Not a person: {text!r}. Write it like: Ana Tremblay <ana@example.org>") from None
    given, _, family = name.strip().partition(" ")
    if not given:
        raise CommandError(
            f"This person has no name: {text!r}. Write it like: Ana Tremblay <ana@example.org>"
        )
    return Founder(given_name=given, family_name=family.strip(), email=address)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"Not a day: {text!r}. Write it like 2026-11-02.") from None


class Command(BaseCommand):
    help = (
        "Found the cooperative: its name and address, its general assembly with every power, and at least "
        "two first people, who are invited by e-mail. What is not given as an option is asked."
    )

    def add_arguments(self, parser):
        parser.add_argument("--name", help="name of the cooperative")
        parser.add_argument("--address", help="its address; \\n starts a new line")
        parser.add_argument(
            "--person",
            action="append",
            default=[],
            metavar='"Name <e-mail>"',
            help="a first member; at least two: nobody approves their own hours or issues the pay they prepared",
        )
        parser.add_argument("--language", choices=Cooperative.Language.values, help="fr-ca unless said")
        parser.add_argument("--first-period", metavar="YYYY-MM-DD", help="first day of a pay period")
        parser.add_argument(
            "--founded-on",
            metavar="YYYY-MM-DD",
            help="from when the assembly holds its powers; today unless said",
        )
        parser.add_argument(
            "--print-links", action="store_true", help="print the invitation links instead of sending them"
        )

    def handle(self, **options):
        if Cooperative.objects.exists():
            raise CommandError("A cooperative is already there: change it on its page.")
        name = options["name"] or self._ask("Name of the cooperative")
        address = options["address"] or self._ask("Address (\\n starts a new line)")
        first_period = options["first_period"] or self._ask("First day of a pay period (YYYY-MM-DD)")
        people = options["person"] or self._ask_people()
        language = options["language"] or Cooperative.Language.FRENCH
        with translation.override(language):
            try:
                self._found(
                    print_links=options["print_links"],
                    name=name,
                    address=address.replace("\\n", "\n"),
                    founders=[_founder(text) for text in people],
                    first_period_on=_day(first_period),
                    founded_on=_day(options["founded_on"]) if options["founded_on"] else timezone.localdate(),
                    language=language,
                )
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from refusal

    @transaction.atomic
    def _found(self, *, print_links: bool, **facts) -> None:
        people = found(**facts)
        self.stdout.write(f"{facts['name']}: founded, with {len(people)} people on its general assembly.")
        for number, person in enumerate(people):
            if print_links:
                self.stdout.write(f"{person}: {link(person)}")
            else:
                invite(person, by=people[number - 1])
                self.stdout.write(f"{person}: an invitation leaves for {person.email}")

    def _answer(self, question: str) -> str:
        """What is typed; nothing where nobody can type."""
        self.stdout.write(f"{question}: ", ending="")
        self.stdout.flush()
        try:
            return input().strip()
        except EOFError:
            return ""

    def _ask(self, question: str) -> str:
        answer = self._answer(question)
        if not answer:
            raise CommandError(f"Not answered: {question}. Give it as an option: see --help.")
        return answer

    def _ask_people(self) -> list[str]:
        people = [
            self._ask("First person, like: Ana Tremblay <ana@example.org>"),
            self._ask("Second person"),
        ]
        while more := self._answer("Another person (empty to go on)"):
            people.append(more)
        return people
