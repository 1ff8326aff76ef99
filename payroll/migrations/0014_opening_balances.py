from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import guard

EDITED = "An opening balance is not edited: withdraw it and enter it again."
FINAL = "A pay has counted this opening balance: it is final."
COUNTED = """{balance}.confirmed_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM payroll_paystub s JOIN payroll_payrun r ON r.id = s.run_id
    WHERE s.person_id = {balance}.person_id AND s.kind = {balance}.kind
        AND r.issued_at > {balance}.confirmed_at AND date_part('year', r.pay_on) = {balance}.year
)"""


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0013_acknowledgements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "kind",
                    models.CharField(
                        choices=[("stub", "pay stub"), ("statement", "payment statement")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("through", models.DateField(verbose_name="last pay date counted")),
                ("pays", models.PositiveSmallIntegerField(verbose_name="number of pays")),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=10, verbose_name="gross"
                    ),
                ),
                (
                    "pensionable",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="pensionable earnings (QPP)",
                    ),
                ),
                (
                    "insurable",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="insurable earnings (EI, QPIP)",
                    ),
                ),
                (
                    "nonperiodic",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="non-periodic part of the gross",
                    ),
                ),
                (
                    "nonperiodic_f5",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        editable=False,
                        max_digits=10,
                        verbose_name="additional QPP contributions on that part",
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_balances",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "person__sort_name", "kind"],
            },
        ),
        migrations.CreateModel(
            name="OpeningAmount",
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
                        choices=[
                            ("earning", "earnings"),
                            ("deduction", "deductions"),
                            ("sales_tax", "sales taxes"),
                            ("employer", "employer's contributions"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("regular", "Regular hours"),
                            ("overtime", "Overtime, paid at time and a half"),
                            ("banked", "Overtime, banked at time and a half"),
                            ("taken", "Banked overtime, taken as leave"),
                            ("vacation", "Vacation"),
                            ("holiday", "Statutory holiday, indemnity"),
                            ("sick", "Sick or family day, paid by law"),
                            ("bank_out", "Banked overtime, paid out"),
                            ("vacation_out", "Vacation pay, without leave"),
                            ("federal_tax", "Federal income tax"),
                            ("quebec_tax", "Québec income tax"),
                            ("qpp", "QPP"),
                            ("qpp2", "QPP, second additional contribution"),
                            ("qpip", "QPIP"),
                            ("ei", "Employment insurance"),
                            ("hsf", "Health Services Fund"),
                            ("cnesst", "CNESST, workplace accidents"),
                            ("standards", "Labour standards, remitted once a year"),
                            ("gst", "GST"),
                            ("qst", "QST"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="amount")),
                (
                    "balance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amounts",
                        to="payroll.openingbalance",
                    ),
                ),
            ],
            options={
                "ordering": ["balance", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.UniqueConstraint(
                fields=("person", "year", "kind"),
                name="payroll_one_opening_a_year",
                violation_error_message="This person already has an opening balance for that year: withdraw it to enter another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(("through__year", models.F("year"))),
                name="payroll_opening_within_its_year",
                violation_error_message="The last pay date counted is in the year itself.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gross__gt", 0),
                    ("insurable__range", (0, models.F("gross"))),
                    ("nonperiodic__range", (0, models.F("gross"))),
                    ("nonperiodic_f5__gte", 0),
                    ("pays__gt", 0),
                    ("pensionable__range", (0, models.F("gross"))),
                ),
                name="payroll_opening_amounts",
                violation_error_message="The gross and the number of pays are more than 0, and none of its parts is more than the gross.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "stub"),
                    models.Q(("insurable", 0), ("kind", "statement"), ("nonperiodic", 0), ("pensionable", 0)),
                    _connector="OR",
                ),
                name="payroll_opening_kind",
                violation_error_message="A freelancer has no pensionable or insurable earnings.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="payroll_opening_confirmation_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="payroll_opening_confirmed_by_another",
                violation_error_message="Whoever entered this balance does not confirm it: another person does.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openingamount",
            constraint=models.UniqueConstraint(
                fields=("balance", "side", "code"), name="payroll_one_opening_amount_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="openingamount",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("side__in", ["deduction", "sales_tax", "employer"])),
                name="payroll_opening_amount_is_withheld_or_added",
                violation_error_message="An amount of an opening balance is more than 0.",
            ),
        ),
        guard(
            "payroll_openingbalance",
            "payroll_opening_is_not_edited",
            f"""
            RAISE EXCEPTION '{EDITED}'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_opening_is_not_edited';
            """,
            timing="BEFORE UPDATE",
            level="""FOR EACH ROW WHEN (
                OLD.confirmed_at IS NOT NULL OR
                (OLD.person_id, OLD.year, OLD.kind, OLD.through, OLD.pays, OLD.entered_at, OLD.entered_by_id)
                IS DISTINCT FROM
                (NEW.person_id, NEW.year, NEW.kind, NEW.through, NEW.pays, NEW.entered_at, NEW.entered_by_id)
                OR
                (OLD.gross, OLD.pensionable, OLD.insurable, OLD.nonperiodic, OLD.nonperiodic_f5)
                IS DISTINCT FROM
                (NEW.gross, NEW.pensionable, NEW.insurable, NEW.nonperiodic, NEW.nonperiodic_f5)
            )""",
        ),
        guard(
            "payroll_openingbalance",
            "payroll_opening_is_counted",
            f"""
            IF {COUNTED.format(balance="OLD")} THEN
                RAISE EXCEPTION '{FINAL}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_opening_is_counted';
            END IF;
            RETURN OLD;
            """,
            timing="BEFORE DELETE",
        ),
        guard(
            "payroll_openingamount",
            "payroll_opening_amount_is_not_edited",
            f"""
            SELECT b.* INTO balance FROM payroll_openingbalance b WHERE b.id = coalesce(NEW.balance_id, OLD.balance_id);
            IF TG_OP = 'UPDATE' OR (TG_OP = 'INSERT' AND balance.confirmed_at IS NOT NULL) THEN
                RAISE EXCEPTION '{EDITED}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_opening_is_not_edited';
            ELSIF TG_OP = 'DELETE' AND {COUNTED.format(balance="balance")} THEN
                RAISE EXCEPTION '{FINAL}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_opening_is_counted';
            END IF;
            RETURN coalesce(NEW, OLD);
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="balance payroll_openingbalance%ROWTYPE;",
        ),
    ]
