"""Extensions for search and the Persian folding and sorting functions."""

from django.db import migrations

from core.sql import text


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [migrations.RunSQL(sql=text.FORWARD, reverse_sql=text.REVERSE)]
