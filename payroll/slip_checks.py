"""What to look at before the slips of a year are confirmed, as the governments will when they have them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_noop

from koumbit.said import Said, nsaid, said, word
from members.models import Person

from . import slips
from .deductions.money import ZERO
from .deductions.parameters import Contributions
from .models import PayRun, PayStub, StubLine, TaxProfile
from .preflight import Finding, Severity
from .slip_boxes import Contribution, contributory_months, review
from .slip_rules import SlipRules
from .slips import Draft, Kind

NAMED = 8


def findings(
    year: int,
    made: list[Draft],
    rules: SlipRules,
    table: Contributions,
    *,
    today: date | None = None,
) -> list[Finding]:
    """All that should be looked at before these slips are confirmed, in as many queries for any number."""
    return [
        *_about_the_year(year, today or timezone.localdate()),
        *_about_files(made),
        *_about_contributions(year, rules, table),
        *_about_amounts(year, made),
    ]


def _look(topic: str, sentence: Said, url: str = "", **kwargs) -> Finding:
    return Finding(Severity.WARN, topic, sentence, url, kwargs)


def _about_the_year(year: int, today: date) -> Iterator[Finding]:
    topic = gettext_noop("The year")
    if today <= date(year, 12, 31):
        yield _look(
            topic,
            said(
                "The year %(year)s is not over: a pay dated until 31 December still changes the slips.",
                year=year,
            ),
        )
    for run in PayRun.objects.filter(pay_on__year=year, issued_at=None).order_by("pay_on", "pk"):
        yield _look(
            topic,
            said("The pay of %(day)s is prepared and not issued: it is not in the slips.", day=run.pay_on),
            "payroll:run",
            pk=run.pk,
        )


def _names(found: list[Person]) -> str | Said:
    """The first of these people by name, and how many are not named."""
    rest = len(found) - NAMED
    names = ", ".join(str(person) for person in found[:NAMED])
    if rest <= 0:
        return names
    return nsaid(
        "%(names)s and %(rest)s other", "%(names)s and %(rest)s others", rest, names=names, rest=rest
    )


def _about_files(made: list[Draft]) -> Iterator[Finding]:
    topic = gettext_noop("People’s files")
    people = list(dict.fromkeys(draft.person for draft in made if draft.boxes))
    salaried = list(dict.fromkeys(draft.person for draft in made if draft.boxes and draft.kind == Kind.T4))
    with_sin = set(
        TaxProfile.objects.filter(person__in=people).exclude(sin="").values_list("person_id", flat=True)
    )
    without = [person for person in people if person.pk not in with_sin]
    if without:
        sentence = nsaid(
            "%(count)s person has no social insurance number on file: %(names)s.",
            "%(count)s people have no social insurance number on file: %(names)s.",
            len(without),
            names=_names(without),
        )
        yield _look(topic, sentence)
    if homeless := [person for person in people if not person.address.strip()]:
        sentence = nsaid(
            "%(count)s person has no address: %(names)s.",
            "%(count)s people have no address: %(names)s.",
            len(homeless),
            names=_names(homeless),
        )
        yield _look(topic, sentence)
    if ageless := [person for person in salaried if person.born_on is None]:
        sentence = nsaid(
            "%(count)s person has no date of birth, which QPP contributions depend on: %(names)s.",
            "%(count)s people have no date of birth, which QPP contributions depend on: %(names)s.",
            len(ageless),
            names=_names(ageless),
        )
        yield _look(topic, sentence)


def reviewed(year: int, table: Contributions) -> dict[Person, tuple[Contribution, ...]]:
    """The contributions of each salaried person's year, reckoned on the whole year."""
    figures = {
        payee.person_id: own
        for payee, own in slips.figures_of(year).items()
        if payee.kind == PayStub.Kind.STUB and own
    }
    exempted = slips.exemptions_of(year, table)
    people = Person.objects.filter(pk__in=figures).by_name()
    return {
        person: review(
            figures[person.pk],
            table,
            exempted=exempted.get(person.pk, ZERO),
            months=contributory_months(person.born_on, year),
        )
        for person in people
    }


def _about_contributions(year: int, rules: SlipRules, table: Contributions) -> Iterator[Finding]:
    topic = gettext_noop("Contributions over the whole year")
    tolerance = Decimal(rules.figures["review_tolerance"].value)
    for person, contributions in reviewed(year, table).items():
        for of in contributions:
            if of.over_maximum:
                sentence = gettext_noop(
                    "%(person)s: %(name)s, %(withheld)s withheld, over the year’s maximum, %(maximum)s."
                )
            elif of.missing > tolerance:
                sentence = gettext_noop(
                    "%(person)s: %(name)s, %(withheld)s withheld where the whole year asks %(asked)s."
                )
            else:
                continue
            told = said(
                sentence,
                person=person,
                name=word(StubLine.Code(of.code).label),
                withheld=of.withheld,
                asked=of.asked,
                maximum=of.maximum,
            )
            yield _look(topic, told, "payroll:year_end_person", year=year, pk=person.pk)


def _about_amounts(year: int, made: list[Draft]) -> Iterator[Finding]:
    topic = gettext_noop("Amounts")
    for draft in made:
        negative = [of.box.name for of in draft.filled if (of.amount or ZERO) < 0]
        if negative:
            sentence = said(
                "%(person)s: on the %(slip)s, box %(boxes)s is negative.",
                person=draft.person,
                slip=word(Kind(draft.kind).label),
                boxes=", ".join(negative),
            )
            yield _look(topic, sentence, "payroll:year_end_person", year=year, pk=draft.person.pk)
