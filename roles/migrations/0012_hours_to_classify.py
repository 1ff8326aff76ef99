from django.db import migrations, models
from django.utils.translation import gettext_noop

from koumbit.sql import guard

STAYS = gettext_noop("What hours were logged as does not change with their task: create another task.")


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0011_expected_in_a_quarter"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="is_unclassified",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "For hours of which nobody has said yet what they were: they count as the mean of the co-op, and "
                    "whoever logged them says later which task it was. One task at most; it is neither rated nor planned."
                ),
                verbose_name="its hours are still to be classified",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_unclassified", True), ("retired_on", None)),
                fields=("is_unclassified",),
                name="roles_one_task_to_classify",
                violation_error_message="There is a task for hours to be classified already: use that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_unclassified", False), ("expected_minutes_per_quarter", None), _connector="OR"
                ),
                name="roles_unclassified_is_not_planned",
                violation_error_message="Hours still to be classified are not expected: leave them empty.",
            ),
        ),
        guard(
            "roles_task",
            "roles_task_stays_classified",
            f"""
            IF NEW.is_unclassified <> OLD.is_unclassified THEN
                RAISE EXCEPTION '{STAYS}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'roles_task_stays_classified';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE UPDATE",
        ),
    ]
