import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_messages_one_turns_off"),
        ("timesheets", "0008_line_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NudgeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "empty_week",
                    models.BooleanField(
                        default=False, verbose_name="on Friday afternoon, when my week is empty"
                    ),
                ),
                (
                    "questioned",
                    models.BooleanField(default=False, verbose_name="when the committee asks about my hours"),
                ),
                ("approved", models.BooleanField(default=False, verbose_name="when my hours are approved")),
                ("leave", models.BooleanField(default=False, verbose_name="when my leave is decided")),
                (
                    "digest",
                    models.BooleanField(
                        default=False, verbose_name="on Monday morning, what waits for my committee"
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nudge_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Nudge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("empty_week", "empty week"),
                            ("questioned", "question about a line"),
                            ("approved", "week approved"),
                            ("leave", "leave decided"),
                            ("digest", "what waits for the committee"),
                            ("reminder", "reminder from the committee"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("week", models.DateField(verbose_name="week of")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nudge",
                        to="members.outgoingmessage",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nudges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["person", "week"], name="timesheets_nudges_of_week")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["empty_week", "digest"])),
                        fields=("person", "kind", "week"),
                        name="timesheets_nudged_once",
                    )
                ],
            },
        ),
        append_only("timesheets_nudge", "A message that was written stays written."),
    ]
