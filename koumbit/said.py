"""Sentences kept as data: written down once, then read by everybody in their own language.

What is kept is the sentence as it stands in the code, in English, and what fills it: days, amounts,
lengths of time, names. It is put in words when it is shown. A sentence that was reworded since then is
still readable, as it was written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from . import formats


class Minutes(int):
    """A length of time in a sentence."""


Value = Union[str, int, date, datetime, Decimal, Minutes, "Said"]

#: How each kind of value is kept, read again and written; the first that fits is taken.
_KINDS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any], Callable[[Any], str]]] = {
    "moment": (datetime, datetime.isoformat, datetime.fromisoformat, formats.moment),
    "day": (date, date.isoformat, date.fromisoformat, formats.day),
    "dollars": (Decimal, str, Decimal, formats.dollars),
    "time": (Minutes, lambda value: str(int(value)), lambda text: Minutes(int(text)), formats.hours),
}


@dataclass(frozen=True)
class Said:
    """A sentence to fill: its msgid and what fills it. With a `plural`, `count` chooses between both."""

    message: str
    params: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""
    count: int = 1

    def __str__(self) -> str:
        text = ngettext(self.message, self.plural, self.count) if self.plural else gettext(self.message)
        return text % {name: _written(value) for name, value in self.params.items()}

    def kept(self) -> dict[str, Any]:
        """In types JSON has."""
        of: dict[str, Any] = {"message": self.message}
        if self.params:
            of["params"] = {name: _kept(value) for name, value in self.params.items()}
        if self.plural:
            of |= {"plural": self.plural, "count": self.count}
        return of


def said(message: str, **params: object) -> Said:
    """A sentence kept as data. Words of the interface among its values are kept as msgids too."""
    return Said(message, _values(params))


def nsaid(message: str, plural: str, count: int, **params: object) -> Said:
    """A sentence that says how many: `count` fills it too."""
    return Said(message, _values({"count": count} | params), plural, count)


def together(first: Said, second: Said) -> Said:
    """Two sentences as one."""
    return Said("%(first)s %(second)s", {"first": first, "second": second})


def word(text: str | Promise | Callable[[], str]) -> Said:
    """A word or name that the catalogs translate: a label, or what a function says in the reader's language."""
    with translation.override(None):
        return Said(str(text() if callable(text) else text).replace("%", "%%"))


def read(kept: Mapping[str, Any] | str) -> Said | str:
    """What was kept, ready to be shown; a text that was kept as it was then, as it is."""
    if isinstance(kept, str):
        return kept
    params = {name: _read(value) for name, value in kept.get("params", {}).items()}
    return Said(kept["message"], params, kept.get("plural", ""), kept.get("count", 1))


def _values(given: Mapping[str, object]) -> dict[str, Value]:
    return {
        name: value if isinstance(value, str | int | date | Decimal | Said) else str(value)
        for name, value in given.items()
    }


def _written(value: Value) -> str:
    for kind, _keep, _parse, write in _KINDS.values():
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _kept(value: Value) -> Any:
    if isinstance(value, Said):
        return value.kept()
    for name, (kind, keep, _parse, _write) in _KINDS.items():
        if isinstance(value, kind):
            return {name: keep(value)}
    return value


def _read(kept: Any) -> Value:
    if not isinstance(kept, dict):
        return kept
    if "message" in kept:
        return read(kept)
    ((name, text),) = kept.items()
    return _KINDS[name][2](text)
