"""What people type for a length of time, and the integer minutes it means. No Django here.

The same rules hold in `koumbit/static/js/durations.js`: `tests/duration_cases.json` is the one
table both are tested against. A text is understood or refused, never clamped or guessed.
"""

import re

DAY = 24 * 60

# The spaces people type or paste; other white space is refused like any other sign.
_SPACES = re.compile("[ \t\u00a0\u2009\u202f]+")
# Plain digits only: `\d` would also accept the full-width ones. No `$`: it lets a newline through.
_HOURS = re.compile(r"([0-9]{1,3})?(?:[.,]([0-9]{1,4}))?( ?h)?")
_HOURS_MINUTES = re.compile(r"([0-9]{1,3})(?: ?h ?([0-9]{2})|:([0-9]{2})| ?h ?([0-9]{1,2}) ?(?:m|min))")
_MINUTES = re.compile(r"([0-9]{1,4}) ?(?:m|min)")


class NotADuration(ValueError):
    """The text is not a length of time we can be sure of.

    `code` says why: `unknown` (no such writing), `too_long` (beyond `longest` minutes) or `minutes`
    (beyond it as hours, and probably meant as minutes). `text` is what was typed, cut at 40 signs.
    """

    def __init__(self, code: str, text: str, longest: int):
        self.code, self.text, self.longest = code, text.strip()[:40], longest
        super().__init__(f"{code}: {self.text!r}")


def parse(text: str, *, longest: int = DAY) -> int:
    """Integer minutes from what was typed: `7,5`, `7.5h`, `7h30`, `7:30`, `90m`, `,5`.

    Fractions of an hour are rounded half-up to the minute. `longest` is the most minutes accepted
    (a day by default). Raises `NotADuration`: `minutes` for a bare number beyond the limit that
    could have been meant as minutes, `too_long` beyond the limit, `unknown` for anything else.
    """
    typed = _SPACES.sub(" ", text).strip(" ").lower()
    may_be_minutes = False
    if match := _MINUTES.fullmatch(typed):
        minutes = int(match[1])
    elif match := _HOURS_MINUTES.fullmatch(typed):
        rest = int(match[2] or match[3] or match[4])
        if rest > 59:
            raise NotADuration("unknown", text, longest)
        minutes = int(match[1]) * 60 + rest
    elif (match := _HOURS.fullmatch(typed)) and (match[1] or match[2]):
        whole, fraction = int(match[1] or 0), match[2] or "0"
        scale = 10 ** len(fraction)
        minutes = whole * 60 + (int(fraction) * 120 + scale) // (2 * scale)
        may_be_minutes = match[2] is None and match[3] is None and whole <= longest
    else:
        raise NotADuration("unknown", text, longest)
    if minutes > longest:
        raise NotADuration("minutes" if may_be_minutes else "too_long", text, longest)
    return minutes


def typed(minutes: int) -> str:
    """The shortest text that `parse` reads back as the same minutes: `7h30`, `7`, empty for 0.

    Minutes taken back by a correction show their sign (`-1h30`), which nobody can type.
    """
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hours}h{rest:02d}" if rest else f"{sign}{hours}"
