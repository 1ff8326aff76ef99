from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timesheets", "0009_nudges"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="budget_dollars",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="budget in dollars"
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="budget_minutes",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="budget in hours"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget_minutes", None), ("budget_dollars", None), _connector="OR"),
                name="timesheets_one_budget",
                violation_error_message="Give the budget in hours or in dollars, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("budget_minutes", None), ("budget_minutes__gt", 0), _connector="OR"),
                    models.Q(("budget_dollars", None), ("budget_dollars__gt", 0), _connector="OR"),
                ),
                name="timesheets_budget_above_zero",
                violation_error_message="A budget is above zero; leave it empty when there is none.",
            ),
        ),
    ]
