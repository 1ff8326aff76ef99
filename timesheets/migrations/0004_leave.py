import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timesheets", "0003_week_start_is_final"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Leave",
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
                            ("vacation", "vacation"),
                            ("banked", "banked overtime taken"),
                            ("holiday", "statutory holiday"),
                            ("sick", "sick day"),
                            ("family", "family obligation"),
                            ("parental", "parental leave"),
                            ("unpaid", "unpaid leave"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day away")),
                ("ends_on", models.DateField(verbose_name="last day away")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="requested at")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided at")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "decided_by",
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
                        related_name="leaves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LeaveDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="time")),
                (
                    "leave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="timesheets.leave",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(
                condition=models.Q(("state", "requested")),
                fields=["starts_on"],
                name="timesheets_leave_requested",
            ),
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(fields=["person", "starts_on"], name="timesheets_leave_of_person"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="timesheets_leave_days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None), ("decided_by", None), ("state__in", ["requested", "withdrawn"])
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["approved", "refused", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="timesheets_leave_decision_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_leave_decided_by_another",
                violation_error_message="Nobody approves their own leave.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_leave_refused_says_why",
                violation_error_message="Say why the leave is refused.",
            ),
        ),
        migrations.AddIndex(
            model_name="leaveday",
            index=models.Index(
                fields=["person", "day"], include=("minutes",), name="timesheets_leave_person_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaveday",
            constraint=models.UniqueConstraint(fields=("leave", "day"), name="timesheets_leave_day_once"),
        ),
        migrations.AddConstraint(
            model_name="leaveday",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (1, 1440))),
                name="timesheets_leave_minutes",
                violation_error_message="A day of leave is between 1 minute and 24 hours.",
            ),
        ),
    ]
