"""What a decision can do: each act is a verb of the screens, with the form that says what it needs.

Every app adds its own acts when it starts (`know`). What somebody fills in is kept as they would type it,
so that it is read again, by the same form, on the day the decision takes effect.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from koumbit import formats
from koumbit.forms import MinutesField, MoneyField
from koumbit.refusals import Refused

from .models import Committee, Decision, Power

# What is kept is written and read in one language, whoever writes and whoever reads.
_KEPT_IN = "en-ca"


@dataclass(frozen=True)
class Act:
    """Something a decision does once it takes effect.

    `power`: what the body must hold to decide it, the general assembly apart, which may decide anything;
    None where any body may. `form` asks what it needs, without the day: that is the decision's. `do` gets
    the decision and the cleaned fields; it is a verb with `by=decision`.
    """

    code: str
    name: str | Promise
    group: str | Promise
    power: Power | None
    form: Callable[..., forms.BaseForm]
    do: Callable[..., models.Model | None]
    #: Where one sees beforehand what it changes, from the cleaned fields and the day; none for most.
    effects: Callable[[dict[str, Any], date], str] | None = None
    #: Is there such a thing in this co-op today? Where it says no, the act is not proposed.
    is_offered: Callable[[], bool] | None = None
    #: The name of the page, without arguments, where one sees what it did; none where that is nowhere in particular.
    seen_at: str = ""

    def __str__(self):
        return str(self.name)


class UnknownAct(Refused):
    """An act that no app knows: the decision was written by another version of the software."""


_KNOWN: dict[str, Act] = {}


def know(*acts: Act) -> None:
    """Add acts to what decisions can do; for an app, when it starts."""
    _KNOWN.update({act.code: act for act in acts})


def act(code: str) -> Act:
    """The act of that code."""
    try:
        return _KNOWN[code]
    except KeyError as error:
        raise UnknownAct(code) from error


def every() -> Iterator[Act]:
    """All the acts, in the order they were told."""
    yield from _KNOWN.values()


def offered() -> Iterator[Act]:
    """The acts that may be proposed in this co-op today, in the same order."""
    return (one for one in every() if one.is_offered is None or one.is_offered())


def kept(form: forms.BaseForm) -> dict[str, Any]:
    """What a form that is right holds, as its fields write it: text, or a list of texts."""
    with translation.override(_KEPT_IN):
        return {
            name: _as_typed(field, form.cleaned_data.get(name))
            for name, field in form.fields.items()
            if form.cleaned_data.get(name) not in (None, "")
        }


def _as_typed(field: forms.Field, value: Any) -> Any:
    if isinstance(value, models.Model):
        value = value.pk
    elif isinstance(value, models.QuerySet):
        value = [one.pk for one in value]
    typed = field.prepare_value(value)
    if isinstance(typed, list | tuple):
        return [str(one) for one in typed]
    if isinstance(value, bool):
        return "on" if value else ""
    widget_value = field.widget.format_value(typed)
    return str(widget_value if isinstance(widget_value, str) else typed)


def read(one: Act, fields: dict[str, Any]) -> forms.BaseForm:
    """The form of the act, filled with what was kept of it."""
    return one.form(data=_Kept(fields))


class _Kept(dict):
    """Kept fields as a request would send them."""

    def getlist(self, name: str) -> list:
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def cleaned(one: Act, fields: dict[str, Any]) -> dict[str, Any]:
    """What was kept, as values. Raises `Refused` with the sentences of the form that do not hold any more."""
    with translation.override(_KEPT_IN):
        form = read(one, fields)
        valid = form.is_valid()
    if not valid:
        raise Refused(" ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences))
    return form.cleaned_data


def told(one: Act, fields: dict[str, Any]) -> list[tuple[str, str]]:
    """What the act says, for reading: the name of each field and what it holds.

    Also once it is done, when what it speaks of may not be chosen any more.
    """
    form = read(one, fields)
    return [
        (capfirst(str(field.label or name)), _said(field, fields[name]))
        for name, field in form.fields.items()
        if fields.get(name) and not field.widget.is_hidden
    ]


def _said(field: forms.Field, kept_value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        keys = kept_value if isinstance(kept_value, list) else [kept_value]
        found = field.queryset.model._default_manager.filter(pk__in=keys)
        return ", ".join(field.label_from_instance(row) for row in found)
    try:
        with translation.override(_KEPT_IN):
            value = field.clean(kept_value)
    except ValidationError:
        return str(kept_value)
    return _written(field, value)


def _written(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, MinutesField):
        return formats.hours(value)
    if isinstance(field, MoneyField):
        return formats.dollars(value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    return str(value)


class NotTheirsToDecide(Refused):
    """The body does not hold the power that the act needs."""

    def __init__(self, body: Committee, one: Act):
        super().__init__(
            _("“%(body)s” does not hold the power “%(power)s”: propose this to the general assembly.")
            % {"body": body.name, "power": one.power.label}
        )


class _Rehearsed(Exception):
    """Undoes a rehearsal."""


def rehearse(decision: Decision) -> None:
    """Do what a decision not yet taken would do and undo it, to hear now what would be refused later.

    Raises `NotTheirsToDecide`, or what the verb of the act raises.
    """
    one = act(decision.act)
    held = decision.body.powers.on(decision.adopted_on).values_list("power", flat=True)
    if not (decision.body.is_assembly or one.power is None or one.power in set(held)):
        raise NotTheirsToDecide(decision.body, one)
    with suppress(_Rehearsed), transaction.atomic():
        decision.save()
        one.do(decision, **cleaned(one, decision.fields))
        raise _Rehearsed
