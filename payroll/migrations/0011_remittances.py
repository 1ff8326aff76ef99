from decimal import Decimal

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import koumbit.dated
from koumbit.sql import append_only, guard


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0010_employer_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CnesstClassification",
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
                    "unit",
                    models.CharField(
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]{5}$", "A classification unit has five digits."
                            )
                        ],
                        verbose_name="classification unit",
                    ),
                ),
                (
                    "per_hundred_dollars",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("0")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="premium per 100 $ of assessable pay",
                    ),
                ),
                (
                    "is_paid_with_quebec",
                    models.BooleanField(
                        default=True, verbose_name="paid as we go, with Revenu Québec's remittances"
                    ),
                ),
                (
                    "notice",
                    models.CharField(
                        help_text="The notice it comes from, with its date.",
                        max_length=200,
                        verbose_name="notice",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EmployerYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        unique=True,
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2199),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("other", "other than primary and manufacturing"),
                            (
                                "primary_manufacturing",
                                "primary or manufacturing, for more than half of payroll",
                            ),
                            ("public", "public sector"),
                        ],
                        default="other",
                        max_length=21,
                        verbose_name="sector",
                    ),
                ),
                (
                    "estimated_payroll",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="total payroll of the year (estimate)",
                    ),
                ),
                (
                    "associated_payroll",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="payroll of associated employers",
                    ),
                ),
                (
                    "training_spent",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="eligible training expenses",
                    ),
                ),
                ("notice", models.CharField(max_length=200, verbose_name="source")),
            ],
            options={
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="Remittance",
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
                        choices=[("periodic", "source deductions"), ("yearly", "contributions of the year")],
                        default="periodic",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "government",
                    models.CharField(
                        choices=[("cra", "Canada Revenue Agency"), ("rq", "Revenu Québec")],
                        max_length=3,
                        verbose_name="paid to",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="pays from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("parts", models.JSONField(blank=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount")),
                (
                    "owed",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="owed by the pays"),
                ),
                ("paid_on", models.DateField(verbose_name="paid on")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="reference")),
                ("because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
            ],
            options={
                "ordering": ["paid_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RemitterType",
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
                    "government",
                    models.CharField(
                        choices=[("cra", "Canada Revenue Agency"), ("rq", "Revenu Québec")],
                        max_length=3,
                        verbose_name="government",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("annual", "once a year"),
                            ("quarterly", "every three months"),
                            ("monthly", "every month"),
                            ("twice_monthly", "twice a month"),
                            ("weekly", "every week"),
                        ],
                        max_length=13,
                        verbose_name="remits",
                    ),
                ),
                (
                    "notice",
                    models.CharField(
                        help_text="The notice it comes from, with its date.",
                        max_length=200,
                        verbose_name="notice",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="cnesstclassification",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="employeryear",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="remittance",
            name="corrects",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="payroll.remittance",
            ),
        ),
        migrations.AddField(
            model_name="remittance",
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
            model_name="remittertype",
            name="recorded_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddConstraint(
            model_name="cnesstclassification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="payroll_classification_days",
                violation_error_code="days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cnesstclassification",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(koumbit.dated.Days("starts_on", "ends_on"), "&&")],
                name="payroll_one_classification",
                violation_error_code="never_twice",
                violation_error_message="A classification is already on file for some of these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cnesstclassification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("per_hundred_dollars__gte", Decimal("0")), ("per_hundred_dollars__lte", Decimal("100"))
                ),
                name="payroll_premium_per_hundred",
            ),
        ),
        migrations.AddConstraint(
            model_name="cnesstclassification",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__regex", "^[0-9]{5}$"), models.Q(("notice", ""), _negated=True)),
                name="payroll_classification_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="employeryear",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sector__in", ["other", "primary_manufacturing", "public"]),
                    ("associated_payroll__gte", Decimal("0")),
                    ("estimated_payroll__gte", Decimal("0")),
                    ("training_spent__gte", Decimal("0")),
                ),
                name="payroll_employer_year_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="employeryear",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__range", (2000, 2199)), models.Q(("notice", ""), _negated=True)),
                name="payroll_employer_year_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.CheckConstraint(
                condition=models.Q(("government__in", ["cra", "rq"]), ("kind__in", ["periodic", "yearly"])),
                name="payroll_remittance_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_on__gt", models.F("ends_on")), ("ends_on__gte", models.F("starts_on"))
                ),
                name="payroll_remittance_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", Decimal("0")), ("corrects", None)),
                    models.Q(("because", ""), _negated=True),
                    _connector="OR",
                ),
                name="payroll_remittance_says_why",
                violation_error_message="Say why this amount is taken back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="payroll_remitter_days",
                violation_error_code="days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.Func(
                                models.F("government"),
                                function="hashtext",
                                output_field=models.IntegerField(),
                            ),
                            models.Func(
                                models.F("government"),
                                function="hashtext",
                                output_field=models.IntegerField(),
                            ),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    (koumbit.dated.Days("starts_on", "ends_on"), "&&"),
                ],
                name="payroll_one_remitter_type",
                violation_error_code="never_twice",
                violation_error_message="This government's frequency is already on file for some of these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("government", "rq"),
                    models.Q(("government", "cra"), models.Q(("frequency", "annual"), _negated=True)),
                    _connector="OR",
                ),
                name="payroll_cra_is_not_yearly",
                violation_error_message="The Canada Revenue Agency is not paid once a year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency__in", ["annual", "quarterly", "monthly", "twice_monthly", "weekly"])
                ),
                name="payroll_remitter_frequency",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_on__day", 1)),
                name="payroll_remitter_from_the_first",
                violation_error_message="A frequency starts on the first day of a month.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remittertype",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice", ""), _negated=True), name="payroll_remitter_notice"
            ),
        ),
        append_only(
            "payroll_remittance",
            "A remittance that is recorded stays: a counter-entry takes it back.",
        ),
        guard(
            "payroll_remittance",
            "payroll_remittance_adds_up",
            """
            IF NEW.amount IS DISTINCT FROM
               (SELECT coalesce(sum(value::numeric), 0) FROM jsonb_each_text(NEW.parts)) THEN
                RAISE EXCEPTION 'The parts of a remittance add up to its amount.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'payroll_remittance_adds_up';
            END IF;
            IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM payroll_remittance r
                WHERE r.id = NEW.corrects_id AND r.corrects_id IS NULL AND r.amount = -NEW.amount
                  AND (r.kind, r.government, r.starts_on, r.ends_on)
                      = (NEW.kind, NEW.government, NEW.starts_on, NEW.ends_on)
            ) THEN
                RAISE EXCEPTION 'A counter-entry takes back one whole remittance.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'payroll_remittance_adds_up';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
    ]
