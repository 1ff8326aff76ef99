"""Stubs and statements as tagged PDF: a function of the stub's kind, language and editions, its facts and its lines."""

from django.utils import translation

from koumbit.press import DocumentsUnavailable, check, printed

from .models import PayStub
from .papers import Paper, arrange

__all__ = ["DocumentsUnavailable", "check", "make", "printed", "render"]


def render(stub: PayStub) -> bytes:
    """The PDF of a stub, in its person's language. Reads its lines, nothing else.

    Raises DocumentsUnavailable when a system library is missing.
    """
    with translation.override(stub.language):
        return make(arrange(stub))


def make(paper: Paper) -> bytes:
    """The PDF of an arranged paper: Letter, PDF/UA-1, the same bytes each time."""
    with translation.override(paper.language):
        return printed("payroll/pdf/paper.html", {"paper": paper})
