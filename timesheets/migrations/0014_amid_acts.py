import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

from koumbit.sql import guard

# What is written in a week, and when that was.
MOMENTS = {
    "timesheets_timeentry": "written_at",
    "timesheets_entryversion": "until",
    "timesheets_linemessage": "at",
}


def follow_by_the_clock(table: str, moment: str) -> str:
    """What was written before the database kept order: only clocks say which act came before it."""
    return f"""
        ALTER TABLE {table} DISABLE TRIGGER {table}_is_final;
        UPDATE {table} written SET after_act_id = earlier.act
        FROM (
            SELECT w.id, max(d.id) AS act FROM {table} w
            JOIN timesheets_sheetdecision d ON d.sheet_id = w.sheet_id AND d.at <= w.{moment} GROUP BY w.id
        ) earlier
        WHERE earlier.id = written.id;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_final;
    """


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0013_renewal_reminders")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="after_act",
                field=models.ForeignKey(
                    db_index=False,
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="timesheets.sheetdecision",
                ),
            )
            for name in ("entryversion", "linemessage", "timeentry")
        ),
        migrations.AlterField(
            model_name="linemessage",
            name="at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="sheetdecision",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunSQL(
            "".join(follow_by_the_clock(*one) for one in MOMENTS.items()), migrations.RunSQL.noop
        ),
        *(
            guard(
                table,
                f"{table}_written_after",
                """
                IF TG_OP = 'UPDATE' THEN
                    NEW.after_act_id := OLD.after_act_id;
                ELSE
                    NEW.after_act_id := (SELECT max(id) FROM timesheets_sheetdecision WHERE sheet_id = NEW.sheet_id);
                END IF;
                RETURN NEW;
                """,
                timing="BEFORE INSERT OR UPDATE OF after_act_id",
            )
            for table in MOMENTS
        ),
    ]
