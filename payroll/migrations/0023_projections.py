from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import guard

KEPT = "A projection that is kept never changes: copy it into one of your own."


def only_in_a_draft(table: str) -> migrations.RunSQL:
    """Rows of `table` are written while their projection is a draft, never after."""
    return guard(
        table,
        f"{table}_of_a_draft",
        f"""
        IF EXISTS (
            SELECT 1 FROM (
                SELECT p.kept_at FROM payroll_projection p
                WHERE p.id IN (NEW.projection_id, OLD.projection_id) FOR SHARE
            ) AS locked WHERE kept_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{table}_of_a_draft';
        END IF;
        RETURN coalesce(NEW, OLD);
        """,
        timing="BEFORE INSERT OR UPDATE OR DELETE",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_sharing_weeks"),
        ("payroll", "0022_price_index"),
        ("timesheets", "0013_renewal_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Projection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "assumptions",
                    models.TextField(blank=True, max_length=4000, verbose_name="assumptions, in words"),
                ),
                ("starts_on", models.DateField(verbose_name="first month")),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(12),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="months",
                    ),
                ),
                (
                    "opening",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="in the bank at first"),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("kept_at", models.DateTimeField(editable=False, null=True, verbose_name="kept at")),
                ("facts", models.JSONField(editable=False, null=True)),
                ("figures", models.JSONField(editable=False, null=True)),
                (
                    "adopted_by_decision",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adopted_projections",
                        to="members.decision",
                        verbose_name="adopted by decision",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projections",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="payroll.projection",
                        verbose_name="copied from",
                    ),
                ),
            ],
            options={
                "ordering": ["-kept_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ExpectedAmount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("revenue", "revenue"), ("cost", "fixed cost")],
                        max_length=7,
                        verbose_name="what it is",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=11,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="amount",
                    ),
                ),
                ("is_monthly", models.BooleanField(default=True, verbose_name="every month")),
                ("first_month", models.DateField(verbose_name="from")),
                ("last_month", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timesheets.service",
                        verbose_name="service",
                    ),
                ),
                (
                    "projection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amounts",
                        to="payroll.projection",
                        verbose_name="projection",
                    ),
                ),
            ],
            options={
                "ordering": ["-side", "service__name", "name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Supposition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scenario",
                    models.CharField(
                        choices=[
                            ("cautious", "Cautious"),
                            ("expected", "Expected"),
                            ("ambitious", "Ambitious"),
                        ],
                        max_length=9,
                        verbose_name="scenario",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rate", "another hourly rate"),
                            ("hours", "more or fewer hours"),
                            ("person", "somebody new"),
                            ("revenue", "more or less revenue"),
                            ("costs", "more or fewer fixed costs"),
                        ],
                        max_length=7,
                        verbose_name="what changes",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("first_month", models.DateField(verbose_name="from")),
                ("last_month", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        verbose_name="percent more or less",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=11, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "minutes_per_week",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hours a week"),
                ),
                (
                    "work_kind",
                    models.CharField(
                        blank=True,
                        choices=[("salaried", "salaried"), ("freelance", "freelance")],
                        max_length=10,
                        verbose_name="paid as",
                    ),
                ),
                (
                    "projection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suppositions",
                        to="payroll.projection",
                        verbose_name="projection",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timesheets.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "ordering": ["scenario", "first_month", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="projection",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_on__day", 1)),
                name="payroll_projection_from_the_first",
                violation_error_message="A month is named by its first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="projection",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gte", 12), ("months__lte", 24)),
                name="payroll_projection_months",
                violation_error_message="A projection covers 12 to 24 months.",
            ),
        ),
        migrations.AddConstraint(
            model_name="projection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("adopted_by_decision", None),
                        ("facts__isnull", True),
                        ("figures__isnull", True),
                        ("kept_at", None),
                    ),
                    models.Q(
                        ("facts__isnull", False), ("figures__isnull", False), ("kept_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="payroll_projection_kept_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedamount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side", "revenue"), models.Q(("service", None), ("side", "cost")), _connector="OR"
                ),
                name="payroll_expected_side",
                violation_error_message="A fixed cost belongs to no service.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedamount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), ("service__isnull", False), _connector="OR"
                ),
                name="payroll_expected_has_a_name",
                violation_error_message="Say what it is: a service, or a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedamount",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", Decimal("0"))), name="payroll_expected_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedamount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_month__day", 1),
                    models.Q(("last_month", None), ("last_month__day", 1), _connector="OR"),
                ),
                name="payroll_expected_months",
                violation_error_message="A month is named by its first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectedamount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_month", None),
                    models.Q(("is_monthly", True), ("last_month__gte", models.F("first_month"))),
                    _connector="OR",
                ),
                name="payroll_expected_in_order",
                violation_error_message="The last month comes before the first. Check both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scenario__in", ["cautious", "expected", "ambitious"]),
                    models.Q(("name", ""), _negated=True),
                ),
                name="payroll_supposition_scenario",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", Decimal("0")),
                        ("amount__isnull", False),
                        ("kind", "rate"),
                        ("percent", None),
                    ),
                    models.Q(("amount", None), ("kind", "hours"), ("percent__isnull", False)),
                    models.Q(("amount", None), ("kind", "person"), ("percent", None)),
                    models.Q(
                        ("amount", None), ("kind__in", ["revenue", "costs"]), ("percent__isnull", False)
                    ),
                    models.Q(
                        ("amount__isnull", False), ("kind__in", ["revenue", "costs"]), ("percent", None)
                    ),
                    _connector="OR",
                ),
                name="payroll_supposition_says_how_much",
                violation_error_message="Give a percentage or an amount, one of the two.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "person"),
                        ("minutes_per_week__isnull", False),
                        ("work_kind__in", ["salaried", "freelance"]),
                        ("minutes_per_week__gt", 0),
                        ("minutes_per_week__lte", 3600),
                    ),
                    models.Q(
                        models.Q(("kind", "person"), _negated=True),
                        ("minutes_per_week", None),
                        ("work_kind", ""),
                    ),
                    _connector="OR",
                ),
                name="payroll_supposition_of_somebody",
                violation_error_message="Agreed hours go from 0 to 60 a week.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("service", None), ("kind", "revenue"), _connector="OR"),
                name="payroll_supposition_of_a_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("percent", None),
                    models.Q(("percent__gte", Decimal("-100")), ("percent__lte", Decimal("1000"))),
                    _connector="OR",
                ),
                name="payroll_supposition_percent",
                violation_error_message="A percentage goes from −100 to 1,000.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_month__day", 1),
                    models.Q(("last_month", None), ("last_month__day", 1), _connector="OR"),
                ),
                name="payroll_supposition_months",
                violation_error_message="A month is named by its first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_month", None), ("last_month__gte", models.F("first_month")), _connector="OR"
                ),
                name="payroll_supposition_in_order",
                violation_error_message="The last month comes before the first. Check both.",
            ),
        ),
        only_in_a_draft("payroll_expectedamount"),
        only_in_a_draft("payroll_supposition"),
        # Of what is kept, only the decision that adopts it is added, once.
        guard(
            "payroll_projection",
            "payroll_projection_stays",
            f"""
            IF TG_OP = 'UPDATE' AND OLD.adopted_by_decision_id IS NULL
                AND to_jsonb(NEW) - 'adopted_by_decision_id' = to_jsonb(OLD) - 'adopted_by_decision_id'
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{KEPT}'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_projection_stays';
            """,
            timing="BEFORE UPDATE OR DELETE",
            level="FOR EACH ROW WHEN (OLD.kept_at IS NOT NULL)",
        ),
    ]
