"""The figures of an index of prices, as they are copied from where they were read."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from koumbit.formats import parse_amount
from koumbit.forms import PlainText

MOST_LINES = 240
MOST_POINTS = Decimal("99999.99")
_LINE = re.compile(r"^([0-9]{4})-(0[1-9]|1[0-2])[\s;,:]+(\S+)$", re.ASCII)


def _read(line: str, number: int) -> tuple[date, Decimal]:
    cut = _LINE.match(line)
    points = parse_amount(cut[3]) if cut else None
    if not cut or points is None or not 0 < points <= MOST_POINTS or not 1900 <= int(cut[1]) <= 2199:
        raise ValidationError(
            _("Line %(number)s, “%(line)s”, is not a month and its points: write it like 2026-10 164.2."),
            "unreadable",
            {"number": number, "line": line[:40]},
        )
    return date(int(cut[1]), int(cut[2]), 1), points


class IndexForm(PlainText, forms.Form):
    series = forms.CharField(
        label=_("Index"),
        max_length=80,
        help_text=_("Its whole name, with its place and base: “CPI, all items, Québec, 2002 = 100”."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Where it was read: publisher, table, day. Another member must be able to find it."),
    )
    points = forms.CharField(
        label=_("Figures"),
        max_length=20000,
        widget=forms.Textarea,
        help_text=_("A month and its points on each line, as in 2026-10 164.2. One month a year is enough."),
    )

    def clean_points(self) -> list[tuple[date, Decimal]]:
        lines = enumerate(self.cleaned_data["points"].splitlines(), start=1)
        found = [_read(line.strip(), number) for number, line in lines if line.strip()]
        if len(found) > MOST_LINES:
            raise ValidationError(_("At most %(count)s months at a time."), "too_many", {"count": MOST_LINES})
        return found
