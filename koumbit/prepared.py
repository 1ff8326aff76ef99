"""What is asked all day, composed once.

The ORM takes ten times as long to compose a query of several joins as PostgreSQL takes to answer it. A
`Prepared` question is composed once a process, by the ORM, with a `Place` where each value goes; asked
again, it only fills the places: whatever changes, the moment it is asked too, has one. Measured: 220
calls in Python for the powers of a person instead of 3,500.

    _POWERS = Prepared(
        lambda: Mandate.objects.carrying(day_named("day")).values_list("committee__powers__power", flat=True)
    )
    _POWERS(day=today)
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, DateField, Expression, Field, ForeignKey, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Place(Expression):
    """Where a value goes in a prepared question; it is named when the question is asked."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


def day_named(name: str) -> Place:
    """The place of a day."""
    return Place(name, DateField())


def key_named(name: str) -> Place:
    """The place of the key of a row."""
    return Place(name, BigIntegerField())


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """Equal to one of a list that is a single value of the query: `person__any_of=key_named("people")`.

    `__in` writes a place for each value, so that no two lengths have the same SQL.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


class Prepared:
    """A question composed when it is first asked. `compose` returns the queryset, with its places."""

    def __init__(self, compose: Callable[[], QuerySet]):
        self._compose = compose

    def __call__(self, **values: Any) -> list:
        """The rows, as that queryset gives them: instances with what they were read with, or tuples.

        Raises KeyError when a place has no value.
        """
        queryset, compiler, sql, params = self._composed
        filled = [values[one.name] if isinstance(one, Place) else one for one in params]
        asking, query = copy(compiler), copy(queryset.query)
        vars(asking).update(connection=connections[DEFAULT_DB_ALIAS], as_sql=lambda *_, **__: (sql, filled))
        vars(query).update(get_compiler=lambda *_, **__: asking)
        asked = object.__new__(type(queryset))
        vars(asked).update(vars(queryset), _query=query)
        return list(cast("Iterable", asked._iterable_class(asked)))

    def one(self, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self(**values)), None)

    @cached_property
    def _composed(self) -> tuple[QuerySet, SQLCompiler, str, tuple]:
        queryset = self._compose()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return queryset, compiler, sql, params
