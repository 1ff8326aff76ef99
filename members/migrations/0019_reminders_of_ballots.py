from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0018_purges")]

    operations = [
        migrations.AddField(
            model_name="ballot",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="reminded at"),
        ),
    ]
