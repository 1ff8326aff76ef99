from django.db import migrations

from koumbit.sql import append_only, guard, refuse_change

ISSUED = "A pay that is issued is final: void the stub and let the next pay correct it."


def only_before_issue(table: str, runs: str) -> migrations.RunSQL:
    """Rows of `table` are added while their run is being issued, never after. `runs` joins `added` to its runs.

    Asked once a statement: ten thousand stubs have more than a hundred thousand lines.
    """
    return guard(
        table,
        f"{table}_before_issue",
        f"""
        IF EXISTS (SELECT 1 FROM added {runs} WHERE payroll_payrun.issued_at IS NOT NULL) THEN
            RAISE EXCEPTION '{ISSUED}'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_before_issue';
        END IF;
        RETURN NULL;
        """,
        timing="AFTER INSERT",
        level="REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
    )


class Migration(migrations.Migration):
    dependencies = [("payroll", "0001_rates_profiles_runs")]

    operations = [
        append_only("payroll_hourlyrate", "A rate is never edited: a new decision sets the next one."),
        append_only("payroll_filereading", "Who looked at a file stays written."),
        refuse_change("payroll_payperiod", "A pay period with a run keeps its days.", delete=False),
        refuse_change("payroll_payrun", ISSUED, when="OLD.issued_at IS NOT NULL"),
        guard(
            "payroll_payrun",
            "payroll_run_stays_as_prepared",
            """
            RAISE EXCEPTION 'What was prepared, and by whom, does not change: withdraw the pay and prepare it again.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_run_stays_as_prepared';
            """,
            timing="BEFORE UPDATE",
            level="""FOR EACH ROW WHEN (
                (OLD.period_id, OLD.kind, OLD.pay_on, OLD.voids_id, OLD.because, OLD.prepared_at, OLD.prepared_by_id)
                IS DISTINCT FROM
                (NEW.period_id, NEW.kind, NEW.pay_on, NEW.voids_id, NEW.because, NEW.prepared_at, NEW.prepared_by_id)
                OR (OLD.digest, OLD.findings, OLD.expected) IS DISTINCT FROM (NEW.digest, NEW.findings, NEW.expected)
            )""",
        ),
        append_only("payroll_paystub", ISSUED),
        append_only("payroll_stubline", ISSUED),
        append_only("payroll_stubdocument", ISSUED),
        only_before_issue("payroll_paystub", "JOIN payroll_payrun ON payroll_payrun.id = added.run_id"),
        only_before_issue(
            "payroll_stubline",
            "JOIN payroll_paystub ON payroll_paystub.id = added.stub_id "
            "JOIN payroll_payrun ON payroll_payrun.id = payroll_paystub.run_id",
        ),
    ]
