import django.db.models.deletion
from django.db import migrations, models
from django.utils.translation import gettext_noop

from koumbit.sql import append_only, guard

NOT_THEIRS = gettext_noop("An objective is changed by the body that set it, or by the general assembly.")
NOT_RUNNING = gettext_noop("This objective does not run on that day: nothing about it changes any more.")
NEEDS_A_TARGET = gettext_noop("Say what is to be reached: a figure, in the unit of the measure.")


def refused(sentence: str, name: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


class Migration(migrations.Migration):
    dependencies = [("members", "0019_reminders_of_ballots")]

    operations = [
        migrations.CreateModel(
            name="ObjectiveChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="from")),
                ("is_given_up", models.BooleanField(default=False, verbose_name="given up")),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="target"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[("at_least", "at least"), ("at_most", "at most")],
                        max_length=10,
                        verbose_name="to reach",
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("why", models.TextField(max_length=2000, verbose_name="why")),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objective_change",
                        to="members.decision",
                        verbose_name="decision",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="members.objective",
                    ),
                ),
            ],
            options={"ordering": ["on", "pk"]},
        ),
        migrations.AddConstraint(
            model_name="objectivechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_given_up", True)),
                fields=("objective",),
                name="members_objective_given_up_once",
                violation_error_message="This objective is given up already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectivechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction", ""), ("ends_on", None), ("is_given_up", True), ("target", None)),
                    models.Q(
                        ("direction__in", ["at_least", "at_most"]),
                        ("ends_on__isnull", False),
                        ("is_given_up", False),
                    ),
                    _connector="OR",
                ),
                name="members_objective_change_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectivechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("on")), _connector="OR"),
                name="members_objective_change_days",
                violation_error_message="The last day comes before the day on which this takes effect.",
            ),
        ),
        append_only(
            "members_objectivechange", "What an objective became stays: a later decision changes it."
        ),
        guard(
            "members_objectivechange",
            "members_objective_change_holds",
            f"""
            -- One writer at a time for an objective: each change follows the former.
            PERFORM pg_advisory_xact_lock(hashtext('members_objectivechange'), hashint8(NEW.objective_id));
            IF NOT EXISTS (
                SELECT 1 FROM members_objective o, members_decision d JOIN members_committee b ON b.id = d.body_id
                WHERE o.id = NEW.objective_id AND d.id = NEW.decision_id
                    AND (d.body_id = o.body_id OR b.kind = 'assembly')
            ) THEN
                {refused(NOT_THEIRS, "members_objective_change_holds")}
            END IF;
            SELECT coalesce(
                (SELECT CASE WHEN c.is_given_up THEN c."on" - 1 ELSE c.ends_on END FROM members_objectivechange c
                    WHERE c.objective_id = NEW.objective_id ORDER BY c."on" DESC, c.id DESC LIMIT 1),
                o.ends_on
            ), greatest(o.starts_on, (
                SELECT max(c."on") FROM members_objectivechange c WHERE c.objective_id = NEW.objective_id
            )), o.measure INTO until, since, measured FROM members_objective o WHERE o.id = NEW.objective_id;
            IF NEW."on" > until OR NEW."on" < since THEN
                {refused(NOT_RUNNING, "members_objective_change_holds")}
            END IF;
            IF measured <> '' AND NOT NEW.is_given_up AND NEW.target IS NULL THEN
                {refused(NEEDS_A_TARGET, "members_objective_change_holds")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
            declare="until date; since date; measured text;",
        ),
    ]
