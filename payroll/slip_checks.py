"""What to look at before the slips of a year are confirmed, as the governments will when they have them."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koumbit.formats import day as written
from koumbit.formats import dollars
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


def _look(topic: str, sentence: str, url: str = "", **kwargs) -> Finding:
    return Finding(Severity.WARN, topic, sentence, url, kwargs)


def _about_the_year(year: int, today: date) -> Iterator[Finding]:
    topic = _("The year")
    if today <= date(year, 12, 31):
        yield _look(
            topic,
            _("The year %(year)s is not over: a pay dated until 31 December still changes the slips.")
            % {"year": year},
        )
    for run in PayRun.objects.filter(pay_on__year=year, issued_at=None).order_by("pay_on", "pk"):
        yield _look(
            topic,
            _("The pay of %(day)s is prepared and not issued: it is not in the slips.")
            % {"day": written(run.pay_on)},
            "payroll:run",
            pk=run.pk,
        )


def _names(people: Iterable[Person]) -> dict[str, object]:
    """The first of these people by name, how many there are, and how many are not named."""
    found = list(dict.fromkeys(people))
    rest = len(found) - NAMED
    names = ", ".join(str(person) for person in found[:NAMED])
    if rest > 0:
        names = ngettext("%(names)s and %(rest)s other", "%(names)s and %(rest)s others", rest) % {
            "names": names,
            "rest": rest,
        }
    return {"names": names, "count": len(found)}


def _about_files(made: list[Draft]) -> Iterator[Finding]:
    topic = _("People’s files")
    people = list(dict.fromkeys(draft.person for draft in made if draft.boxes))
    salaried = list(dict.fromkeys(draft.person for draft in made if draft.boxes and draft.kind == Kind.T4))
    with_sin = set(
        TaxProfile.objects.filter(person__in=people).exclude(sin="").values_list("person_id", flat=True)
    )
    without = [person for person in people if person.pk not in with_sin]
    if without:
        said = _names(without)
        sentence = ngettext(
            "%(count)s person has no social insurance number on file: %(names)s.",
            "%(count)s people have no social insurance number on file: %(names)s.",
            said["count"],
        )
        yield _look(topic, sentence % said)
    if homeless := [person for person in people if not person.address.strip()]:
        said = _names(homeless)
        sentence = ngettext(
            "%(count)s person has no address: %(names)s.",
            "%(count)s people have no address: %(names)s.",
            said["count"],
        )
        yield _look(topic, sentence % said)
    if ageless := [person for person in salaried if person.born_on is None]:
        said = _names(ageless)
        sentence = ngettext(
            "%(count)s person has no date of birth, which QPP contributions depend on: %(names)s.",
            "%(count)s people have no date of birth, which QPP contributions depend on: %(names)s.",
            said["count"],
        )
        yield _look(topic, sentence % said)


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
    topic = _("Contributions over the whole year")
    tolerance = Decimal(rules.figures["review_tolerance"].value)
    for person, contributions in reviewed(year, table).items():
        for of in contributions:
            said = {
                "person": person,
                "name": StubLine.Code(of.code).label,
                "withheld": dollars(of.withheld),
                "asked": dollars(of.asked),
                "maximum": dollars(of.maximum),
            }
            if of.over_maximum:
                sentence = _(
                    "%(person)s: %(name)s, %(withheld)s withheld, over the year’s maximum, %(maximum)s."
                )
            elif of.missing > tolerance:
                sentence = _(
                    "%(person)s: %(name)s, %(withheld)s withheld where the whole year asks %(asked)s."
                )
            else:
                continue
            yield _look(topic, sentence % said, "payroll:year_end_person", year=year, pk=person.pk)


def _about_amounts(year: int, made: list[Draft]) -> Iterator[Finding]:
    topic = _("Amounts")
    for draft in made:
        negative = [of.box.name for of in draft.filled if (of.amount or ZERO) < 0]
        if negative:
            sentence = _("%(person)s: on the %(slip)s, box %(boxes)s is negative.") % {
                "person": draft.person,
                "slip": Kind(draft.kind).label,
                "boxes": ", ".join(negative),
            }
            yield _look(topic, sentence, "payroll:year_end_person", year=year, pk=draft.person.pk)
