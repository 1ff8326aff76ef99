"""How the verbs read and write a row: locked first, checked against its own rules, then saved; or many at once."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext

from koumbit.refusals import Refused

Row = TypeVar("Row", bound=models.Model)


def locked(row: Row) -> Row:
    """The row as it is now, kept from others until the transaction ends."""
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)


def held(row: Row) -> Row:
    """The row as it is, of a table that is only added to; whoever else asks waits until the transaction ends.

    `locked` would need the right to change the row, which the pages' database role has not for such tables
    (`manage.py app_role`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), hashint8(%s))", [row._meta.db_table, row.pk]
        )
    return type(row)._default_manager.get(pk=row.pk)


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


def keys_ahead(model: type[models.Model], count: int) -> list[int]:
    """So many keys of rows that are about to be written, taken from the sequence of their table."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_in(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Write many rows, each with the values of these columns as the table holds them: JSON and secrets as text.

    By COPY, which takes an eighth of the time of the ORM's INSERT. Constraints and triggers hold as for any
    other row; the default values of Django's fields do not.
    """
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
