"""Notes are activities now (activities.0005): their own tables go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_relation_unique"), ("activities", "0005_notes")]

    operations = [migrations.DeleteModel("NoteEvent"), migrations.DeleteModel("Note")]
