import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import guard

MONTH = "day - extract(day FROM day)::int + 1"
SUMS = {
    "timesheets_taskmonth": ("task_id, project_id", "task_id, coalesce(project_id, 0)"),
    "timesheets_personmonth": ("person_id", "person_id"),
}


def sums(table: str, entries: str) -> str:
    """The sums of some approved entries, put in a table."""
    columns, _unique = SUMS[table]
    return f"""
        INSERT INTO {table} AS known (month, {columns}, minutes)
        SELECT {MONTH}, {columns}, sum(minutes) FROM {entries} GROUP BY {MONTH}, {columns}
    """


def added(table: str, entries: str) -> str:
    """The same, added to those that are there."""
    return f"""
        {sums(table, entries)}
        ON CONFLICT (month, {SUMS[table][1]}) DO UPDATE SET minutes = known.minutes + EXCLUDED.minutes
    """


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0009_proposals"),
        ("timesheets", "0014_amid_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("minutes", models.IntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "person"), name="timesheets_one_sum_a_person_and_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("minutes", models.BigIntegerField()),
                (
                    "project",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timesheets.project",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="roles.task",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("month"),
                        models.F("task"),
                        django.db.models.functions.comparison.Coalesce(models.F("project"), 0),
                        name="timesheets_one_sum_a_task_and_month",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "; ".join(sums(table, "timesheets_timeentry WHERE approved_at IS NOT NULL") for table in SUMS),
            migrations.RunSQL.noop,
        ),
        guard(
            "timesheets_timeentry",
            "timesheets_timeentry_adds_up",
            f"""
            IF NOT EXISTS (
                SELECT 1 FROM after a JOIN before b ON b.id = a.id
                WHERE a.approved_at IS NOT NULL AND b.approved_at IS NULL
            ) THEN
                RETURN NULL;
            END IF;
            -- The journal's own lock: acts that approve follow one another from here on, as they would when
            -- they write their line, and none waits for a sum while it holds another one's journal.
            PERFORM pg_advisory_xact_lock(hashtext('members_journalentry'));
            WITH approved AS (
                SELECT a.* FROM after a JOIN before b ON b.id = a.id
                WHERE a.approved_at IS NOT NULL AND b.approved_at IS NULL
            ), by_task AS (
                {added("timesheets_taskmonth", "approved")}
            )
            {added("timesheets_personmonth", "approved")};
            RETURN NULL;
            """,
            timing="AFTER UPDATE",
            level="REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT",
        ),
        *(
            guard(
                table,
                f"{table}_{name}",
                f"""
                IF pg_trigger_depth() = 1 THEN
                    RAISE EXCEPTION 'These sums follow the hours that are approved: approve hours instead.'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_{name}', TABLE = '{table}';
                END IF;
                RETURN NULL;
                """,
                timing=timing,
                level="FOR EACH STATEMENT",
            )
            for table in SUMS
            for name, timing in (
                ("is_added_up", "BEFORE INSERT OR UPDATE OR DELETE"),
                ("is_kept", "BEFORE TRUNCATE"),
            )
        ),
    ]
