import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import koumbit.dated


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0001_roles_and_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty while it lasts.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "planned_minutes_per_week",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Roughly, if the team has agreed on it.",
                        null=True,
                        verbose_name="planned hours a week",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="roles.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
                "indexes": [models.Index(fields=["person"], name="roles_assignment_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="roles_assignment_days_in_order",
                        violation_error_code="days_in_order",
                        violation_error_message="The last day comes before the first. Check both dates.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("person"),
                                    models.F("person"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("task"),
                                    models.F("task"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="roles_one_assignment_at_a_time",
                        violation_error_code="never_twice",
                        violation_error_message="This person already carries this task on some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_minutes_per_week", None),
                            ("planned_minutes_per_week__range", (1, 10080)),
                            _connector="OR",
                        ),
                        name="roles_planned_minutes",
                        violation_error_message="A week has between 1 minute and 168 hours.",
                    ),
                ],
            },
        ),
    ]
