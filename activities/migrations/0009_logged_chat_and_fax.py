"""Two more kinds of what was said: a chat in a messenger and a fax. No change of a table."""

from django.db import migrations, models

KINDS = [
    ("task", "task"),
    ("call", "call"),
    ("meeting", "meeting"),
    ("follow_up", "follow-up"),
    ("deadline", "deadline"),
    ("note", "note"),
    ("email", "e-mail"),
    ("sms", "SMS"),
    ("letter", "letter"),
    ("chat", "chat"),
    ("fax", "fax"),
]


def kind(model: str, **options: object) -> migrations.AlterField:
    field = models.CharField(choices=KINDS, max_length=10, **{"verbose_name": "kind", **options})
    return migrations.AlterField(model_name=model, name="kind", field=field)


class Migration(migrations.Migration):
    dependencies = [("activities", "0008_open_work_index")]

    operations = [
        kind("activity", default="task"),
        kind("activityevent", default="task"),
        kind("activityoutcome", blank=True, verbose_name="kind of activity"),
        kind("activityoutcomeevent", blank=True, verbose_name="kind of activity"),
        kind("sequencestep", default="call"),
        kind("sequencestepevent", default="call"),
    ]
