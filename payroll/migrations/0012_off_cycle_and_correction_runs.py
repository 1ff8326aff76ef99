import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payroll", "0011_remittances")]

    operations = [
        migrations.AddField(
            model_name="payrun",
            name="through",
            field=models.DateField(editable=False, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="paystub",
            name="mirrors",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mirrored_by",
                to="payroll.paystub",
            ),
        ),
        migrations.AlterField(
            model_name="payrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("regular", "regular pay"),
                    ("offcycle", "off-cycle pay"),
                    ("correction", "correction of a stub"),
                    ("void", "voiding of a stub"),
                ],
                default="regular",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="payrun", name="payroll_void_names_its_stub"),
        migrations.RemoveConstraint(model_name="paystub", name="payroll_one_stub_per_person_and_run"),
        migrations.AddConstraint(
            model_name="payrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["regular", "offcycle"]), ("voids", None)),
                    models.Q(
                        ("kind__in", ["correction", "void"]),
                        ("voids__isnull", False),
                        models.Q(("because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="payroll_void_names_its_stub",
                violation_error_message="Say why the stub is taken back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "offcycle"),
                        ("through__isnull", False),
                        models.Q(("because", ""), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "offcycle"), _negated=True), ("through", None)),
                    _connector="OR",
                ),
                name="payroll_off_cycle_says_why",
                violation_error_message="Say why these people are paid between two regular pays.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paystub",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mirrors", None)),
                fields=("run", "person", "kind"),
                name="payroll_one_stub_per_person_and_run",
            ),
        ),
    ]
