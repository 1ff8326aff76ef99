"""The few SQL pieces that migrations use, so that every app refuses in the same way.

Triggers only ever refuse (immutability) or record (history); none computes a figure, but those that add up
by month and by week the hours that became final (see docs/architecture.md). They are `ENABLE ALWAYS`, so that
neither `QuerySet.update()`, nor SQL, nor replica mode walks past them.
"""

from django.db.migrations import RunSQL


def refuse_change(table: str, sentence: str, *, when: str = "true", delete: bool = True) -> RunSQL:
    """Refuse UPDATE (and DELETE) of the rows of `table` for which `when` holds (it speaks of OLD), and TRUNCATE.

    `sentence` reaches the person who tried: it says what to do instead. `%` may not stand in it.
    """
    name = f"{table}_is_final"
    quoted = sentence.replace("'", "''")
    acts = "UPDATE OR DELETE" if delete else "UPDATE"
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{quoted}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{name}', TABLE = '{table}';
        END $$;
        CREATE TRIGGER {name} BEFORE {acts} ON {table}
            FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}();
        CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}, ENABLE ALWAYS TRIGGER {table}_is_kept;
        """,
        f"DROP TRIGGER {name} ON {table}; DROP TRIGGER {table}_is_kept ON {table}; DROP FUNCTION {name}();",
    )


def append_only(table: str, sentence: str) -> RunSQL:
    """Rows of `table` are written once and stay as they are."""
    return refuse_change(table, sentence)


def guard(
    table: str, name: str, body: str, *, timing: str, declare: str = "", level: str = "FOR EACH ROW"
) -> RunSQL:
    """A trigger with a plpgsql `body` of its own, always enabled.

    `timing` is the text between CREATE TRIGGER <name> and FOR EACH, without the table:
    `BEFORE INSERT OR UPDATE`. `level` is the rest, with its REFERENCING clause where there is one.
    """
    return RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        {f"DECLARE {declare}" if declare else ""}
        BEGIN
            {body}
        END $$;
        CREATE TRIGGER {name} {timing} ON {table} {level} EXECUTE FUNCTION {name}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
        """,
        f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();",
    )
