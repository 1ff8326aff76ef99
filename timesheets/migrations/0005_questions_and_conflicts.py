import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import koumbit.dated
from koumbit.sql import append_only, guard


class Migration(migrations.Migration):
    dependencies = [
        ("timesheets", "0004_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConflictOfInterest",
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
                ("because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("declared_at", models.DateTimeField(auto_now_add=True, verbose_name="declared at")),
                (
                    "approver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who steps aside",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose hours",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="timesheets_conflict_days_in_order",
                        violation_error_code="days_in_order",
                        violation_error_message="The last day comes before the first. Check both dates.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("approver"),
                                    models.F("approver"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("person"),
                                    models.F("person"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                        ],
                        name="timesheets_one_conflict_at_a_time",
                        violation_error_code="never_twice",
                        violation_error_message="This conflict of interest is declared already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approver", models.F("person")), _negated=True),
                        name="timesheets_conflict_with_another",
                        violation_error_message="A conflict of interest is about somebody else’s hours.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("text", models.CharField(max_length=500, verbose_name="message")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="thread",
                        to="timesheets.timeentry",
                        verbose_name="line",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_messages",
                        to="timesheets.weeksheet",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="timesheets_line_message_says_something",
                    )
                ],
            },
        ),
        append_only("timesheets_linemessage", "What was asked and answered stays written: write again."),
        *(
            guard(
                table,
                f"{table}_by_nobody_who_stepped_aside",
                f"""
                IF EXISTS (
                    SELECT 1 FROM timesheets_conflictofinterest c
                    WHERE c.approver_id = NEW.{signed}_by_id AND c.person_id = NEW.person_id
                        AND (NEW.{signed}_at AT TIME ZONE current_setting('TimeZone'))::date
                            BETWEEN c.starts_on AND coalesce(c.ends_on, 'infinity')
                ) THEN
                    RAISE EXCEPTION 'Whoever declared a conflict of interest does not decide on these hours.'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_nobody_who_stepped_aside';
                END IF;
                RETURN NEW;
                """,
                timing=f"BEFORE INSERT OR UPDATE OF {signed}_by_id",
                level=f"FOR EACH ROW WHEN (NEW.{signed}_by_id IS NOT NULL)",
            )
            for table, signed in (
                ("timesheets_weeksheet", "approved"),
                ("timesheets_timeentry", "approved"),
                ("timesheets_leave", "decided"),
                ("timesheets_leavecancellation", "decided"),
            )
        ),
    ]
