from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0005_notes"),
        ("users", "0004_default_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("deleted_at", None), ("ends_at__isnull", False)),
                fields=["owner", "ends_at", "due_at"],
                name="activity_owner_ends",
            ),
        ),
    ]
