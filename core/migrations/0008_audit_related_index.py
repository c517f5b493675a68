"""The index of what touched a record, newest first."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0007_audit_related_at")]

    operations = [
        AddIndexConcurrently(
            "auditrelated",
            models.Index(fields=["content_type", "object_id", "-at", "-entry"], name="audit_related_at"),
        ),
        RemoveIndexConcurrently("auditrelated", "audit_related"),
    ]
