"""The first day of a cooperative in the software: its assembly, its first people, their mandates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from koumbit.rows import write

from . import journal
from .models import (
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    Mandate,
    Membership,
    Person,
    Power,
)
from .steps import write_usual_lists


class AlreadyFounded(Refused):
    def __init__(self):
        super().__init__(_("A cooperative is already there: change it on its page."))


class TooFewFounders(Refused):
    def __init__(self):
        super().__init__(
            _(
                "At least two people are needed: nobody approves their own hours, "
                "and nobody issues the pay they prepared."
            )
        )


@dataclass(frozen=True)
class Founder:
    """Somebody who is there from the first day."""

    given_name: str
    family_name: str
    email: str


@transaction.atomic
def found(
    *,
    name: str,
    address: str,
    founders: Sequence[Founder],
    first_period_on: date,
    founded_on: date,
    language: str = Cooperative.Language.FRENCH,
    **settings,
) -> list[Person]:
    """Write the cooperative, its general assembly with every power, and its first members who sit on it.

    Nobody gave these first mandates and powers: the founding decision did. From then on the assembly
    shares its powers out as it decides. `settings`: other fields of `Cooperative`; vacation, holidays
    and sick days are paid from the first period on unless they say otherwise.
    """
    if Cooperative.objects.exists():
        raise AlreadyFounded
    if len({founder.email.strip().lower() for founder in founders}) < 2:
        raise TooFewFounders
    settings = {"leave_paid_from": first_period_on} | settings
    cooperative = Cooperative(
        pk=1, name=name, address=address, language=language, first_period_on=first_period_on, **settings
    )
    write(cooperative)
    assembly = Committee(
        name=_("General assembly"),
        kind=Committee.Kind.ASSEMBLY,
        aim=_("All the members, who decide together."),
        starts_on=founded_on,
    )
    write(assembly)
    decision = Decision(
        body=assembly,
        adopted_on=founded_on,
        effective_on=founded_on,
        title=_("Founding"),
        text=_("The general assembly holds every power until it entrusts some to committees."),
    )
    write(decision)
    for power in Power:
        write(CommitteePower(committee=assembly, power=power, starts_on=founded_on, decision=decision))
    people = []
    for founder in founders:
        person = Person(
            email=founder.email.strip().lower(),
            given_name=founder.given_name,
            family_name=founder.family_name,
            language=language,
        )
        person.set_unusable_password()
        write(person)
        write(Membership(person=person, starts_on=founded_on, admitted_by=decision))
        write(Mandate(committee=assembly, person=person, starts_on=founded_on, decision=decision))
        people.append(person)
    write_usual_lists()
    journal.record(
        "members.cooperative_founded",
        by=None,
        assembly=assembly.pk,
        decision=decision.pk,
        people=[person.pk for person in people],
    )
    return people
