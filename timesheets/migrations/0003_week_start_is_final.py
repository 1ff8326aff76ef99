from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import guard

SENTENCE = gettext_noop("Hours are already logged by this week: its first day cannot change any more.")


class Migration(migrations.Migration):
    """Overtime is counted by the legal week: once a week has a sheet, weeks keep their first day."""

    dependencies = [
        ("members", "0001_people_committees_journal"),
        ("timesheets", "0002_approved_is_final"),
    ]

    operations = [
        guard(
            "members_cooperative",
            "timesheets_week_start_is_final",
            f"""
            IF EXISTS (SELECT 1 FROM timesheets_weeksheet) THEN
                RAISE EXCEPTION '{SENTENCE}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_week_start_is_final';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE UPDATE OF week_starts_on",
            level="FOR EACH ROW WHEN (OLD.week_starts_on IS DISTINCT FROM NEW.week_starts_on)",
        ),
    ]
