"""The usual reasons for putting a lead aside."""

from django.db import migrations

REASONS = (
    ("no-budget", "بودجه ندارد", "No budget"),
    ("no-need", "نیازی ندارد", "No need"),
    ("wrong-person", "تصمیم‌گیرنده نیست", "Not the right person"),
    ("unreachable", "در دسترس نیست", "Cannot be reached"),
    ("bad-contact", "اطلاعات تماس نادرست است", "Wrong contact details"),
    ("competitor", "مشتری رقیب است", "Buys from a competitor"),
    ("bad-timing", "زمانش مناسب نیست", "Wrong time"),
    ("out-of-range", "خارج از محدودهٔ خدمات ماست", "Outside what we offer"),
    ("duplicate", "تکراری است", "Duplicate"),
    ("fake", "ساختگی یا تبلیغاتی است", "Fake or spam"),
    ("other", "دلیل دیگر", "Another reason"),
)


def add(apps, schema_editor):
    reason_model = apps.get_model("leads", "DisqualifyReason")
    for position, (code, name_fa, name_en) in enumerate(REASONS, start=1):
        reason_model.objects.get_or_create(
            code=code, defaults={"name_fa": name_fa, "name_en": name_en, "position": position * 10}
        )


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
