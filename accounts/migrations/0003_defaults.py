"""The lists of values a new installation starts with; all of them can be edited."""

from django.db import migrations

ACCOUNT_KINDS = (
    ("customer", "مشتری", "Customer"),
    ("prospect", "مشتری بالقوه", "Prospect"),
    ("supplier", "تأمین‌کننده", "Supplier"),
    ("partner", "شریک تجاری", "Partner"),
    ("agent", "نماینده فروش", "Dealer"),
    ("distributor", "پخش‌کننده", "Distributor"),
    ("competitor", "رقیب", "Competitor"),
    ("member", "عضو", "Member"),
    ("sponsor", "حامی مالی", "Sponsor"),
    ("employee", "کارمند", "Employee"),
    ("student", "دانشجو", "Student"),
    ("patient", "بیمار", "Patient"),
    ("investor", "سرمایه‌گذار", "Investor"),
    ("government", "نهاد دولتی", "Government body"),
    ("press", "رسانه", "Press"),
)

INDUSTRIES = (
    ("it", "فناوری اطلاعات و نرم‌افزار", "Information technology and software"),
    ("telecom", "مخابرات و ارتباطات", "Telecommunications"),
    ("bank", "بانک و مؤسسه اعتباری", "Banking"),
    ("insurance", "بیمه", "Insurance"),
    ("capital-market", "بازار سرمایه", "Capital market"),
    ("oil-gas", "نفت، گاز و پتروشیمی", "Oil, gas and petrochemicals"),
    ("energy", "برق و انرژی", "Power and energy"),
    ("mining", "معدن", "Mining"),
    ("metals", "فولاد و فلزات", "Steel and metals"),
    ("automotive", "خودرو و قطعات", "Automotive and parts"),
    ("machinery", "ماشین‌آلات و تجهیزات صنعتی", "Machinery and industrial equipment"),
    ("electronics", "برق و الکترونیک", "Electrical and electronics"),
    ("construction", "ساختمان و عمران", "Construction"),
    ("cement-tile", "سیمان، کاشی و سرامیک", "Cement, tile and ceramics"),
    ("food", "مواد غذایی و آشامیدنی", "Food and beverages"),
    ("agriculture", "کشاورزی و دامداری", "Agriculture and livestock"),
    ("textile", "نساجی و پوشاک", "Textile and clothing"),
    ("pharma", "دارو و تجهیزات پزشکی", "Pharmaceuticals and medical equipment"),
    ("health", "بهداشت و درمان", "Health care"),
    ("chemical", "شیمیایی و پلاستیک", "Chemicals and plastics"),
    ("packaging", "چاپ و بسته‌بندی", "Printing and packaging"),
    ("transport", "حمل‌ونقل و لجستیک", "Transport and logistics"),
    ("retail", "خرده‌فروشی و فروشگاه", "Retail"),
    ("wholesale", "بازرگانی و پخش", "Trade and distribution"),
    ("tourism", "گردشگری و هتل‌داری", "Tourism and hospitality"),
    ("education", "آموزش و پژوهش", "Education and research"),
    ("media", "رسانه و تبلیغات", "Media and advertising"),
    ("consulting", "مشاوره و خدمات حرفه‌ای", "Consulting and professional services"),
    ("public", "دولت و خدمات عمومی", "Government and public services"),
    ("other", "سایر", "Other"),
)

LIFECYCLE_STAGES = (
    ("first-contact", "آشنایی", "First contact"),
    ("prospect", "مشتری بالقوه", "Prospect"),
    ("negotiation", "در حال مذاکره", "In negotiation"),
    ("new-customer", "مشتری جدید", "New customer"),
    ("active-customer", "مشتری فعال", "Active customer"),
    ("after-sales", "در دوره خدمات پس از فروش", "In after-sales service"),
    ("loyal-customer", "مشتری وفادار", "Loyal customer"),
    ("at-risk", "در خطر ریزش", "At risk"),
    ("past-customer", "مشتری گذشته", "Past customer"),
)

# Each names what one end is to the other: Persian, Persian backwards, English, English backwards.
RELATION_TYPES = (
    ("parent-company", "شرکت مادر", "شرکت زیرمجموعه", "Parent company", "Subsidiary"),
    ("supplier", "تأمین‌کننده", "مشتری", "Supplier", "Customer"),
    ("partner", "شریک تجاری", "شریک تجاری", "Partner", "Partner"),
    ("competitor", "رقیب", "رقیب", "Competitor", "Competitor"),
    ("dealer", "نماینده فروش", "تأمین‌کننده نماینده", "Dealer", "Supplier of the dealer"),
    ("referrer", "معرف", "معرفی‌شده", "Referrer", "Referred party"),
    ("spouse", "همسر", "همسر", "Spouse", "Spouse"),
    ("parent", "پدر یا مادر", "فرزند", "Parent", "Child"),
    ("relative", "خویشاوند", "خویشاوند", "Relative", "Relative"),
    ("friend", "دوست", "دوست", "Friend", "Friend"),
    ("colleague", "همکار", "همکار", "Colleague", "Colleague"),
    ("manager", "مدیر", "زیردست", "Manager", "Subordinate"),
    ("shareholder", "سهام‌دار", "سهام متعلق به", "Shareholder", "Partly owned company"),
    ("consultant", "مشاور", "مشاوره‌گیرنده", "Consultant", "Advised party"),
)

BUYING_ROLES = (
    ("final-buyer", "خریدار نهایی", "Final buyer"),
    ("decision-maker", "تصمیم‌گیرنده", "Decision maker"),
    ("expert", "کارشناس", "Expert"),
    ("manager", "مدیر", "Manager"),
    ("supervisor", "سرپرست", "Supervisor"),
    ("finance-manager", "مدیر مالی", "Finance manager"),
    ("influencer", "تأثیرگذار", "Influencer"),
    ("gatekeeper", "دروازه‌بان", "Gatekeeper"),
    ("user", "کاربر نهایی", "End user"),
)

SOURCES = (
    ("phone", "تماس تلفنی", "Phone call"),
    ("website", "وب‌سایت", "Website"),
    ("exhibition", "نمایشگاه", "Exhibition"),
    ("newspaper", "روزنامه و مجله", "Newspaper"),
    ("campaign", "کمپین تبلیغاتی", "Campaign"),
    ("customer-referral", "معرفی مشتری", "Customer referral"),
    ("instagram", "اینستاگرام", "Instagram"),
    ("sms", "پیامک", "SMS"),
    ("email", "ایمیل", "Email"),
    ("messenger", "پیام‌رسان", "Messenger"),
    ("walk-in", "مراجعه حضوری", "Walk-in"),
    ("partner", "شریک تجاری", "Partner"),
    ("search-engine", "موتور جستجو", "Search engine"),
    ("other", "سایر", "Other"),
)
NEEDS_REFERRER = "customer-referral"

PROVINCES = (
    ("آذربایجان شرقی", "East Azerbaijan"),
    ("آذربایجان غربی", "West Azerbaijan"),
    ("اردبیل", "Ardabil"),
    ("اصفهان", "Isfahan"),
    ("البرز", "Alborz"),
    ("ایلام", "Ilam"),
    ("بوشهر", "Bushehr"),
    ("تهران", "Tehran"),
    ("چهارمحال و بختیاری", "Chaharmahal and Bakhtiari"),
    ("خراسان جنوبی", "South Khorasan"),
    ("خراسان رضوی", "Razavi Khorasan"),
    ("خراسان شمالی", "North Khorasan"),
    ("خوزستان", "Khuzestan"),
    ("زنجان", "Zanjan"),
    ("سمنان", "Semnan"),
    ("سیستان و بلوچستان", "Sistan and Baluchestan"),
    ("فارس", "Fars"),
    ("قزوین", "Qazvin"),
    ("قم", "Qom"),
    ("کردستان", "Kurdistan"),
    ("کرمان", "Kerman"),
    ("کرمانشاه", "Kermanshah"),
    ("کهگیلویه و بویراحمد", "Kohgiluyeh and Boyer-Ahmad"),
    ("گلستان", "Golestan"),
    ("گیلان", "Gilan"),
    ("لرستان", "Lorestan"),
    ("مازندران", "Mazandaran"),
    ("مرکزی", "Markazi"),
    ("هرمزگان", "Hormozgan"),
    ("همدان", "Hamadan"),
    ("یزد", "Yazd"),
)


def add(apps, schema_editor):
    """Fill the lists; what is there already stays as it is."""
    for name, rows in (
        ("AccountKind", ACCOUNT_KINDS),
        ("Industry", INDUSTRIES),
        ("LifecycleStage", LIFECYCLE_STAGES),
        ("BuyingRole", BUYING_ROLES),
    ):
        model = apps.get_model("accounts", name)
        model.objects.bulk_create(
            (
                model(code=code, name_fa=fa, name_en=en, position=10 * place)
                for place, (code, fa, en) in enumerate(rows, start=1)
            ),
            ignore_conflicts=True,
        )
    source = apps.get_model("accounts", "Source")
    source.objects.bulk_create(
        (
            source(code=code, name_fa=fa, name_en=en, position=10 * place, needs_referrer=code == NEEDS_REFERRER)
            for place, (code, fa, en) in enumerate(SOURCES, start=1)
        ),
        ignore_conflicts=True,
    )
    relation = apps.get_model("accounts", "RelationType")
    relation.objects.bulk_create(
        (
            relation(code=code, name_fa=fa, name_en=en, inverse_fa=back_fa, inverse_en=back_en, position=10 * place)
            for place, (code, fa, back_fa, en, back_en) in enumerate(RELATION_TYPES, start=1)
        ),
        ignore_conflicts=True,
    )
    province = apps.get_model("accounts", "Province")
    province.objects.bulk_create((province(name_fa=fa, name_en=en) for fa, en in PROVINCES), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    # Backwards nothing is taken away: records may use the values, and forwards skips those that exist.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
