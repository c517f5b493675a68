"""Indexes of the orders people sort the list by: next step, estimated amount, last change."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LIVE = models.Q(deleted_at=None)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("leads", "0003_disqualify_reasons")]

    operations = [
        AddIndexConcurrently(
            "lead", models.Index(fields=["next_step_at", "id"], condition=LIVE, name="lead_next_sort")
        ),
        AddIndexConcurrently(
            "lead", models.Index(fields=["estimated_value", "id"], condition=LIVE, name="lead_value_sort")
        ),
        AddIndexConcurrently(
            "lead", models.Index(fields=["updated_at", "id"], condition=LIVE, name="lead_updated_sort")
        ),
    ]
