"""The bell asks for the number and the newest of the unread: one index for both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0009_week_starts_on")]

    operations = [
        migrations.RemoveIndex(model_name="notification", name="notification_unread"),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at", None)), fields=["recipient", "-id"], name="notification_unread_id"
            ),
        ),
    ]
