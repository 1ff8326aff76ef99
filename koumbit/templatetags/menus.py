"""The links of menus and tabs, and parts that are the same for every reader; available in every template.

Each page has some twenty links: as included templates they took a third of the time of a short page.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(context, name: str, text: str) -> SafeString:
    """An item of a menu that leads to the page `name`, marked when it is `here`: the page being read."""
    return _item(name, text, context.get("here") == name)


@lru_cache(maxsize=512)
def _item(name: str, text: str, is_here: bool) -> SafeString:
    """Nothing where no such page is served. Remembered: addresses and texts are the same all day."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return SafeString()
    current = mark_safe(' aria-current="page"') if is_here else ""
    return format_html('<li><a href="{}"{}>{}</a></li>', address, current, text)


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """The part `name`, which depends on nothing but the language: made once for each."""
    return _made(name, get_language())


@lru_cache
def _made(name: str, language: str | None) -> SafeString:
    return render_to_string(name)
