"""Indexes of the board: totals of a cycle from the index alone, and one owner's cards of a stage in order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0002_initial")]

    operations = [
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["cycle", "stage"],
                include=["base_amount", "expected_value", "owner", "team"],
                condition=models.Q(deleted_at=None),
                name="opportunity_totals",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["owner", "stage", "-stage_entered_at", "-id"],
                condition=models.Q(deleted_at=None),
                name="opportunity_own_board",
            ),
        ),
    ]
