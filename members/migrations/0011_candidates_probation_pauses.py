import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import koumbit.dated


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_mandates_with_terms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
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
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="Every member reads it.",
                        max_length=2000,
                        verbose_name="why, in their words",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("admitted", "admitted"),
                            ("declined", "not admitted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Pause",
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
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Probation",
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
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="cooperative",
            name="legal_form",
            field=models.CharField(
                choices=[("cooperative", "cooperative"), ("non_profit", "non-profit organization")],
                default="cooperative",
                help_text="Only a cooperative has member shares and may share its surplus by hours.",
                max_length=12,
                verbose_name="legal form",
            ),
        ),
        migrations.AddField(
            model_name="cooperative",
            name="pause_votes",
            field=models.BooleanField(
                default=False, verbose_name="members on pause decide in the general assembly"
            ),
        ),
        migrations.AddField(
            model_name="cooperative",
            name="probation_votes",
            field=models.BooleanField(
                default=False, verbose_name="members on probation decide in the general assembly"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="end_recorded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="end recorded by",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.decision",
                verbose_name="ended by decision",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="closes_on",
            field=models.DateField(editable=False, null=True, verbose_name="account closes after"),
        ),
        migrations.AddField(
            model_name="workstatus",
            name="agreed_when_back",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="cooperative",
            constraint=models.CheckConstraint(
                condition=models.Q(("legal_form__in", ["cooperative", "non_profit"])),
                name="members_legal_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", False),
                    models.Q(("end_recorded_by", None), ("ended_by", None)),
                    _connector="OR",
                ),
                name="members_membership_end",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="decision",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.decision",
                verbose_name="decision",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.decision",
                verbose_name="decision",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pauses",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="workstatus",
            name="pause",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_statuses",
                to="members.pause",
                verbose_name="pause",
            ),
        ),
        migrations.AddConstraint(
            model_name="workstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_when_back", None), ("pause", None)),
                    models.Q(
                        ("agreed_minutes_per_week", 0),
                        ("agreed_when_back__lte", 3600),
                        ("pause__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="members_nothing_agreed_on_pause",
            ),
        ),
        migrations.AddField(
            model_name="probation",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.decision",
                verbose_name="decision",
            ),
        ),
        migrations.AddField(
            model_name="probation",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="probations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="members_application_days",
                violation_error_code="days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("person"), models.F("person"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                ],
                name="members_one_application",
                violation_error_code="never_twice",
                violation_error_message="This person already asks to become a member on some of these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on", None), ("outcome", "")),
                    models.Q(
                        ("decision__isnull", False), ("ends_on__isnull", False), ("outcome", "admitted")
                    ),
                    models.Q(("ends_on__isnull", False), ("outcome__in", ["declined", "withdrawn"])),
                    _connector="OR",
                ),
                name="members_application_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="members_pause_days",
                violation_error_code="days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("person"), models.F("person"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                ],
                name="members_one_pause",
                violation_error_code="never_twice",
                violation_error_message="This person is already on pause on some of these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decision__isnull", False), ("recorded_by", models.F("person")), _connector="OR"
                ),
                name="members_pause_own_or_decided",
                violation_error_message="A pause is asked for by the person, or decided: name the decision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="probation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="members_probation_days",
                violation_error_code="days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="probation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("person"), models.F("person"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                ],
                name="members_one_probation",
                violation_error_code="never_twice",
                violation_error_message="This person is already on probation on some of these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="probation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__isnull", False)),
                name="members_probation_has_an_end",
                violation_error_message="A probation has a last day.",
            ),
        ),
    ]
