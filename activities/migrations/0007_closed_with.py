"""Which record's closing cancelled an activity, so that it comes back with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_calendar_index")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="closed_with",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=60, verbose_name="closed with"
            ),
        ),
    ]
