"""Dated facts: what holds from a day to a day, and never twice at once.

A status, a membership, a mandate, a power, a tax profile is a row with a first day (`starts_on`)
and a last day (`ends_on`, empty while it lasts). Both days count. The database refuses two rows of
the same subject that overlap.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


def lasting(first: date, last: date, path: str = "") -> Q:
    """The fact at the end of `path` (`committee__`) holds on at least one day from `first` to `last`."""
    not_over = Q(**{f"{path}ends_on__gte": first}) | Q(**{f"{path}ends_on": None})
    return not_over & Q(**{f"{path}starts_on__lte": last})


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> "DatedQuerySet":
        """The facts that hold on that day."""
        return self.filter(lasting(day, day))

    def during(self, first: date, last: date) -> "DatedQuerySet":
        """The facts that hold on at least one day from `first` to `last`, both included."""
        return self.filter(lasting(first, last))


class DatedModel(models.Model):
    """A fact with a first and a last day, both included; no last day means it still holds."""

    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it lasts."))

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["starts_on", "pk"]

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Did it hold for the last time before that day?"""
        return self.ends_on is not None and self.ends_on < day


def days_in_order(name: str) -> models.CheckConstraint:
    """The last day is not before the first. Listed before `never_twice`, so that it speaks first."""
    return models.CheckConstraint(
        condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The last day comes before the first. Check both dates."),
        violation_error_code="days_in_order",
    )


class Days(Func):
    """The days of a fact as a PostgreSQL range; an inverted pair is the empty range."""

    function = "daterange"
    output_field = DateRangeField()

    def as_sql(self, compiler, connection, **context):
        # An inverted pair would make PostgreSQL raise before `days_in_order` can speak.
        template = "CASE WHEN {1} < {0} THEN 'empty'::daterange ELSE daterange({0}, {1}, '[]') END"
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, own = compiler.compile(expression)
            parts.append(sql)
            params.append(list(own))
        first, last = params
        return template.format(*parts), [*last, *first, *first, *last]


def text_key(column: str) -> Func:
    """A text column as an integer, for the subject of `never_twice`."""
    return Func(F(column), function="hashtext", output_field=models.IntegerField())


def never_twice(name: str, *subject: str | Func, message, condition: Q | None = None) -> ExclusionConstraint:
    """No two facts about the same `subject` (integer columns or expressions) on the same day.

    `condition` narrows which facts are compared.

    The subject is compared as one-element ranges, since the server may lack btree_gist.
    """
    values = [F(part) if isinstance(part, str) else part for part in subject]
    same = [
        (Func(value, value, Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for value in values
    ]
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
        violation_error_code="never_twice",
    )


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def last_day_of_term(first: date, months: int | None) -> date | None:
    """The last day of a term of so many months that starts on `first`; none when it has no length."""
    if months is None:
        return None
    return first + relativedelta(months=months) - timedelta(days=1)
