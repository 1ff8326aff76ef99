"""The pays of a year, as bars and as rows. A year has up to fifty: as templates they take most of its page's time.

Whatever comes from a person is escaped; each piece is what a template would say.
"""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from koumbit import formats
from payroll.archive import Bar
from payroll.models import PayStub

register = template.Library()


@register.filter
def pay_bars(bars: Iterable[Bar]) -> SafeString:
    """A bar for each pay: what was kept, and what was withheld on top of it."""
    return mark_safe("".join(map(_bar, bars)))  # noqa: S308 (days and whole numbers)


def _bar(bar: Bar) -> str:
    place = f'x="{bar.x}" width="{bar.width}"'
    return (
        f"<g><title>{formats.day(bar.stub.run.pay_on)}</title>"
        f'<rect class="net" {place} y="{bar.net_y}" height="{bar.net_height}"></rect>'
        f'<rect class="withheld" {place} y="{bar.withheld_y}" height="{bar.withheld_height}"></rect></g>'
    )


@register.simple_tag
def pay_rows(stubs: Iterable[PayStub], with_taxes: bool) -> SafeString:
    """A row for each pay: its date leads to it, its amounts, its document."""
    download = escape(_("Download"))
    return mark_safe("".join(_row(stub, with_taxes, download) for stub in stubs))  # noqa: S308 (each part is escaped)


def _row(stub: PayStub, with_taxes: bool, download: str) -> str:
    day = formats.day(stub.run.pay_on)
    name = f"{capfirst(stub.get_kind_display())} {stub.facts['number']}"
    voids = ""
    if stub.facts.get("voids"):
        means = _("voids another")
        voids = f'<span class="state" data-tone="warn">{escape(means)}</span> '
    taxes = (stub.sales_taxes,) if with_taxes else ()
    amounts = (stub.gross, stub.deductions, *taxes, stub.net)
    document = "–"  # destroyed after its term
    if stub.is_named:
        address = reverse("payroll:stub_pdf", args=[stub.pk])
        document = f'<a href="{address}" aria-label="{download}, {day}">{download}</a>'
    return (
        f'<tr><th scope="row"><a href="{reverse("payroll:stub", args=[stub.pk])}">{day}</a></th>'
        + "".join(f'<td class="num">{formats.dollars(amount)}</td>' for amount in amounts)
        + f"<td>{voids}{escape(name)}</td>"
        + f"<td>{document}</td></tr>"
    )
