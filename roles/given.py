"""Values of a JSON file, each with the place where it stands, so that a refusal says what is wrong and where.

Plain Python. Numbers may be kept exact by reading the file with `json.loads(text, parse_float=Fraction)`.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational, Real
from pathlib import Path
from typing import Any, NoReturn


class NotGiven(ValueError):
    """Something in a file is missing, or is not what stands there; the message is one sentence with the place."""


def read(file: Path) -> Any:
    """What a JSON file holds, its numbers exact. Raises `NotGiven` when it cannot be opened or is no JSON."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Fraction)
    except OSError as error:
        raise NotGiven(f"it cannot be opened ({error.strerror})") from None
    except UnicodeDecodeError:
        raise NotGiven("it is not text in UTF-8") from None
    except ValueError as error:
        raise NotGiven(f"it is not JSON ({error})") from None
    except RecursionError:
        raise NotGiven("it is not JSON that can be read (too many brackets inside each other)") from None


@dataclass(frozen=True)
class Given:
    """A value, and the place where it stands (`members[0].hours`; empty for the whole file)."""

    value: Any
    place: str = ""

    def refuse(self, why: str) -> NoReturn:
        raise NotGiven(f"{self.place}: {why}" if self.place else why)

    def _wanted(self, what: str) -> NoReturn:
        found = json.dumps(self.value, default=float, ensure_ascii=False)
        found = found if len(found) <= 40 else f"{found[:39]}…"
        self.refuse(f"{what} is expected, not {found}" if self.value is not None else f"{what} is missing")

    @property
    def is_nothing(self) -> bool:
        return self.value is None

    # Several values -------------------------------------------------------------------------------

    def at(self, *names: str) -> "Given":
        """The value under the first of these names that is there; nothing when none is."""
        if not isinstance(self.value, Mapping):
            self._wanted("an object")
        name = next((name for name in names if self.value.get(name) is not None), names[0])
        return Given(self.value.get(name), f"{self.place}.{name}" if self.place else name)

    def pairs(self) -> Iterable[tuple[str, "Given"]]:
        """The names and values of an object."""
        if not isinstance(self.value, Mapping):
            self._wanted("an object")
        return [(name, self.at(name)) for name in self.value]

    def rows(self) -> "list[Given]":
        """The values of a list."""
        if not isinstance(self.value, list | tuple):
            self._wanted("a list")
        return [Given(value, f"{self.place}[{n}]") for n, value in enumerate(self.value)]

    def fields(self, *names: str) -> "list[Given]":
        """The values of a row: a list in this order, or an object with these names."""
        if isinstance(self.value, Mapping):
            return [self.at(name) for name in names]
        if not isinstance(self.value, list | tuple) or len(self.value) < len(names):
            self._wanted(f"[{', '.join(names)}]")
        return self.rows()[: len(names)]

    # One value ------------------------------------------------------------------------------------

    def name(self) -> str:
        """The name of somebody or something: a text that is not empty, or a whole number."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int) or self.value == "":
            self._wanted("a name")
        return str(self.value)

    def exact(self, least: float = -math.inf, most: float = math.inf) -> Fraction:
        """A number as it is written, within these limits."""
        number = self.number(least, most)
        return Fraction(self.value) if isinstance(self.value, Rational) else Fraction(str(number))

    def number(self, least: float = -math.inf, most: float = math.inf) -> float:
        """A number within these limits."""
        if isinstance(self.value, bool) or not isinstance(self.value, Real) or not _is_finite(self.value):
            self._wanted("a number")
        number = float(self.value)
        if not least <= number <= most:
            self.refuse(f"{_limits(least, most)} is expected, not {number:.10g}")
        return number

    def whole(self, least: int = 0, most: float = math.inf) -> int:
        """A whole number within these limits."""
        number = self.number(least, most)
        if number != int(number):
            self._wanted("a whole number")
        return int(number)

    def yes(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self._wanted("true or false")
        return self.value


def _is_finite(value: Real) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _limits(least: float, most: float) -> str:
    if math.isinf(most):
        return f"a number of {least:.10g} or more"
    return f"a number from {least:.10g} to {most:.10g}"
