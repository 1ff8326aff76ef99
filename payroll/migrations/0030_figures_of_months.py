import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0029_purges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "revenue",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="revenue"
                    ),
                ),
                (
                    "costs",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="fixed costs"
                    ),
                ),
                (
                    "closing",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="in the bank at the end",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                (
                    "entered_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month",),
                        name="payroll_figures_once_a_month",
                        violation_error_message="This month has its figures already: whoever entered them takes them away first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="payroll_figures_of_a_month",
                        violation_error_message="A month is named by its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revenue__isnull", False),
                            ("costs__isnull", False),
                            ("closing__isnull", False),
                            _connector="OR",
                        ),
                        name="payroll_figures_say_something",
                        violation_error_message="Enter at least one of the three figures.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revenue", None), ("revenue__gte", 0), _connector="OR"),
                            models.Q(("costs", None), ("costs__gte", 0), _connector="OR"),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="payroll_figures_have_a_source",
                        violation_error_message="Revenue and costs are not below zero, and have a source.",
                    ),
                ],
            },
        ),
    ]
