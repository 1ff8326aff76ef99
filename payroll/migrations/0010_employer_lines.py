"""CNESST and labour standards on the stubs, so that their cost to the co-op is whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payroll", "0009_printed_invoice_number_stays")]

    operations = [
        migrations.RemoveConstraint(
            model_name="stubline",
            name="payroll_line_on_its_side",
        ),
        migrations.AlterField(
            model_name="stubline",
            name="code",
            field=models.CharField(
                choices=[
                    ("regular", "Regular hours"),
                    ("overtime", "Overtime, paid at time and a half"),
                    ("banked", "Overtime, banked at time and a half"),
                    ("taken", "Banked overtime, taken as leave"),
                    ("federal_tax", "Federal income tax"),
                    ("quebec_tax", "Québec income tax"),
                    ("qpp", "QPP"),
                    ("qpp2", "QPP, second additional contribution"),
                    ("qpip", "QPIP"),
                    ("ei", "Employment insurance"),
                    ("hsf", "Health Services Fund"),
                    ("cnesst", "CNESST, workplace accidents"),
                    ("standards", "Labour standards, remitted once a year"),
                    ("gst", "GST"),
                    ("qst", "QST"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="stubline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__in", ["regular", "overtime", "banked", "taken"]), ("side", "earning")),
                    models.Q(
                        ("code__in", ["federal_tax", "quebec_tax", "qpp", "qpp2", "qpip", "ei"]),
                        ("side", "deduction"),
                    ),
                    models.Q(("code__in", ["gst", "qst"]), ("side", "sales_tax")),
                    models.Q(
                        ("code__in", ["qpp", "qpp2", "qpip", "ei", "hsf", "cnesst", "standards"]),
                        ("side", "employer"),
                    ),
                    _connector="OR",
                ),
                name="payroll_line_on_its_side",
            ),
        ),
    ]
