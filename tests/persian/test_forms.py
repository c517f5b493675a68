"""Form fields, widgets, filters and model fields."""

import datetime as dt
from decimal import Decimal

import django_filters
import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.http import QueryDict

from core import display
from core import fields as model_fields
from core.display import Display
from core.filter_fields import LocalDateRangeFilter, MoneyRangeField
from core.forms import fields
from core.forms.fields import local_formfield

PERSIAN = Display()
ENGLISH = Display(language="en", calendar="gregorian", digits="latin", money_unit="IRR")
MOMENT = dt.datetime(2026, 11, 22, 11, 0, tzinfo=dt.UTC)


class EverythingForm(forms.Form):
    day = fields.LocalDateField()
    moment = fields.LocalDateTimeField()
    time = fields.LocalTimeField()
    amount = fields.MoneyFormField()
    phone = fields.PhoneFormField()
    national_id = fields.NationalIdFormField()
    company_id = fields.CompanyIdFormField()
    postal_code = fields.PostalCodeFormField()
    sheba = fields.ShebaFormField()
    name = fields.CleanCharField(max_length=20)
    notes = fields.CleanCharField(widget=forms.Textarea)
    factor = fields.LocalDecimalField()
    count = fields.LocalIntegerField()
    currency = fields.CurrencyFormField()


STORED = {
    "day": dt.date(2026, 11, 22),
    "moment": MOMENT,
    "time": dt.time(8, 30),
    "amount": Decimal("1250000.00"),
    "phone": "+982188776655;ext=12",
    "national_id": "0499370899",
    "company_id": "10380284790",
    "postal_code": "1619735744",
    "sheba": "IR820540102680020817909002",
    "name": "علی",
    "notes": "یک\nدو",
    "factor": Decimal("12.500"),
    "count": 5,
    "currency": "IRR",
}


def shown(form):
    return {bound.name: bound.field.widget.format_value(bound.value()) for bound in form if bound.name != "currency"}


@pytest.mark.parametrize(
    "who", [PERSIAN, ENGLISH, Display(language="en", digits="latin"), Display(calendar="gregorian")]
)
def test_what_is_shown_is_understood_again(who):
    with display.use(who):
        typed = {**shown(EverythingForm(initial=STORED)), "currency": "IRR"}
        form = EverythingForm(typed, initial=STORED)
        assert form.is_valid(), form.errors
        assert form.cleaned_data == STORED
        assert form.changed_data == []


def test_values_are_shown_in_the_persons_way():
    with display.use(PERSIAN):
        values = shown(EverythingForm(initial=STORED))
        assert values["day"] == "1405/09/01"
        assert values["moment"] == "1405/09/01 14:30"
        assert values["amount"] == "125,000"
        html = str(EverythingForm(initial=STORED)["amount"])
        assert "تومان" in html
        assert 'dir="ltr"' in html
    with display.use(ENGLISH):
        values = shown(EverythingForm(initial=STORED))
        assert values["day"] == "2026-11-22"
        assert values["amount"] == "1,250,000"
        html = str(EverythingForm(initial=STORED)["day"])
        assert 'data-behavior="date-picker"' in html
        assert 'data-calendar="gregorian"' in html


def test_what_people_type():
    typed = {
        "day": "۱ آذر ۱۴۰۵",
        "moment": "٢٠٢٦-١١-٢٢ ۱۴:۳۰",
        "time": "۸:۳۰",
        "amount": "۱۲۵٬۰۰۰ تومان",
        "phone": "۰۲۱-۸۸۷۷۶۶۵۵ داخلی ۱۲",
        "national_id": "۰۴۹۹۳۷۰۸۹۹",
        "company_id": "۱۰۳۸۰۲۸۴۷۹۰",
        "postal_code": "16197-35744",
        "sheba": "ir82 0540 1026 8002 0817 9090 02",
        "name": "  علي\u202e ",
        "notes": "یک\r\nدو",
        "factor": "۱۲٫۵",
        "count": "۵",
        "currency": "IRR",
    }
    for who in (PERSIAN, ENGLISH):
        with display.use(who):
            form = EverythingForm(typed)
            assert form.is_valid(), form.errors
            assert form.cleaned_data == STORED


BAD = [
    "\x00",
    "<script>alert(1)</script>",
    "😀",
    "\u202e\u202c",
    "9223372036854775808" * 5,
    "A" * 100_000,
    "1404/12/30",
]


@pytest.mark.parametrize("typed", BAD)
def test_bad_input_is_refused_with_a_sentence(typed):
    form = EverythingForm(dict.fromkeys(EverythingForm.base_fields, typed))
    assert not form.is_valid()
    for name in set(EverythingForm.base_fields) - {"name", "notes", "currency"}:
        assert form.errors[name], name
    assert "<script>" not in str(form)


def test_text_is_bounded_and_has_no_nul():
    field = fields.CleanCharField(max_length=5)
    assert field.clean("abc\u200b\u200b\u200b") == "abc"
    for refused in ("a\x00b", "abcdef", "x" * 10_000_000):
        with pytest.raises(ValidationError):
            field.clean(refused)
    with pytest.raises(ValidationError):
        field.clean("\u200b\u200c")


def test_amount_in_another_currency():
    class DealForm(forms.Form):
        amount = fields.MoneyFormField()
        currency = fields.CurrencyFormField()

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            fields.bind_currency(self)

    with display.use(PERSIAN):
        dollars = DealForm({"amount": "1,250.50", "currency": "USD"})
        assert dollars.is_valid(), dollars.errors
        assert dollars.cleaned_data["amount"] == Decimal("1250.50")
        tomans = DealForm({"amount": "1,250", "currency": "IRR"})
        assert tomans.is_valid()
        assert tomans.cleaned_data["amount"] == 12_500
        assert "دلار" in str(DealForm(initial={"amount": 5, "currency": "USD"})["amount"])
        assert DealForm.base_fields["amount"].currency == "IRR"


class Sample(models.Model):
    name = model_fields.CleanCharField(max_length=50)
    notes = model_fields.CleanTextField(blank=True)
    phone = model_fields.PhoneField(blank=True)
    amount = model_fields.MoneyField(null=True, blank=True)
    currency = model_fields.CurrencyField()
    on = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    factor = models.DecimalField(max_digits=5, decimal_places=2, default=1)

    class Meta:
        app_label = "persian_tests"
        managed = False

    def __str__(self):
        return self.name


@pytest.fixture
def sample_table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Sample)


def test_model_fields_tidy_what_they_store(sample_table):
    row = Sample.objects.create(name=" علي\u202e ", notes="یک\r\nدو\x00", amount=5)
    assert (row.name, row.notes) == ("علی", "یک\nدو")
    Sample.objects.update(name="كریم")
    row.refresh_from_db()
    assert (row.name, row.amount, row.currency) == ("کریم", Decimal(5), "IRR")
    Sample.objects.bulk_create([Sample(name="ي")])
    assert Sample.objects.filter(name="ی").exists()
    row.phone = "۰۹۱۲ ۱۲۳ ۴۵۶۷"
    row.full_clean()
    assert row.phone == "+989121234567"
    row.phone, row.currency = "12", "XXX"
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(refusal.value.message_dict) == {"phone", "currency"}


def test_model_forms_get_local_fields():
    class SampleForm(forms.ModelForm):
        class Meta:
            model = Sample
            fields = "__all__"  # noqa: DJ007 - every kind of field is wanted here
            formfield_callback = local_formfield

    kinds = {name: type(field).__name__ for name, field in SampleForm.base_fields.items()}
    assert kinds == {
        "name": "CleanCharField",
        "notes": "CleanCharField",
        "phone": "PhoneFormField",
        "amount": "MoneyFormField",
        "currency": "CurrencyFormField",
        "on": "LocalDateField",
        "at": "LocalDateTimeField",
        "count": "LocalIntegerField",
        "factor": "LocalDecimalField",
    }
    assert isinstance(SampleForm.base_fields["notes"].widget, forms.Textarea)


class SeenFilter(django_filters.FilterSet):
    seen = LocalDateRangeFilter(field_name="last_login")

    class Meta:
        model = get_user_model()
        fields: list[str] = []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("seen_from=۱۴۰۵/۰۹/۰۱", 1),
        ("seen_to=1405/08/30", 1),
        ("seen_from=1405/08/30&seen_to=1405/09/01", 2),
        ("seen_range=last_year", 0),
    ],
)
def test_date_range_filter_cuts_at_the_persons_midnight(query, found):
    for index, moment in enumerate(("2026-11-21T20:29:59Z", "2026-11-21T20:30:00Z")):
        get_user_model().objects.create(email=f"u{index}@example.com", last_login=dt.datetime.fromisoformat(moment))
    with display.use(PERSIAN):
        filterset = SeenFilter(QueryDict(query), queryset=get_user_model().objects.filter(last_login__isnull=False))
        assert filterset.is_valid()
        assert filterset.qs.count() == found


@pytest.mark.parametrize(
    "query", ["seen_from=x", "seen_range=ever", "seen_from=1405/09/02&seen_to=1405/09/01", "seen_to=1404/12/30"]
)
def test_date_range_filter_refuses(query):
    with display.use(PERSIAN):
        assert not SeenFilter(QueryDict(query), queryset=get_user_model().objects.none()).is_valid()


def test_range_fields_say_what_they_filter():
    with display.use(PERSIAN):
        dates = SeenFilter.base_filters["seen"].field
        span = dates.clean(["", "1405/09/01", "1405/09/30"])
        assert span[:2] == (dt.date(2026, 11, 22), dt.date(2026, 12, 21))
        assert "۱۴۰۵/۰۹/۳۰" in dates.describe(span)
        assert dates.clean(["this_month", "", ""])[:2] == span[:2]
        money = MoneyRangeField()
        amounts = money.clean(["۱۰۰", "۲ میلیون"])
        assert amounts == (Decimal(1000), Decimal(20_000_000))
        assert "۲٬۰۰۰٬۰۰۰ تومان" in money.describe(amounts)
        assert 'value="2,000,000"' in money.widget.render("amount", amounts)
        with pytest.raises(ValidationError):
            money.clean(["5", "4"])
