"""Templates every company starts with; an administrator changes them or switches them off."""

from typing import Any

from django.db import migrations

TEMPLATES: tuple[dict[str, str], ...] = (
    {
        "name": "آشنایی با سرنخ تازه",
        "channel": "email",
        "host": "leads.lead",
        "subject_fa": "سپاس از توجه شما به {{ organisation }}",
        "body_fa": 'سلام {{ first_name|default:"و احترام" }}\n\n'
        "از اینکه با ما تماس گرفتید سپاس‌گزارم. {% if interest %}گفته بودید به «{{ interest }}» نیاز دارید. {% endif %}"
        "چه زمانی برای یک گفت‌وگوی کوتاه تلفنی مناسب است؟\n\n"
        "با احترام\n{{ sender }}{% if sender_title %}، {{ sender_title }}{% endif %}\n{{ organisation }}"
        "{% if sender_mobile %}\n{{ sender_mobile }}{% endif %}",
        "subject_en": "Thank you for your interest in {{ organisation }}",
        "body_en": 'Dear {{ first_name|default:"Sir or Madam" }},\n\n'
        "Thank you for getting in touch. {% if interest %}You asked about {{ interest }}. {% endif %}"
        "When would a short phone call suit you?\n\n"
        "Kind regards,\n{{ sender }}{% if sender_title %}, {{ sender_title }}{% endif %}\n{{ organisation }}"
        "{% if sender_mobile %}\n{{ sender_mobile }}{% endif %}",
    },
    {
        "name": "تماس گرفتیم، پاسخ ندادید",
        "channel": "sms",
        "host": "leads.lead",
        "subject_fa": "",
        "body_fa": "سلام{% if last_name %} {{ name }}{% endif %}؛ تماس گرفتم و موفق به گفت‌وگو نشدم. چه ساعتی مناسب است؟\n"
        "{{ sender }}، {{ organisation }}",
        "subject_en": "",
        "body_en": "Hello{% if last_name %} {{ name }}{% endif %}, I tried to call you. When may I call again?\n"
        "{{ sender }}, {{ organisation }}",
    },
    {
        "name": "پیگیری پیشنهاد",
        "channel": "email",
        "host": "opportunities.opportunity",
        "subject_fa": "پیگیری: {{ name }}",
        "body_fa": 'با سلام {{ contact|default:"و احترام" }}\n\n'
        "دربارهٔ «{{ name }}» پیشنهادمان را فرستاده بودیم. اگر پرسشی هست یا به چیزی نیاز دارید، در خدمتیم."
        "{% if expected_close_on %} برنامهٔ ما برای نهایی‌کردن، {{ expected_close_on }} است.{% endif %}\n\n"
        "با احترام\n{{ sender }}\n{{ organisation }}",
        "subject_en": "Following up: {{ name }}",
        "body_en": 'Dear {{ contact|default:"Sir or Madam" }},\n\n'
        "We sent you our offer about “{{ name }}”. If there is any question, or anything you need, please let me know."
        "{% if expected_close_on %} We had {{ expected_close_on }} in mind for the decision.{% endif %}\n\n"
        "Kind regards,\n{{ sender }}\n{{ organisation }}",
    },
    {
        "name": "یادآوری قرار",
        "channel": "sms",
        "host": "accounts.contact",
        "subject_fa": "",
        "body_fa": 'سلام {{ salutation|default:"" }} {{ name }}؛ یادآوری می‌کنم که امروز با هم قرار داریم.\n'
        "{{ sender }}، {{ organisation }}",
        "subject_en": "",
        "body_en": "Hello {{ name }}, a reminder that we meet today.\n{{ sender }}, {{ organisation }}",
    },
    {
        "name": "سپاس پس از دیدار",
        "channel": "email",
        "host": "accounts.contact",
        "subject_fa": "سپاس از وقتی که گذاشتید",
        "body_fa": 'سلام {{ salutation|default:"" }} {{ name }}\n\n'
        "از گفت‌وگوی {{ today }} سپاس‌گزارم. خلاصهٔ آنچه قرار شد انجام دهیم را در ادامه می‌نویسم.\n\n"
        "با احترام\n{{ sender }}\n{{ organisation }}",
        "subject_en": "Thank you for your time",
        "body_en": "Dear {{ name }},\n\n"
        "Thank you for our talk on {{ today }}. Below is what we agreed to do.\n\n"
        "Kind regards,\n{{ sender }}\n{{ organisation }}",
    },
    {
        "name": "تبریک و آرزوی خوب",
        "channel": "sms",
        "host": "accounts.account",
        "subject_fa": "",
        "body_fa": "{{ name }} گرامی، از همراهی شما سپاس‌گزاریم و بهترین‌ها را برایتان آرزو می‌کنیم.\n{{ organisation }}",
        "subject_en": "",
        "body_en": "Dear {{ name }}, thank you for being with us. We wish you all the best.\n{{ organisation }}",
    },
)


def seed(apps: Any, schema_editor: Any) -> None:
    """Those that are not there yet."""
    model = apps.get_model("messaging", "MessageTemplate")
    for one in TEMPLATES:
        model.objects.get_or_create(name=one["name"], host=one["host"], defaults=one)


def unseed(apps: Any, schema_editor: Any) -> None:
    """Those nobody has changed."""
    model = apps.get_model("messaging", "MessageTemplate")
    for one in TEMPLATES:
        model.objects.filter(created_by=None, version=1, **one).delete()


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_message_checks")]

    operations = [migrations.RunPython(seed, unseed)]
