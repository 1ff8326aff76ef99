import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils.translation import gettext_noop

from koumbit.sql import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0023_projections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EmploymentRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_day", models.DateField(verbose_name="last day of the work")),
                ("number", models.CharField(max_length=20, verbose_name="serial number of the record")),
                ("given_on", models.DateField(verbose_name="given on")),
                ("noted_at", models.DateTimeField(auto_now_add=True, verbose_name="noted at")),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noted by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employment_records",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number",),
                        name="payroll_employment_record_once",
                        violation_error_message="A record of employment already has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        name="payroll_employment_record_number",
                    ),
                ],
            },
        ),
        append_only(
            "payroll_employmentrecord",
            gettext_noop("What was noted of a record of employment stays: note the amended one too."),
        ),
    ]
