import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_steps_stand_in_a_membership"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("arrival", "arrival"),
                            ("probation", "probation"),
                            ("pause", "pause"),
                            ("return", "return from a pause"),
                            ("departure", "departure"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("text_fr", models.CharField(max_length=200, verbose_name="in French")),
                (
                    "text_en",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the French is shown.",
                        max_length=200,
                        verbose_name="in English",
                    ),
                ),
                ("known", models.CharField(blank=True, editable=False, max_length=40)),
                ("position", models.PositiveSmallIntegerField(editable=False)),
                ("retired_on", models.DateField(editable=False, null=True)),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step__in", ["arrival", "probation", "pause", "return", "departure"])
                        ),
                        name="members_list_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text_fr", ""), _negated=True),
                        name="members_list_item_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("arrival", "arrival"),
                            ("probation", "probation"),
                            ("pause", "pause"),
                            ("return", "return from a pause"),
                            ("departure", "departure"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("on", models.DateField(editable=False, verbose_name="day of the step")),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "companion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accompanies",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who accompanies them",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="step_lists",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="StepItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done_on", models.DateField(editable=False, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.listitem"
                    ),
                ),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="members.steplist",
                    ),
                ),
            ],
            options={
                "ordering": ["item__position", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="steplist",
            constraint=models.UniqueConstraint(
                fields=("person", "step", "on"),
                name="members_one_list_a_step",
                violation_error_message="This list is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="steplist",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["arrival", "probation", "pause", "return", "departure"])),
                name="members_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="steplist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("companion", None),
                    models.Q(("companion", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="members_companion_is_another",
                violation_error_message="Nobody accompanies themselves: choose somebody else.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stepitem",
            constraint=models.UniqueConstraint(fields=("list", "item"), name="members_step_item_once"),
        ),
        migrations.AddConstraint(
            model_name="stepitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_by", None), ("done_on", None)),
                    models.Q(("done_by__isnull", False), ("done_on__isnull", False)),
                    _connector="OR",
                ),
                name="members_step_item_is_signed",
            ),
        ),
    ]
