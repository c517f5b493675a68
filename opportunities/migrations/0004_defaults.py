"""Two sales cycles to start with, and reasons for winning and losing."""

from django.db import migrations

CYCLES = (
    (
        "b2b",
        "فروش سازمانی",
        "Business sales (B2B)",
        10,
        True,
        (
            ("contact", "آشنایی و تماس اولیه", "Upcoming prospect", "open", 10, 7),
            ("needs", "نیازسنجی", "Call arranged", "open", 25, 14),
            ("proposal", "ارائه پیشنهاد", "Proposal presented", "open", 45, 14),
            ("negotiation", "مذاکره", "Offers in negotiation", "open", 65, 21),
            ("commitment", "تعهد و تأیید نهایی", "Final approval", "open", 85, 14),
            ("won", "موفق", "Won", "won", 100, None),
            ("lost", "ناموفق", "Lost", "lost", 0, None),
        ),
    ),
    (
        "b2c",
        "فروش به مصرف‌کننده",
        "Consumer sales (B2C)",
        20,
        False,
        (
            ("contact", "آشنایی", "First contact", "open", 20, 3),
            ("offer", "ارائه پیشنهاد", "Offer made", "open", 50, 5),
            ("decision", "تصمیم خرید", "Buying decision", "open", 75, 4),
            ("won", "موفق", "Won", "won", 100, None),
            ("lost", "ناموفق", "Lost", "lost", 0, None),
        ),
    ),
)

REASONS = (
    ("lost", "lost-price", "قیمت بالا", "Price"),
    ("lost", "lost-competitor", "انتخاب رقیب", "Chose a competitor"),
    ("lost", "lost-no-budget", "نبود بودجه", "No budget"),
    ("lost", "lost-no-response", "پاسخ ندادن مشتری", "No response"),
    ("lost", "lost-timing", "نامناسب بودن زمان", "Bad timing"),
    ("lost", "lost-feature", "نداشتن ویژگی موردنیاز", "Missing feature"),
    ("lost", "lost-delivery", "زمان تحویل", "Delivery time"),
    ("lost", "lost-payment", "شرایط پرداخت", "Terms of payment"),
    ("lost", "lost-cancelled", "لغو خرید از سوی مشتری", "Purchase cancelled"),
    ("lost", "lost-other", "دلیل دیگر", "Another reason"),
    ("won", "won-price", "قیمت مناسب", "Price"),
    ("won", "won-quality", "کیفیت و ویژگی‌های محصول", "Quality and features"),
    ("won", "won-relationship", "رابطه و اعتماد", "Relationship and trust"),
    ("won", "won-service", "خدمات پس از فروش", "After-sales service"),
    ("won", "won-delivery", "تحویل سریع", "Quick delivery"),
    ("won", "won-payment", "شرایط پرداخت", "Terms of payment"),
    ("won", "won-referral", "معرفی مشتری دیگر", "Referred by a customer"),
    ("won", "won-other", "دلیل دیگر", "Another reason"),
)


def add_defaults(apps, schema_editor):
    cycles = apps.get_model("opportunities", "SalesCycle").objects
    stages = apps.get_model("opportunities", "Stage").objects
    reasons = apps.get_model("opportunities", "CloseReason").objects
    for code, name_fa, name_en, position, wants_default, rows in CYCLES:
        is_default = wants_default and not cycles.filter(is_default=True).exists()
        values = {"name_fa": name_fa, "name_en": name_en, "position": position, "is_default": is_default}
        cycle, made = cycles.get_or_create(code=code, defaults=values)
        if not made:
            continue
        for number, (stage_code, stage_fa, stage_en, kind, probability, days) in enumerate(rows, start=1):
            stages.create(
                cycle=cycle,
                code=stage_code,
                name_fa=stage_fa,
                name_en=stage_en,
                kind=kind,
                probability=probability,
                expected_days=days,
                position=number * 10,
            )
    for number, (outcome, code, name_fa, name_en) in enumerate(REASONS, start=1):
        values = {"name_fa": name_fa, "name_en": name_en, "outcome": outcome, "position": number * 10}
        reasons.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0003_board_indexes")]

    operations = [migrations.RunPython(add_defaults, migrations.RunPython.noop)]
