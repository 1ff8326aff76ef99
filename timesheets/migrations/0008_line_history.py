import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import append_only, guard

COLUMNS = "entry_id, sheet_id, person_id, until, was_taken_away, day, task_id, project_id, minutes, note"


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0002_assignments"),
        ("timesheets", "0007_timer_and_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="timeentry",
            name="written_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="written at",
            ),
        ),
        migrations.CreateModel(
            name="EntryVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.BigIntegerField()),
                ("sheet_id", models.BigIntegerField()),
                ("until", models.DateTimeField(verbose_name="until")),
                ("was_taken_away", models.BooleanField(verbose_name="taken away")),
                ("day", models.DateField(verbose_name="day")),
                ("minutes", models.SmallIntegerField(verbose_name="time")),
                ("note", models.CharField(max_length=500, verbose_name="note")),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="roles.task"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["person", "day"], name="timesheets_versions_of_day")],
            },
        ),
        append_only("timesheets_entryversion", "What a line said before stays written."),
        guard(
            "timesheets_timeentry",
            "timesheets_timeentry_keeps_what_it_said",
            f"""
            INSERT INTO timesheets_entryversion ({COLUMNS})
            SELECT b.id, b.sheet_id, b.person_id, statement_timestamp(), false, b.day, b.task_id, b.project_id, b.minutes, b.note
            FROM before b JOIN after a ON a.id = b.id
            WHERE (a.day, a.task_id, a.minutes, a.note) IS DISTINCT FROM (b.day, b.task_id, b.minutes, b.note)
                OR a.project_id IS DISTINCT FROM b.project_id;
            RETURN NULL;
            """,
            timing="AFTER UPDATE",
            level="REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT",
        ),
        guard(
            "timesheets_timeentry",
            "timesheets_timeentry_keeps_what_went",
            f"""
            INSERT INTO timesheets_entryversion ({COLUMNS})
            SELECT b.id, b.sheet_id, b.person_id, statement_timestamp(), true, b.day, b.task_id, b.project_id, b.minutes, b.note
            FROM before b;
            RETURN NULL;
            """,
            timing="AFTER DELETE",
            level="REFERENCING OLD TABLE AS before FOR EACH STATEMENT",
        ),
    ]
