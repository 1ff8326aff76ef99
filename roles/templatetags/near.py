"""How near people are to roles, as cells of a table: a page may have thousands of them."""

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from roles.coverage import Stage

register = template.Library()


@register.filter
def near_cells(stages: Sequence[Stage]) -> SafeString:
    """A cell for each stage: a mark to see, a word to hear."""
    words = {
        Stage.FAR: _("not yet"),
        Stage.TOUCHED: _("touched"),
        Stage.PRACTISED: _("practised"),
        Stage.AUTONOMOUS: _("autonomous"),
    }
    cells = {stage: _cell(stage, word) for stage, word in words.items()}
    return mark_safe("".join(cells[stage] for stage in stages))  # noqa: S308 (each part is escaped)


def _cell(stage: Stage, word: str) -> str:
    heard = f'<span class="visually-hidden">{escape(word)}</span>'
    if stage == Stage.FAR:
        return f'<td class="stage"><span class="muted" aria-hidden="true">·</span>{heard}</td>'
    return f'<td class="stage"><span class="near n{int(stage)}">{heard}</span></td>'
