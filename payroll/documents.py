"""Stubs and statements as tagged PDF: a function of the stub's kind, language and editions, its facts and its lines."""

from django.utils import translation
from django.utils.translation import gettext as _

from koumbit.press import DocumentsUnavailable, check, printed
from koumbit.refusals import Refused

from .models import PayStub
from .papers import Paper, arrange

__all__ = ["DocumentDestroyed", "DocumentsUnavailable", "check", "make", "printed", "render"]


class DocumentDestroyed(DocumentsUnavailable):
    """The document, and whose it was, were destroyed once their term was past. The figures stay."""

    def __init__(self):
        Refused.__init__(
            self,
            _("This document was destroyed, as planned, once its term was past. Its figures stay."),
        )


def render(stub: PayStub) -> bytes:
    """The PDF of a stub, in its person's language. Reads its lines, nothing else.

    Raises DocumentsUnavailable when a system library is missing, DocumentDestroyed after its term.
    """
    if not stub.is_named:
        raise DocumentDestroyed
    with translation.override(stub.language):
        return make(arrange(stub))


def make(paper: Paper) -> bytes:
    """The PDF of an arranged paper: Letter, PDF/UA-1, the same bytes each time."""
    with translation.override(paper.language):
        return printed("payroll/pdf/paper.html", {"paper": paper})
