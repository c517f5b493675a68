from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_audit_related_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="week_starts_on",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "Saturday"),
                    (1, "Sunday"),
                    (2, "Monday"),
                    (3, "Tuesday"),
                    (4, "Wednesday"),
                    (5, "Thursday"),
                    (6, "Friday"),
                ],
                help_text="In calendars. Left empty: Saturday with the Jalali calendar, Monday with the Gregorian one.",
                null=True,
                verbose_name="first day of the week",
            ),
        ),
    ]
