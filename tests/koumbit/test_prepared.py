"""A question composed once gives what the same queryset gives, whatever values it is asked with."""

from datetime import date

import pytest
from django.db.models import Count, F

from koumbit.prepared import Prepared, day_named, key_named
from members.models import Person, WorkStatus
from tests import make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@pytest.fixture
def people():
    make.cooperative()
    return [make.person(name) for name in ("Ana", "Bea", "Chloé")]


def test_rows_are_those_of_the_queryset(people):
    composed = []

    def compose():
        composed.append(True)
        return (
            WorkStatus.objects.during(day_named("first"), day_named("last"))
            .filter(person=key_named("person"))
            .select_related("person")
            .annotate(doubled=F("agreed_minutes_per_week") * 2)
        )

    ask = Prepared(compose)
    for person in people:
        plain = WorkStatus.objects.during(FIRST, LAST).filter(person=person)
        assert ask(first=FIRST, last=LAST, person=person.pk) == list(plain) != []
        row = ask.one(first=FIRST, last=LAST, person=person.pk)
        assert (row.person, row.doubled) == (person, row.agreed_minutes_per_week * 2)
    assert composed == [True]
    assert ask(first=FIRST, last=LAST, person=0) == []
    assert ask.one(first=FIRST, last=LAST, person=0) is None


def test_row_comes_with_its_relations_in_one_query(people, django_assert_num_queries):
    ask = Prepared(lambda: WorkStatus.objects.filter(person=key_named("person")).select_related("person"))
    with django_assert_num_queries(1):
        assert ask.one(person=people[0].pk).person.get_short_name() == "Ana"


def test_tuples_flat_values_and_sums_keep_their_shape(people):
    keys = [person.pk for person in people]
    flat = Prepared(
        lambda: (
            Person.objects.filter(pk__any_of=key_named("people")).order_by("pk").values_list("pk", flat=True)
        )
    )
    assert flat(people=keys) == keys
    assert flat(people=keys[1:]) == keys[1:]
    assert flat(people=[]) == []
    counted = Prepared(
        lambda: (
            WorkStatus.objects.filter(person__any_of=key_named("people"))
            .order_by("person")
            .values_list("person")
            .annotate(Count("pk"))
        )
    )
    assert counted(people=keys[:2]) == [(keys[0], 1), (keys[1], 1)]


def test_place_without_a_value_is_an_error(people):
    with pytest.raises(KeyError, match="person"):
        Prepared(lambda: WorkStatus.objects.filter(person=key_named("person")))(persons=1)


def test_value_is_never_read_as_sql(people):
    ask = Prepared(lambda: Person.objects.filter(given_name=day_named("name")).values_list("pk", flat=True))
    assert ask(name="' OR 1=1 --") == []
    assert ask(name="Ana") == [people[0].pk]
