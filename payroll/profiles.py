"""What a person tells the co-op about their taxes: forms, overtime bank, sales-tax numbers.

Each is dated. It is given by the person, or by who prepares pay from the paper they handed in; a
new version starts on a day and ends the one before it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koumbit.dated import DatedModel, day_before
from koumbit.formats import day as written
from koumbit.refusals import Refused
from koumbit.rows import locked, write
from koumbit.said import Said, said
from members import journal
from members.models import Person, Power
from members.powers import demand
from timesheets import hours
from timesheets.weeks import WEEK

from . import bank, readings
from .calendar import Calendar
from .deductions import Claims, Invalid
from .deductions.money import ZERO, cents
from .models import BankOpening, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .readings import OPENED_BY, What

journal.name_events(
    {
        "taxes.declared": gettext_lazy("tax forms put on file"),
        "taxes.confirmed": gettext_lazy("tax forms confirmed"),
        "overtime.banked": gettext_lazy("overtime banked from now on"),
        "overtime.paid": gettext_lazy("overtime paid from now on"),
        "banks.opened": gettext_lazy("vacation and overtime owed at first, recorded"),
        "sales_taxes.registered": gettext_lazy("sales taxes registered"),
        "sales_taxes.ended": gettext_lazy("sales taxes ended"),
    }
)

# Amounts of the forms, as TaxProfile names them.
AMOUNTS = ("federal_claim", "federal_extra_tax", "quebec_claim", "quebec_extra_tax", "quebec_deduction")
GST_NUMBER = re.compile(r"^([0-9]{9})(RT)([0-9]{4})$", re.ASCII)
QST_NUMBER = re.compile(r"^([0-9]{10})(TQ)([0-9]{4})$", re.ASCII)


class StartsBeforeTheLast(Refused):
    """Versions follow each other: a new one does not start before the one it follows."""

    def __init__(self, last: DatedModel):
        super().__init__(
            _("What is on file already starts on %(day)s: give that day or a later one.")
            % {"day": written(last.starts_on)}
        )


class NothingToEnd(Refused):
    """There is nothing in force on that day."""

    def __init__(self, day: date):
        super().__init__(
            _("Nothing is in force on %(day)s: there is nothing to end.") % {"day": written(day)}
        )


class LeaveDrawsOnBank(Refused):
    sentence = gettext_lazy(
        "Leave was taken from what was banked since then: choose a day after which the bank still covers it."
    )


class OwnOpening(Refused):
    """Nobody writes what the co-op owes them."""

    sentence = gettext_lazy(
        "Nobody records what they are owed themselves: another person who prepares pay does."
    )


class NotASin(Refused):
    """The number cannot be a social insurance number."""

    sentence = gettext_lazy(
        "This is not a social insurance number: it has nine digits, the last of which checks the others."
    )


class StoppedTooSoon(Refused):
    """Form RR-50 needs an age of 65, known from the date of birth."""

    def __init__(self, born_on: date | None):
        super().__init__(
            _("Stopping QPP contributions needs the date of birth: have it recorded in the register first.")
            if born_on is None
            else _("Form RR-50 takes effect at 65 or later: check its date.")
        )


class ConfirmedByWhoEntered(Refused):
    """Two people stand behind tax forms: one enters them, another one reads them."""

    sentence = gettext_lazy("Whoever entered these forms does not confirm them: another person does.")


class FormsAlreadyConfirmed(Refused):
    sentence = gettext_lazy("These forms are already confirmed.")


class FormsChanged(Refused):
    """What would be confirmed is not what was read."""

    sentence = gettext_lazy("These forms changed since you opened the page: read them again, then confirm.")


class NotANumber(Refused):
    """A GST or QST number that is not written like one."""


class NotAGstNumber(NotANumber):
    sentence = gettext_lazy(
        "This is not a GST number: it has nine digits, the letters RT and four digits, as in 123456789 RT 0001."
    )


class NotAQstNumber(NotANumber):
    sentence = gettext_lazy(
        "This is not a QST number: it has ten digits, the letters TQ and four digits, as in 1234567890 TQ 0001."
    )


# The forms ----------------------------------------------------------------------------------------


def sin_digits(text: str) -> str:
    """The nine digits of a social insurance number. Raises NotASin when they do not check (Luhn)."""
    digits = re.sub(r"[\s\u00a0\u202f-]", "", text)
    if not re.fullmatch(r"[0-9]{9}", digits, re.ASCII) or not int(digits):
        raise NotASin
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    if sum(value - 9 if value > 9 else value for value in doubled) % 10:
        raise NotASin
    return digits


def masked(sin: str) -> str:
    """A social insurance number as it is shown: its last three digits only; empty when there is none."""
    return f"••• ••• {sin[-3:]}" if sin else ""


def sin_of(person: Person) -> str:
    """The social insurance number on file, whole: for those who may read it; empty when there is none."""
    forms = TaxProfile.objects.filter(person=person).exclude(sin="").order_by("-starts_on")
    return forms.values_list("sin", flat=True).first() or ""


def masked_sins(people: Iterable[int]) -> dict[int, str]:
    """The social insurance number on file of each of these people, as it is shown. One query."""
    forms = TaxProfile.objects.filter(person__in=list(people)).exclude(sin="").order_by("starts_on")
    return {person_id: masked(sin) for person_id, sin in forms.values_list("person_id", "sin")}


def spaced(sin: str) -> str:
    """A social insurance number in its usual groups of three."""
    return f"{sin[:3]} {sin[3:6]} {sin[6:]}"


@transaction.atomic
def declare_taxes(
    person: Person,
    *,
    by: Person,
    starts_on: date,
    sin: str = "",
    federal_exempt: bool = False,
    is_non_resident: bool = False,
    quebec_exempt: bool = False,
    qpp_stops_on: date | None = None,
    **amounts: Decimal | None,
) -> TaxProfile:
    """Put new tax forms on file from a day on; those before end the day before.

    `amounts`: any of AMOUNTS, in dollars; None for the basic amount (claims) or nothing. An empty
    `sin` keeps the one on file. Given again for the same first day, the forms replace that version:
    stubs already issued keep the claims they were computed with. What is new waits to be confirmed.
    """
    _demand_theirs(person, by)
    if unknown := amounts.keys() - set(AMOUNTS):
        raise TypeError(f"not amounts of the forms: {', '.join(sorted(unknown))}")
    number = sin_digits(sin) if sin else ""
    if qpp_stops_on is not None:
        _refuse_stop_before_65(person, qpp_stops_on)
    last = _followed(TaxProfile, person, starts_on)
    number = number or (last.sin if last else "")
    profile = last if last and last.starts_on == starts_on else TaxProfile(person=person, starts_on=starts_on)
    profile.sin, profile.qpp_stops_on = number, qpp_stops_on
    profile.federal_exempt, profile.quebec_exempt = federal_exempt, quebec_exempt
    profile.is_non_resident = is_non_resident
    for name in AMOUNTS:
        amount = amounts.get(name)
        setattr(profile, name, "" if amount is None else f"{amount:.2f}")
    profile.ends_on = None
    profile.declared_at, profile.declared_by = timezone.now(), by
    profile.confirmed_at = profile.confirmed_by = None
    write(profile)
    journal.record("taxes.declared", by=by, person=person.pk, profile=profile.pk, starts_on=str(starts_on))
    return profile


@transaction.atomic
def confirm_taxes(profile: TaxProfile, *, by: Person, seen: str) -> TaxProfile:
    """Say that these forms are what the person handed in. `seen`: when they were entered, as the page said it.

    Done by who prepares or issues pay, never by who entered them; by the member, when somebody entered
    them for them. Raises ConfirmedByWhoEntered, FormsAlreadyConfirmed, FormsChanged.
    """
    if profile.person != by:
        readings.demand_to_open(What.TAX_PROFILE, by)
    profile = locked(profile)
    if profile.declared_at.isoformat() != seen:
        raise FormsChanged
    if profile.is_confirmed:
        raise FormsAlreadyConfirmed
    if by.pk == profile.declared_by_id:
        raise ConfirmedByWhoEntered
    profile.confirmed_at, profile.confirmed_by = timezone.now(), by
    profile.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record("taxes.confirmed", by=by, person=profile.person_id, profile=profile.pk)
    return profile


def visible_to(reader: Person, powers: Collection[str]) -> QuerySet[TaxProfile]:
    """The tax forms this reader may open: their own, and everybody's with a mandate over pay."""
    forms = TaxProfile.objects.select_related("person")
    return forms.filter(person=reader) if OPENED_BY[What.TAX_PROFILE].isdisjoint(powers) else forms


def waiting(today: date) -> QuerySet[TaxProfile]:
    """The forms nobody has confirmed yet, in force or to come, the oldest first. Names and days, no amount."""
    forms = TaxProfile.objects.filter(confirmed_at=None).during(today, date.max)
    return forms.select_related("person", "declared_by").defer("sin", *AMOUNTS).order_by("declared_at", "pk")


def _demand_theirs(person: Person, by: Person) -> None:
    """A file is kept by its owner, or by who prepares pay."""
    if person != by:
        demand(by, Power.PREPARE_PAY)


def _refuse_stop_before_65(person: Person, stops_on: date) -> None:
    try:
        Claims(birth_date=person.born_on, qpp_stops_on=stops_on)
    except Invalid as refusal:
        raise StoppedTooSoon(person.born_on) from refusal


def _followed(kind: type[DatedModel], person: Person, starts_on: date):
    """The person's last version, locked; ended the day before `starts_on` unless it starts that day.

    Raises StartsBeforeTheLast when it starts later.
    """
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    last = kind.objects.filter(person=person).order_by("-starts_on").first()
    if last is None:
        return None
    if last.starts_on > starts_on:
        raise StartsBeforeTheLast(last)
    if last.starts_on < starts_on and (last.ends_on is None or last.ends_on >= starts_on):
        last.ends_on = day_before(starts_on)
        write(last)
    return last


def _end(kind: type[DatedModel], person: Person, from_day: date) -> None:
    """End what is in force on a day, the day before it; take it back whole if it starts that day."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    fact = kind.objects.filter(person=person).on(from_day).first()
    if fact is None:
        raise NothingToEnd(from_day)
    if fact.starts_on == from_day:
        fact.delete()
    else:
        fact.ends_on = day_before(from_day)
        write(fact)


# Overtime and sales taxes -------------------------------------------------------------------------


@transaction.atomic
def bank_overtime(person: Person, *, by: Person, starts_on: date, asked_on: date) -> OvertimeChoice:
    """From that day on, hours beyond 40 a week are banked at time and a half: the member asked so."""
    _demand_theirs(person, by)
    choice = OvertimeChoice(person=person, starts_on=starts_on, asked_on=asked_on)
    write(choice)
    journal.record("overtime.banked", by=by, person=person.pk, starts_on=str(starts_on))
    return choice


@transaction.atomic
def pay_overtime(person: Person, *, by: Person, starts_on: date) -> None:
    """From that day on, hours beyond 40 a week are paid with their half, and no longer banked.

    A day in the past is allowed: what was banked since then is paid by the next run, unless leave
    has drawn on it. Raises `LeaveDrawsOnBank`.
    """
    _demand_theirs(person, by)
    # What stays banked: the weeks over before that day.
    kept = bank.balances(people=[person.pk], before=starts_on - WEEK + timedelta(days=1))[person.pk]
    drawn = hours.approved_leave(date.max, people=[person.pk], kinds=[hours.BANKED_LEAVE])
    if kept.earned < sum(day.minutes for day in drawn):
        raise LeaveDrawsOnBank
    _end(OvertimeChoice, person, starts_on)
    journal.record("overtime.paid", by=by, person=person.pk, starts_on=str(starts_on))


@transaction.atomic
def open_banks(
    person: Person,
    *,
    by: Person,
    on: date,
    last_year: Decimal,
    this_year: Decimal,
    banked_minutes: int,
    earned_in_four_weeks: Decimal,
) -> BankOpening:
    """Write what a person was owed already on the first morning their banks are kept here; again, to correct it."""
    demand(by, Power.PREPARE_PAY)
    if by.pk == person.pk:
        raise OwnOpening
    opening = BankOpening.objects.filter(person=person).first() or BankOpening(person=person)
    opening.on, opening.last_year, opening.this_year = on, last_year, this_year
    opening.banked_minutes, opening.earned_in_four_weeks = banked_minutes, earned_in_four_weeks
    write(opening)
    journal.record("banks.opened", by=by, person=person.pk, on=str(on))
    return opening


@transaction.atomic
def register_sales_taxes(
    person: Person, *, by: Person, starts_on: date, gst_number: str, qst_number: str
) -> SalesTaxRegistration:
    """From that day on, this freelancer's statements carry GST and QST under these numbers."""
    _demand_theirs(person, by)
    numbers = gst_number_of(gst_number), qst_number_of(qst_number)
    last = _followed(SalesTaxRegistration, person, starts_on)
    registration = last if last and last.starts_on == starts_on else SalesTaxRegistration(person=person)
    registration.starts_on, registration.ends_on = starts_on, None
    registration.gst_number, registration.qst_number = numbers
    write(registration)
    journal.record("sales_taxes.registered", by=by, person=person.pk, starts_on=str(starts_on))
    return registration


@transaction.atomic
def end_sales_taxes(person: Person, *, by: Person, starts_on: date) -> None:
    """From that day on, this freelancer's statements carry no sales taxes."""
    _demand_theirs(person, by)
    _end(SalesTaxRegistration, person, starts_on)
    journal.record("sales_taxes.ended", by=by, person=person.pk, starts_on=str(starts_on))


def gst_number_of(text: str) -> str:
    """A GST number in its usual groups. Raises NotANumber when it is not written like one."""
    return _spaced(GST_NUMBER, text, NotAGstNumber)


def qst_number_of(text: str) -> str:
    """A QST number in its usual groups. Raises NotANumber when it is not written like one."""
    return _spaced(QST_NUMBER, text, NotAQstNumber)


def _spaced(number: re.Pattern, text: str, refusal: type[NotANumber]) -> str:
    """A registration number in its usual groups, however it was spaced. Raises `refusal`."""
    match = number.match(re.sub(r"[\s\u00a0\u202f-]", "", text).upper())
    if match is None:
        raise refusal
    return " ".join(match.groups())


# What pay is computed from ------------------------------------------------------------------------


def claims_on(people: Iterable[Person], pay_on: date, *, calendar: Calendar) -> dict[int, Claims]:
    """What each person's forms say on a pay date, by person; the basic amounts where none is on file.

    A form of Québec that arrives, or changes its deduction, during the year has the rest of its
    yearly deduction spread over the pays left (TP-1015.F-V, J). A form RR-50 that contradicts the
    date of birth is not applied: `problems_on` says so. One query, whatever the number of people.
    """
    people = list(people)
    found = _versions(people, pay_on.replace(month=1, day=1), pay_on)
    return {person.pk: _claims(person, found[person.pk], pay_on, calendar) for person in people}


def problems_on(people: Iterable[Person], pay_on: date) -> dict[int, list[Said]]:
    """What is missing or contradictory in each salaried person's forms, as sentences; nothing if all is well."""
    people = list(people)
    found = _versions(people, pay_on, pay_on)
    problems = {person.pk: _problems(person, found[person.pk]) for person in people}
    return {pk: sentences for pk, sentences in problems.items() if sentences}


def _versions(people: Collection[Person], first: date, last: date) -> dict[int, list[TaxProfile]]:
    """The versions in force on at least one of these days, in order, by person."""
    found: dict[int, list[TaxProfile]] = defaultdict(list)
    profiles = TaxProfile.objects.filter(person__in=[person.pk for person in people]).during(first, last)
    for profile in profiles.order_by("starts_on"):
        found[profile.person_id].append(profile)
    return found


def _problems(person: Person, versions: list[TaxProfile]) -> list[Said]:
    if not versions:
        return [said("no tax forms on file: the basic amounts are used")]
    profile, sentences = versions[-1], []
    if not profile.sin:
        sentences.append(said("no social insurance number: it must be asked within 30 days of hiring"))
    if not profile.is_confirmed:
        sentences.append(said("tax forms not confirmed yet by somebody who prepares or issues pay"))
    if profile.is_non_resident:
        sentences.append(
            said(
                "non-resident of Canada by their TD1: tax is withheld as from a resident, on the claim they "
                "gave; have an accountant confirm it"
            )
        )
    if profile.qpp_stops_on and _stops_on(person, profile) is None:
        sentences.append(said("form RR-50 contradicts the date of birth: QPP contributions go on"))
    return sentences


def _stops_on(person: Person, profile: TaxProfile) -> date | None:
    try:
        return Claims(birth_date=person.born_on, qpp_stops_on=profile.qpp_stops_on).qpp_stops_on
    except Invalid:
        return None


def dollars_of(text: str) -> Decimal | None:
    """An amount of the forms as it is kept: text, because it is encrypted; None where nothing was given."""
    return Decimal(text) if text else None


def amounts_of(profile: TaxProfile) -> dict[str, Decimal | None]:
    """The amounts of the forms by name (AMOUNTS), in dollars; None where nothing was given."""
    return {name: dollars_of(getattr(profile, name)) for name in AMOUNTS}


def _claims(person: Person, versions: list[TaxProfile], pay_on: date, calendar: Calendar) -> Claims:
    if not versions or not versions[-1].holds_on(pay_on):
        return Claims(birth_date=person.born_on)
    profile = versions[-1]
    amounts = amounts_of(profile)
    return Claims(
        birth_date=person.born_on,
        qpp_stops_on=_stops_on(person, profile),
        federal_claim=amounts["federal_claim"],
        federal_extra_tax=amounts["federal_extra_tax"] or ZERO,
        federal_exempt=profile.federal_exempt,
        quebec_claim=amounts["quebec_claim"],
        quebec_extra_tax=amounts["quebec_extra_tax"] or ZERO,
        quebec_exempt=profile.quebec_exempt,
        quebec_deduction=_deduction_for_the_rest(versions, pay_on.year, calendar),
    )


def _deduction_for_the_rest(versions: list[TaxProfile], year: int, calendar: Calendar) -> Decimal:
    """Line 19 of the version in force, as the yearly amount that gives all of it by the end of the year.

    (line 19 − what earlier pays of the year already gave) × pays in the year ÷ pays left.
    """
    if not any(version.quebec_deduction for version in versions):
        return ZERO
    pays = calendar.pay_dates(year)
    given = asked = applied = ZERO
    for version in versions:
        starts_on = max(version.starts_on, date(year, 1, 1))
        left = calendar.pays_left(starts_on)
        line_19 = dollars_of(version.quebec_deduction) or ZERO
        if line_19 != asked and left:
            asked, applied = line_19, max(ZERO, cents((line_19 - given) * len(pays) / left))
        ends_on = version.ends_on or date(year, 12, 31)
        given += applied * sum(starts_on <= day <= ends_on for day in pays) / len(pays)
    return applied
