from django.db import migrations

from koumbit.sql import append_only, guard, refuse_change

CONFIRMED = "Confirmed slips are final: prepare an amendment, which says what changed."


class Migration(migrations.Migration):
    dependencies = [("payroll", "0005_year_end")]

    operations = [
        refuse_change("payroll_yearend", CONFIRMED, when="OLD.confirmed_at IS NOT NULL"),
        guard(
            "payroll_yearend",
            "payroll_year_end_stays_as_prepared",
            """
            RAISE EXCEPTION 'What was prepared, and by whom, does not change: withdraw the slips and prepare them again.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_year_end_stays_as_prepared';
            """,
            timing="BEFORE UPDATE",
            level="""FOR EACH ROW WHEN (
                (OLD.year, OLD.number, OLD.dental, OLD.because, OLD.slip_count, OLD.digest, OLD.findings)
                IS DISTINCT FROM
                (NEW.year, NEW.number, NEW.dental, NEW.because, NEW.slip_count, NEW.digest, NEW.findings)
                OR (OLD.prepared_at, OLD.prepared_by_id) IS DISTINCT FROM (NEW.prepared_at, NEW.prepared_by_id)
            )""",
        ),
        append_only("payroll_slip", CONFIRMED),
        guard(
            "payroll_slip",
            "payroll_slip_before_confirmation",
            f"""
            IF EXISTS (SELECT 1 FROM payroll_yearend y WHERE y.id = NEW.year_end_id AND y.confirmed_at IS NOT NULL) THEN
                RAISE EXCEPTION '{CONFIRMED}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_slip_before_confirmation';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
    ]
