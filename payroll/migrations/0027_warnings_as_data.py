from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payroll", "0026_expected_apart_from_the_run")]

    operations = [
        migrations.AddField(
            model_name="acknowledgement",
            name="said",
            field=models.JSONField(default=dict),
        ),
    ]
