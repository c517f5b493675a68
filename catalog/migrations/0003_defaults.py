"""A few product families to start with; all of them can be edited."""

from django.db import migrations

FAMILIES = (
    ("hardware", "سخت‌افزار و تجهیزات", "Hardware and equipment"),
    ("software", "نرم‌افزار و مجوز", "Software and licences"),
    ("consumables", "مواد مصرفی", "Consumables"),
    ("spare-parts", "قطعات یدکی", "Spare parts"),
    ("services", "خدمات", "Services"),
    ("support", "پشتیبانی و نگهداری", "Support and maintenance"),
    ("training", "آموزش و مشاوره", "Training and consulting"),
)


def add(apps, schema_editor):
    """Fill the list; what is there already stays as it is."""
    family = apps.get_model("catalog", "ProductFamily")
    family.objects.bulk_create(
        (
            family(code=code, name_fa=fa, name_en=en, position=10 * place)
            for place, (code, fa, en) in enumerate(FAMILIES, start=1)
        ),
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial")]

    # Backwards nothing is taken away: products may use the families, and forwards skips those that exist.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
