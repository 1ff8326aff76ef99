"""How an act is refused: with a sentence for the person who tried, whoever found the fault."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.forms import BaseForm
from django.utils.translation import gettext


class Refused(Exception):
    """An act that could not be done. Its text is a translated sentence: what happened, what to do next."""


def write(row: models.Model) -> None:
    """Check a row against its own rules, then save it. A refusal is a sentence, never an `IntegrityError`.

    Raises `ValidationError` with the sentence of the constraint, also when somebody else was faster;
    `Refused` with the (translated) sentence of the trigger that refuses.
    """
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        row.full_clean()
        diagnostics = getattr(error.__cause__, "diag", None)
        if diagnostics is None or diagnostics.source_function != "exec_stmt_raise":
            raise
        raise Refused(gettext(diagnostics.message_primary)) from error


def say(form: BaseForm, refusal: Refused | ValidationError) -> None:
    """Show why the act was refused on the form it was asked with, beside the field it speaks of."""
    if not isinstance(refusal, ValidationError):
        form.add_error(None, str(refusal))
        return
    by_field = (
        refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    )
    for field, sentences in by_field.items():
        form.add_error(field if field in form.fields else None, sentences)
