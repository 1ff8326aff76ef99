"""Ending a dated fact: its last day is asked once more before anything is written."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from koumbit.pages import form_page

from .. import forms


def last_day_page(request: HttpRequest, *, do: Callable[..., Any], to: str, **context) -> HttpResponse:
    """Ask for the last day, end the fact with it and go back to the page one came from, `to`.

    `context`: `done` and what `page/confirm.html` shows.
    """
    return form_page(
        request,
        forms.LastDayForm(request.POST or None),
        do=do,
        to=to,
        template="page/confirm.html",
        cancel_url=to,
        danger=True,
        **context,
    )
