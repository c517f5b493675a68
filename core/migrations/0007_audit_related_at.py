"""When a touched record was touched: its timeline walks an index instead of sorting the log."""

import django.utils.timezone
from django.db import migrations, models

FILL = """
UPDATE core_auditrelated r SET at = e.at FROM core_auditentry e WHERE e.id = r.entry_id
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_notification_subject")]

    operations = [
        migrations.AddField(
            model_name="auditrelated",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="at"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
