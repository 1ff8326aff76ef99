from django.db import migrations, models

from koumbit.sql import guard


class Migration(migrations.Migration):
    dependencies = [("payroll", "0030_figures_of_months")]

    operations = [
        migrations.AddField(
            model_name="payrun",
            name="stub_count",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE payroll_payrun DISABLE TRIGGER payroll_payrun_is_final;
            UPDATE payroll_payrun r SET stub_count = (SELECT count(*) FROM payroll_paystub s WHERE s.run_id = r.id)
            WHERE issued_at IS NOT NULL;
            ALTER TABLE payroll_payrun ENABLE ALWAYS TRIGGER payroll_payrun_is_final;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="payrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("stub_count", 0), ("issued_at__isnull", False), _connector="OR"),
                name="payroll_issued_stubs_are_counted",
            ),
        ),
        guard(
            "payroll_payrun",
            "payroll_issue_counts_its_stubs",
            """
            IF NEW.stub_count <> (SELECT count(*) FROM payroll_paystub WHERE run_id = NEW.id) THEN
                RAISE EXCEPTION 'A pay is issued with the number of its stubs.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'payroll_issue_counts_its_stubs';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OF issued_at",
            level="FOR EACH ROW WHEN (NEW.issued_at IS NOT NULL)",
        ),
    ]
