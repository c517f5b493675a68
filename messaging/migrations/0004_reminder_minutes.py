"""How long before an activity of each kind a person wants to be reminded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_message_round")]

    operations = [
        migrations.AddField(
            model_name="notificationsettings",
            name="reminder_minutes",
            field=models.JSONField(blank=True, default=dict, verbose_name="reminders by kind of activity"),
        ),
    ]
