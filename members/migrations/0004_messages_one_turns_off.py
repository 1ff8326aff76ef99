from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_messages_that_hold_a_key")]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="stop_url",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
    ]
