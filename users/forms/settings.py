"""The organisation, its days off, its currencies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.base import BaseModelForm
from core.forms.fields import (
    CleanCharField,
    CompanyIdFormField,
    EconomicNumberFormField,
    LocalDateField,
    LocalTimeField,
    PhoneFormField,
    PostalCodeFormField,
)
from core.models import Currency, Holiday, Organisation
from core.models.organisation import WEEK


class OrganisationForm(BaseModelForm):
    """Name, ids, money and working time of the company."""

    name_fa = CleanCharField(label=_("Persian name"), max_length=120)
    name_en = CleanCharField(label=_("English name"), max_length=120)
    logo_file = forms.FileField(
        label=_("logo"),
        required=False,
        widget=forms.ClearableFileInput({"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. It is shown on top of the pages and on the sign-in page."),
    )
    remove_logo = forms.BooleanField(label=_("remove the logo"), required=False)
    national_id = CompanyIdFormField(label=_("company national ID"), required=False)
    economic_number = EconomicNumberFormField(label=_("economic number"), required=False)
    postal_code = PostalCodeFormField(label=_("postal code"), required=False)
    phone = PhoneFormField(label=_("phone"), required=False)
    address = CleanCharField(label=_("address"), max_length=500, required=False)
    working_days = forms.TypedMultipleChoiceField(
        label=_("working days"), choices=WEEK, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    work_starts = LocalTimeField(label=_("work starts"))
    work_ends = LocalTimeField(label=_("work ends"))

    fieldsets = (
        (_("Name"), (("name_fa", "name_en"), ("logo_file", "remove_logo"))),
        (
            _("Legal data"),
            (("national_id", "registration_number"), ("economic_number", "postal_code"), ("phone", "address")),
        ),
        (_("Money and fiscal year"), ("base_currency", ("fiscal_calendar", "fiscal_year_start_month"))),
        (_("Working time"), ("working_days", ("work_starts", "work_ends"), ("week_starts_on", "answer_hours"))),
    )

    class Meta:
        model = Organisation
        fields = (
            "name_fa",
            "name_en",
            "national_id",
            "registration_number",
            "economic_number",
            "phone",
            "address",
            "postal_code",
            "base_currency",
            "fiscal_year_start_month",
            "fiscal_calendar",
            "working_days",
            "work_starts",
            "work_ends",
            "week_starts_on",
            "answer_hours",
        )

    def _apply_field_rules(self) -> None:
        if not self.instance.logo:
            del self.fields["remove_logo"]
        super()._apply_field_rules()

    def clean(self) -> dict[str, Any]:
        """The day ends after it begins."""
        data = super().clean() or {}
        starts, ends = data.get("work_starts"), data.get("work_ends")
        if starts and ends and ends <= starts:
            raise ValidationError({"work_ends": _("Work ends before it starts.")})
        return data

    @property
    def logo(self) -> Any:
        """The new picture, False to remove the old one, None to keep it."""
        if self.cleaned_data.get("logo_file"):
            return self.cleaned_data["logo_file"]
        return False if self.cleaned_data.get("remove_logo") else None


class HolidayForm(BaseModelForm):
    """A day off."""

    date = LocalDateField(label=_("date"))
    name = CleanCharField(label=_("name"), max_length=200)
    fieldsets = (("", (("date", "name"), "is_estimated")),)

    class Meta:
        model = Holiday
        fields = ("date", "name", "is_estimated")


class CurrencyForm(BaseModelForm):
    """A currency and what it is worth."""

    fieldsets = (("", ("code", ("name_fa", "name_en"), ("exponent", "rate"), "is_active")),)

    class Meta:
        model = Currency
        fields = ("code", "name_fa", "name_en", "exponent", "rate", "is_active")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean_code(self) -> str:
        """Codes are three capital letters."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise ValidationError(_("A currency code has three Latin letters, like EUR."))
        return code
