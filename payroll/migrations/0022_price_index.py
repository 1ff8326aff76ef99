from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import refuse_change


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0021_cnesst_paid_directly"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=80, verbose_name="index")),
                ("month", models.DateField(verbose_name="month")),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=7,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="points",
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
                "ordering": ["series", "month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "month"),
                        name="payroll_index_once_a_month",
                        violation_error_message="This index already has a figure for that month.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="payroll_index_of_a_month",
                        violation_error_message="A month is named by its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points__gt", Decimal("0")),
                            models.Q(("series", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="payroll_index_has_a_source",
                        violation_error_message="A figure has an index, a value above zero and a source.",
                    ),
                ],
            },
        ),
        refuse_change(
            "payroll_indexpoint",
            "A figure of an index is taken away and entered again, not changed.",
            delete=False,
        ),
    ]
