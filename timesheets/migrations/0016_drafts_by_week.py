from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("timesheets", "0015_approved_by_month"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="weeksheet",
            index=models.Index(
                fields=["starts_on", "person"], name="timesheets_drafts", condition=models.Q(state="draft")
            ),
        ),
    ]
