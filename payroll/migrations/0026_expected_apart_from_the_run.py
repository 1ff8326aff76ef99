from importlib import import_module

from django.db import migrations

from koumbit.sql import guard, refuse_change

acknowledgements = import_module("payroll.migrations.0013_acknowledgements")
RUN = f"{acknowledgements.RUN} through"
PREPARED = "What was prepared, and by whom, does not change: withdraw the pay and prepare it again."
before_ours = acknowledgements.stays_as_prepared(RUN, "digest expected")


class Migration(migrations.Migration):
    dependencies = [("payroll", "0025_expectations")]

    operations = [
        refuse_change("payroll_expectation", PREPARED, delete=False),
        guard(
            "payroll_expectation",
            "payroll_expectation_before_issue",
            f"""
            IF EXISTS (
                SELECT 1 FROM payroll_payrun r
                WHERE r.id = coalesce(NEW.run_id, OLD.run_id) AND r.issued_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION '{PREPARED}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_expectation_before_issue';
            END IF;
            RETURN coalesce(NEW, OLD);
            """,
            timing="BEFORE INSERT OR DELETE",
        ),
        migrations.RunSQL(before_ours.reverse_sql, before_ours.sql),
        migrations.RemoveField(model_name="payrun", name="expected"),
        acknowledgements.stays_as_prepared(RUN, "digest"),
    ]
