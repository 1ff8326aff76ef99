import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import guard, refuse_change

KEPT = "The answers to the warnings stay with the pay they were given for."


def stays_as_prepared(columns: str, jsons: str) -> migrations.RunSQL:
    """What was prepared changes in none of these columns of a run."""
    before, after = (
        tuple(", ".join(f"{row}.{name}" for name in names.split()) for names in (columns, jsons))
        for row in ("OLD", "NEW")
    )
    return guard(
        "payroll_payrun",
        "payroll_run_stays_as_prepared",
        """
        RAISE EXCEPTION 'What was prepared, and by whom, does not change: withdraw the pay and prepare it again.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_run_stays_as_prepared';
        """,
        timing="BEFORE UPDATE",
        level=f"""FOR EACH ROW WHEN (
            ({before[0]}) IS DISTINCT FROM ({after[0]})
            OR ({before[1]}) IS DISTINCT FROM ({after[1]})
        )""",
    )


RUN = "period_id kind pay_on voids_id because prepared_at prepared_by_id"
before_ours = stays_as_prepared(RUN, "digest findings expected")


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0012_off_cycle_and_correction_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=100)),
                ("sentence", models.CharField(max_length=600, verbose_name="warning")),
                ("because", models.CharField(max_length=300, verbose_name="answer")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="payroll.payrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True),
                        name="payroll_warning_is_answered",
                        violation_error_message="Say why the pay goes ahead in spite of the warnings.",
                    )
                ],
            },
        ),
        refuse_change("payroll_acknowledgement", KEPT, delete=False),
        guard(
            "payroll_acknowledgement",
            "payroll_acknowledgement_before_issue",
            f"""
            IF EXISTS (
                SELECT 1 FROM payroll_payrun r
                WHERE r.id = coalesce(NEW.run_id, OLD.run_id) AND r.issued_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION '{KEPT}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_acknowledgement_before_issue';
            END IF;
            RETURN coalesce(NEW, OLD);
            """,
            timing="BEFORE INSERT OR DELETE",
        ),
        migrations.RunSQL(before_ours.reverse_sql, before_ours.sql),
        migrations.RemoveConstraint(model_name="payrun", name="payroll_warnings_are_answered"),
        migrations.RemoveField(model_name="payrun", name="findings"),
        stays_as_prepared(f"{RUN} through", "digest expected"),
    ]
