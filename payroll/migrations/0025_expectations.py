import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payroll", "0024_given_records_of_employment")]

    operations = [
        migrations.CreateModel(
            name="Expectation",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="expectation",
                        serialize=False,
                        to="payroll.payrun",
                    ),
                ),
                ("stubs", models.JSONField(default=list)),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO payroll_expectation (run_id, stubs) SELECT id, expected FROM payroll_payrun",
            migrations.RunSQL.noop,
        ),
    ]
