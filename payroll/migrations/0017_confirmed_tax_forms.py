import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Forms already on file are held to be entered by their owner, and wait to be confirmed.
SIGNED_BY_THEIR_OWNER = "UPDATE payroll_taxprofile SET declared_by_id = person_id"


class Migration(migrations.Migration):
    dependencies = [
        ("payroll", "0016_accounts_of_the_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="taxprofile",
            name="declared_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="entered at"
            ),
        ),
        migrations.AddField(
            model_name="taxprofile",
            name="declared_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddField(
            model_name="taxprofile",
            name="confirmed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="taxprofile",
            name="confirmed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmed by",
            ),
        ),
        migrations.RunSQL(SIGNED_BY_THEIR_OWNER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="taxprofile",
            name="declared_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entered by",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(
                        ("confirmed_at__gte", models.F("declared_at")),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payroll_tax_profile_confirmation_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="taxprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("declared_by")), _negated=True),
                    _connector="OR",
                ),
                name="payroll_tax_profile_confirmed_by_another",
                violation_error_message="Whoever entered these forms does not confirm them: another person does.",
            ),
        ),
    ]
