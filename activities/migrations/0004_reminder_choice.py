"""The reminders chosen for one activity, beside everyone's own defaults."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_invitation")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="reminder_choice",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="reminders"),
        ),
    ]
