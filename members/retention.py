"""What is past its term: listed by the system, prepared by one person, destroyed by another.

Terms are data with their sources (`koumbit.privacy.TERMS`); which tables have which term, and what happens
to their rows, is what each app says of itself (`members.personal`). The database lets a listed row go in
the one transaction in which the second person carries the purge out, and checks each term by itself
(migration `purges`): what is here only makes the list.

What goes: texts, names, documents, keys. What stays: days, minutes and amounts, under a number, so that
the sums of the cooperative and its journal stay what they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.privacy import TERMS, Term, Until
from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal, personal
from .models import Person, Power, Purge, PurgedRow, PurgeItem
from .models.people import DESTROYED
from .powers import demand

#: Who lists what is past its term: those who keep the personal files. Who destroys it: those whose act in
#: pay is the last one as well, since most of it are records of pay.
PREPARED_BY, EXECUTED_BY = Power.ADMIT_PEOPLE, Power.ISSUE_PAY
OF_A_YEAR = (Until.WAGES, Until.TAX)
DAY = timedelta(days=1)
AHEAD = relativedelta(years=1)


class NothingChosen(Refused):
    def __init__(self):
        super().__init__(_("Choose at least one thing to destroy."))


class NotPastItsTerm(Refused):
    def __init__(self):
        super().__init__(
            _("Something you chose is not past its term, or is destroyed already: read the list again.")
        )


class OwnPurge(Refused):
    def __init__(self):
        super().__init__(_("You prepared this destruction: another person carries it out."))


class AlreadyDone(Refused):
    def __init__(self):
        super().__init__(_("This destruction is carried out already."))


class ListChanged(Refused):
    def __init__(self):
        super().__init__(
            _(
                "What was listed has changed meanwhile: nothing was destroyed. Withdraw the list and prepare it again."
            )
        )


@dataclass(frozen=True)
class Due:
    """Something past its term, or soon so: a year of one kind of records, or somebody's file.

    `past_on` is the first day past the term; `counts` how many rows of each kind, by what it is called.
    """

    term: Until
    year: int | None
    person: Person | None
    past_on: date
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.term}-{self.year or self.person.pk}"

    @property
    def rule(self) -> Term:
        return TERMS[self.term]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def is_past(self, today: date) -> bool:
        return self.past_on <= today


def _past_on(term: Until, year: int) -> date:
    return date(year + TERMS[term].years + 1, 1, 1)


def due(today: date) -> list[Due]:
    """Everything past its term in which something is left, and what will be so within a year, by date."""
    return sorted([*_years(today), *_files(today)], key=lambda found: (found.past_on, found.key))


def _years(today: date) -> Iterable[Due]:
    found: dict[tuple[Until, int], Due] = {}
    for table in personal.tables():
        if table.term not in OF_A_YEAR or not table.year:
            continue
        last = (today + AHEAD).year - TERMS[table.term].years - 1
        rows = table.with_something_left().filter(table.until_year(last))
        year = ExtractYear(table.year) if table.is_year_a_day else F(table.year)
        counted = rows.annotate(of_year=year).values("of_year").annotate(count=Count("pk", distinct=True))
        for year, count in counted.values_list("of_year", "count"):
            of = found.setdefault((table.term, year), Due(table.term, year, None, _past_on(table.term, year)))
            of.counts[str(table.called)] = of.counts.get(str(table.called), 0) + count
    return found.values()


def _files(today: date) -> Iterable[Due]:
    """Those who left long enough ago, by the database's own reckoning of when they did."""
    years = TERMS[Until.FILE].years
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, members_left_on(id) FROM members_person WHERE email NOT LIKE %s "
            "AND members_left_on(id) <= %s",
            [f"%{DESTROYED}", today + AHEAD - relativedelta(years=years)],
        )
        left = dict(cursor.fetchall())
    people = Person.objects.filter(pk__in=left).exclude(pk__in=personal.kept_longer(today)).in_bulk()
    for pk in people:
        left_on = left[pk]
        past_on = left_on + relativedelta(years=years) + DAY
        yield Due(Until.FILE, None, people[pk], past_on)


def count_files(found: list[Due]) -> None:
    """Say of each file how many rows of each kind it has: for a page. As many questions for one as for a hundred."""
    files = {one.person.pk: one for one in found if one.person is not None}
    if not files:
        return
    for table in personal.tables():
        for way in table.of:
            rows = table.with_something_left().filter(**{f"{way}__in": list(files)})
            for pk, count in rows.values_list(way).annotate(count=Count("pk", distinct=True)):
                counts = files[pk].counts
                counts[str(table.called)] = counts.get(str(table.called), 0) + count


def _listed(table: personal.Personal, found: Due):
    """The rows of a table that go with this."""
    rows = table.with_something_left()
    if found.person is not None:
        about = Q(pk__in=[])
        for way in table.of:
            about |= Q(**{way: found.person.pk})
        return rows.filter(about).distinct()
    if table.term != found.term or not table.year:
        return rows.none()
    return rows.filter(table.in_year(found.year)).distinct()


# Verbs --------------------------------------------------------------------------------------------


@transaction.atomic
def prepare(keys: Iterable[str], *, by: Person, because: str = "") -> Purge:
    """List, row by row, what somebody chose among what is past its term. Nothing is destroyed yet."""
    demand(by, PREPARED_BY)
    today = timezone.localdate()
    wanted = set(keys)
    if not wanted:
        raise NothingChosen
    chosen = [found for found in due(today) if found.key in wanted and found.is_past(today)]
    if {found.key for found in chosen} != wanted:
        raise NotPastItsTerm
    purge = Purge(prepared_by=by, because=because)
    write(purge)
    taken: set[tuple[str, int]] = set()
    for found in chosen:
        _list(purge, found, taken)
    journal.record("members.purge_prepared", by=by, purge=purge.pk, items=sorted(wanted), rows=len(taken))
    return purge


def _list(purge: Purge, found: Due, taken: set[tuple[str, int]]) -> None:
    rows: list[tuple[str, int]] = []
    for table in personal.tables():
        own = ((table.table, pk) for pk in _listed(table, found).order_by("pk").values_list("pk", flat=True))
        rows += dict.fromkeys(row for row in own if row not in taken)
        taken.update(rows)
    counts: dict[str, int] = {}
    for name, _pk in rows:
        counts[name] = counts.get(name, 0) + 1
    item = PurgeItem(
        purge=purge,
        term=found.term,
        year=found.year,
        person=found.person,
        past_on=found.past_on,
        counts=counts,
    )
    write(item)
    PurgedRow.objects.bulk_create(
        [PurgedRow(item=item, table_name=name, row_id=pk) for name, pk in rows], batch_size=5000
    )


@transaction.atomic
def withdraw(purge: Purge, *, by: Person) -> None:
    """Take a list back, as if it had not been prepared."""
    demand(by, PREPARED_BY)
    purge = locked(purge)
    if purge.is_executed:
        raise AlreadyDone
    number = purge.pk
    PurgedRow.objects.filter(item__purge=purge).delete()
    purge.items.all().delete()
    purge.delete()
    journal.record("members.purge_withdrawn", by=by, purge=number)


@transaction.atomic
def execute(purge: Purge, *, by: Person) -> dict[str, int]:
    """Destroy what was listed, exactly that, or nothing. How many rows of each table.

    The database refuses one person alone, a term that is not past, a row that was not listed, and an
    execution that is not in the journal.
    """
    demand(by, EXECUTED_BY)
    purge = locked(purge)
    if purge.is_executed:
        raise AlreadyDone
    if purge.prepared_by_id == by.pk:
        raise OwnPurge
    _demand_past(purge)
    purge.executed_by, purge.executed_at = by, timezone.now()
    write(purge)
    counted = PurgedRow.objects.filter(item__purge=purge).values_list("table_name")
    listed = dict(counted.annotate(count=Count("row_id", distinct=True)).order_by())
    gone: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name in dict.fromkeys(table.table for table in personal.tables()):
            if name in listed:
                cursor.execute(f"SELECT {connection.ops.quote_name(f'{name}_purge')}(%s)", [purge.pk])
                (gone[name],) = cursor.fetchone()
    if gone != listed:
        raise ListChanged
    journal.record(
        "members.purge_executed", by=by, purge=purge.pk, prepared_by=purge.prepared_by_id, rows=gone
    )
    return gone


def _demand_past(purge: Purge) -> None:
    """Has nobody on the list come back since it was prepared? The database asks again for itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM members_purgeitem WHERE purge_id = %s "
            "AND NOT members_purge_is_past(term, year, person_id, past_on)",
            [purge.pk],
        )
        if cursor.fetchone()[0]:
            raise NotPastItsTerm


def called(table_name: str) -> str:
    """What the rows of a table are called."""
    found = (table for table in personal.tables() if table.table == table_name)
    return str(next(found).called)
