"""What people type for a length of time, and the integer minutes it means. No Django here.

The same cases hold in `koumbit/static/js/durations.js`: `tests/duration_cases.json` is the one
table both are tested against. A text is understood or refused, never clamped or guessed.
"""

import re

# Plain digits only: `\d` would also accept the full-width ones.
_HOURS = re.compile(r"^([0-9]{1,3})?(?:[.,]([0-9]{1,4}))?\s?h?$", re.ASCII)
_HOURS_MINUTES = re.compile(r"^([0-9]{1,3})\s?[h:]\s?([0-9]{1,2})\s?(?:m|min)?$", re.ASCII)
_MINUTES = re.compile(r"^([0-9]{1,4})\s?(?:m|min)$", re.ASCII)


class NotADuration(ValueError):
    """The text is not a length of time we can be sure of. `code` says why: unknown, too_long or minutes."""

    def __init__(self, code: str, text: str, longest: int):
        self.code, self.text, self.longest = code, text[:40], longest
        super().__init__(f"{code}: {self.text!r}")


def parse(text: str, *, longest: int = 24 * 60) -> int:
    """Integer minutes from what was typed: `7,5`, `7.5h`, `7h30`, `7:30`, `90m`, `,5`.

    Fractions of an hour are rounded half-up to the minute. `longest` is the most minutes accepted
    (a day by default). Raises `NotADuration`: `minutes` for a bare number beyond the limit that
    could have been meant as minutes, `too_long` beyond the limit, `unknown` for anything else.
    """
    typed = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()).lower()
    if match := _MINUTES.match(typed):
        minutes = int(match[1])
    elif match := _HOURS_MINUTES.match(typed):
        if int(match[2]) > 59 or (len(match[2]) == 1 and ":" in typed):
            raise NotADuration("unknown", text, longest)
        minutes = int(match[1]) * 60 + int(match[2])
    elif (match := _HOURS.match(typed)) and (match[1] or match[2]):
        whole, fraction = int(match[1] or 0), match[2] or "0"
        scale = 10 ** len(fraction)
        minutes = whole * 60 + (int(fraction) * 120 + scale) // (2 * scale)
        if minutes > longest and not match[2] and "h" not in typed:
            raise NotADuration("minutes", text, longest)
    else:
        raise NotADuration("unknown", text, longest)
    if minutes > longest:
        raise NotADuration("too_long", text, longest)
    return minutes


def typed(minutes: int) -> str:
    """The shortest text that `parse` reads back as the same minutes: `7h30`, `7`, `-1h30`, empty for 0."""
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hours}h{rest:02d}" if rest else f"{sign}{hours}"
