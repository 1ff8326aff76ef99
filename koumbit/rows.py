"""How the verbs read and write a row: locked first, checked against its own rules, then saved."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext

from koumbit.refusals import Refused

Row = TypeVar("Row", bound=models.Model)


def locked(row: Row) -> Row:
    """The row as it is now, kept from others until the transaction ends."""
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)


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
