from django.db import migrations, models

EXPECTED = {
    "blank": True,
    "help_text": "All people together. Empty as long as nobody knows.",
    "null": True,
    "verbose_name": "hours expected in 13 weeks",
}


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0010_adopted_by_a_decision"),
    ]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="expected_minutes_per_quarter",
            field=models.PositiveIntegerField(**EXPECTED),
        )
        for name in ("task", "taskversion")
    ]
