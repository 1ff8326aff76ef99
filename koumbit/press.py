"""Papers as tagged PDF, in one look. The only file that knows WeasyPrint.

A document is a function of its template and of what it is given: the same ones give the same bytes, on any
day and in any process. Nothing is fetched while it is made: its stylesheet and typeface come with the
product, and no address found in what it is given is opened.
"""

import atexit
import base64
import gc
import threading
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from koumbit.pages import download
from koumbit.refusals import Refused

PANGO = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
FONTS = Path(__file__).parent / "paper_fonts"
FONT_SUBSETS = ("latin", "latin-ext", "vietnamese")
FONT_WEIGHTS = (400, 600)
PDF_TYPE = "application/pdf"
# One rendering at a time in a process: the fonts are shared and the collector is paused.
_one_at_a_time = threading.Lock()


class DocumentsUnavailable(Refused):
    """This machine cannot make PDFs. Its text says what is missing and the line that installs it."""

    def __init__(self):
        super().__init__(
            _(
                "The PDF cannot be made: the Pango library is missing on the server. "
                "Ask whoever keeps it running to paste this line: %(line)s"
            )
            % {"line": PANGO}
        )


class _Press(NamedTuple):
    """What every document of a process shares."""

    html: Any
    fetcher: Any
    fonts: Any
    stylesheet: Any


@cache
def _press() -> _Press:
    """Import WeasyPrint (two seconds), read the typeface and the stylesheet, once a process."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise DocumentsUnavailable from error
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
    fonts = FontConfiguration()
    css = render_to_string("page/paper.css", {"faces": _font_faces()})
    return _Press(HTML, fetcher, fonts, CSS(string=css, font_config=fonts, url_fetcher=fetcher))


# The fonts are released before the interpreter takes the library apart.
atexit.register(_press.cache_clear)


def _font_faces() -> list[dict[str, str | int]]:
    """One family a subset: each letter is drawn by the first family that has it."""
    return [
        {"family": f"Paper {subset}", "weight": weight, "data": _base64(subset, weight)}
        for subset in FONT_SUBSETS
        for weight in FONT_WEIGHTS
    ]


def _base64(subset: str, weight: int) -> str:
    font = FONTS / f"source-sans-3-{subset}-{weight}-normal.woff2"
    return base64.b64encode(font.read_bytes()).decode()


def check() -> None:
    """Raise DocumentsUnavailable when this machine cannot make PDFs. To ask before a pay is issued."""
    _press()


def printed(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template, in the language that is active and the look of our papers.

    Raises DocumentsUnavailable when a system library is missing.
    """
    press = _press()
    html = render_to_string(template, context)
    with _one_at_a_time:
        collecting = gc.isenabled()
        gc.disable()
        try:
            return press.html(string=html, url_fetcher=press.fetcher).write_pdf(
                stylesheets=[press.stylesheet], font_config=press.fonts, pdf_variant="pdf/ua-1"
            )
        finally:
            if collecting:
                gc.enable()


def paper_page(request: HttpRequest, template: str, context: dict[str, Any], name: str) -> HttpResponse:
    """The PDF of a template to save under this name; a page that says what is missing where none can be made."""
    try:
        content = printed(template, context | {"language": request.LANGUAGE_CODE})
    except DocumentsUnavailable as missing:
        unavailable = {"title": _("The document cannot be made now"), "sentence": str(missing)}
        return render(request, "page/paper_unavailable.html", unavailable, status=503)
    return download(content, PDF_TYPE, name)
