import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0016_drafts_by_week")]

    operations = [
        migrations.AlterField(
            model_name="timeentry",
            name="project",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="timesheets.project",
                verbose_name="project",
            ),
        ),
        migrations.AddIndex(
            model_name="timeentry",
            index=models.Index(
                condition=models.Q(("project__isnull", False)),
                fields=["project", "day"],
                include=("person", "minutes", "approved_at"),
                name="timesheets_project_day",
            ),
        ),
        migrations.AddIndex(
            model_name="timeentry",
            index=models.Index(
                condition=models.Q(("approved_at", None), ("project__isnull", False)),
                fields=["project"],
                name="timesheets_project_open",
            ),
        ),
    ]
