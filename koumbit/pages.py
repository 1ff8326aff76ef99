"""The shape most pages share: a form or a button, the act it asks for, and a sentence; or a file to keep."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from koumbit.refusals import Refused, say


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    do: Callable[..., Any],
    done: str | Callable[[Any], str],
    to: str | Callable[[Any], str],
    template: str = "page/form.html",
    **context,
) -> HttpResponse:
    """Show a form; once it is right, do the act with what it holds, say so and go on.

    `do` gets the cleaned fields by name; `done` is a sentence and `to` an address, or each makes one of
    what `do` returned.
    A refusal is shown on the form and nothing typed is lost. `context` is what the template asks.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = do(**form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            say(form, refusal)
        else:
            messages.success(request, done(result) if callable(done) else done)
            return redirect(to(result) if callable(to) else to)
    return render(request, template, {"form": form, **context})


def act(
    request: HttpRequest, do: Callable[[], Any], *, done: str | Callable[[Any], str], to: str
) -> HttpResponse:
    """Do what a single button asks and go on; a refusal is said at the top of the next page.

    `done` is the sentence of the success, or makes it from what `do` returns.
    """
    try:
        result = do()
    except (Refused, ValidationError) as refusal:
        sentences = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(sentences))
    else:
        messages.success(request, done(result) if callable(done) else done)
    return redirect(to)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that the browser saves under this name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
