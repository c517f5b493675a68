"""The currencies an Iranian company meets, and the organisation's one row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CURRENCIES = (
    ("IRR", "ریال", "Iranian rial", 0),
    ("USD", "دلار آمریکا", "US dollar", 2),
    ("EUR", "یورو", "Euro", 2),
    ("AED", "درهم امارات", "UAE dirham", 2),
    ("TRY", "لیر ترکیه", "Turkish lira", 2),
    ("CNY", "یوان چین", "Chinese yuan", 2),
)


def add_defaults(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Currencies other than the base one start inactive: their rates are for the company to say."""
    currency = apps.get_model("core", "Currency")
    for code, name_fa, name_en, exponent in CURRENCIES:
        currency.objects.get_or_create(
            code=code,
            defaults={"name_fa": name_fa, "name_en": name_en, "exponent": exponent, "is_active": code == "IRR"},
        )
    organisation = apps.get_model("core", "Organisation")
    if not organisation.objects.exists():
        organisation.objects.create(working_days=[0, 1, 2, 3, 4])


class Migration(migrations.Migration):
    dependencies = (("core", "0003_initial"),)

    operations = (migrations.RunPython(add_defaults, migrations.RunPython.noop),)
