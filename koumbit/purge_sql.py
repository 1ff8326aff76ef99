"""The SQL by which what is past its term is destroyed, and nothing else; for migrations.

A row that stays is destroyed by one act only: a purge that one person prepared and another carries out. The
rows are listed beforehand (`members_purgedrow`). What lists them is checked when it is written, by
`<table>_purge_reach`; what goes is checked row by row, by the triggers that refuse everything else, with
`<table>_purges`. No trigger is ever turned off. `<table>_purge` carries it out with the rights of the owner
of the tables, since the role of the pages may not change what stays.
"""

from collections.abc import Mapping

from django.db.migrations import RunSQL

# What stands for a text that is destroyed, where something must stand.
ERASED = "–"
#: Is a purge being carried out in this very transaction?
PURGE_RUNS = (
    "EXISTS (SELECT 1 FROM members_purge WHERE running_in = pg_current_xact_id_if_assigned()::text::bigint)"
)
_LISTED = """
    SELECT r.row_id FROM members_purgedrow r JOIN members_purgeitem i ON i.id = r.item_id
    WHERE i.purge_id = which AND r.table_name = '{table}'
"""


def erased(column: str) -> str:
    """A text without what it said: nothing where there was nothing."""
    return f"CASE WHEN {column} = '' THEN '' ELSE '{ERASED}' END"


def purgeable(table: str, *, of: str, term: str, sets: Mapping[str, str] | None = None) -> RunSQL:
    """Rows of `table` that a purge may destroy or, with `sets`, empty: which columns, by which expression.

    `of` is a query that gives, for the row numbered $1, whose it is and of which year (either may be NULL).
    `term` is that of its years (`wages`, `tax`, or `file` where no year counts); a row with a person also
    goes with that person's file.
    """
    listed = _LISTED.format(table=table)
    if sets:
        expected = ", ".join(f"'{column}', {value}" for column, value in sets.items())
        becomes = f"SELECT jsonb_build_object({expected}) FROM jsonb_populate_record(NULL::{table}, before)"
        is_so = f"op = 'UPDATE' AND after = before || ({becomes})"
        values = ", ".join(f"{column} = {value}" for column, value in sets.items())
        act = f"UPDATE {table} SET {values} WHERE id IN ({listed})"
    else:
        is_so, act = "op = 'DELETE'", f"DELETE FROM {table} WHERE id IN ({listed})"
    return RunSQL(
        f"""
        CREATE FUNCTION {table}_purge_reach(bigint) RETURNS TABLE (person_id bigint, year int, term text)
            LANGUAGE sql STABLE AS $$
            SELECT found.person_id::bigint, found.year::int, '{term}' FROM ({of}) AS found (person_id, year)
        $$;
        CREATE FUNCTION {table}_purges(op text, before jsonb, after jsonb) RETURNS boolean
            LANGUAGE sql STABLE AS $$
            SELECT EXISTS (
                SELECT 1 FROM members_purgedrow r
                JOIN members_purgeitem i ON i.id = r.item_id JOIN members_purge p ON p.id = i.purge_id
                WHERE r.table_name = '{table}' AND r.row_id = (before ->> 'id')::bigint
                    AND p.running_in = pg_current_xact_id_if_assigned()::text::bigint
            ) AND {is_so}
        $$;
        CREATE FUNCTION {table}_purge(which bigint) RETURNS bigint
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE gone bigint;
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM members_purge
                WHERE id = which AND running_in = pg_current_xact_id_if_assigned()::text::bigint
            ) THEN
                RAISE EXCEPTION 'Nothing is destroyed but by the destruction that is being carried out.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_purge';
            END IF;
            {act};
            GET DIAGNOSTICS gone = ROW_COUNT;
            RETURN gone;
        END $$;
        """,
        f"DROP FUNCTION {table}_purge(bigint); DROP FUNCTION {table}_purges(text, jsonb, jsonb); "
        f"DROP FUNCTION {table}_purge_reach(bigint);",
    )


def let_purge(function: str, table: str) -> RunSQL:
    """Let the rows that a purge has listed through a trigger function, which refuses everything else as before."""
    return _at_first(
        function,
        f"IF TG_OP <> 'INSERT' AND {PURGE_RUNS} THEN IF {table}_purges(TG_OP, to_jsonb(OLD), to_jsonb(NEW)) "
        "THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF; END IF;",
    )


def silent_in_a_purge(function: str) -> RunSQL:
    """Let a trigger function that keeps what rows said (after the statement) keep nothing of what is destroyed."""
    return _at_first(function, f"IF {PURGE_RUNS} THEN RETURN NULL; END IF;")


def _at_first(function: str, statement: str) -> RunSQL:
    """Begin an existing trigger function with a statement; undone, it is as it was written."""
    mark = "/* a purge */"
    change = "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('{}'::regproc), $o${}$o$, $n${}$n$); END $do$;"
    begins, opened = "BEGIN\n", f"BEGIN {mark} {statement}\n"
    return RunSQL(change.format(function, begins, opened), change.format(function, opened, begins))
