from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0014_known_things_are_not_ticked"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShareEntry",
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
                        choices=[("subscribed", "subscribed"), ("paid", "paid"), ("refunded", "refunded")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("shares", models.IntegerField(default=0, verbose_name="number of shares")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0.00"), max_digits=10, verbose_name="amount"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Of a cheque or a transfer, for instance.",
                        max_length=60,
                        verbose_name="reference",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded at")),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="cooperative",
            name="share_value",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Empty: members hold no shares. It cannot change once some are subscribed. Only for a cooperative.",
                max_digits=8,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                verbose_name="value of a member share",
            ),
        ),
        migrations.AddField(
            model_name="cooperative",
            name="shares_to_hold",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="As the by-laws say. Empty: they ask for no number.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="shares each member holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="cooperative",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_value", None), ("share_value__gt", 0), _connector="OR"),
                name="members_share_value",
            ),
        ),
        migrations.AddField(
            model_name="shareentry",
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
            model_name="shareentry",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="share_entries",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="shareentry",
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
            model_name="shareentry",
            name="reverses",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="members.shareentry",
                verbose_name="reverses",
            ),
        ),
        migrations.AddConstraint(
            model_name="shareentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reverses__isnull", False),
                    models.Q(("amount", 0), ("kind", "subscribed"), ("shares__gt", 0)),
                    models.Q(("amount__gt", 0), ("kind", "paid"), ("shares", 0)),
                    models.Q(
                        ("amount__gte", 0),
                        ("kind", "refunded"),
                        ("shares__gte", 0),
                        models.Q(("amount", 0), ("shares", 0), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="members_share_entry_says_what_it_is",
                violation_error_message="Shares are subscribed by number, paid in dollars, refunded as both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shareentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by", None),
                    models.Q(("recorded_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="members_shares_recorded_by_another",
                violation_error_message="Nobody writes in their own shares: ask another holder of this power.",
            ),
        ),
        migrations.AddConstraint(
            model_name="shareentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "refunded"), _negated=True),
                    ("decision__isnull", False),
                    ("reverses__isnull", False),
                    _connector="OR",
                ),
                name="members_refund_is_decided",
                violation_error_message="Shares are refunded by a decision: name it.",
            ),
        ),
    ]
