"""Incoming messages are found by the address they came from."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0008_notice_lines")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(condition=models.Q(("direction", "in")), fields=["from_address"], name="message_from"),
        ),
    ]
