"""Web forms: their settings, and what a visitor fills in."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField, PhoneFormField
from core.text import clean
from leads.models import CaptureForm
from leads.services.capture import UTM


class CaptureFormForm(BaseModelForm):
    """Settings of a web form."""

    typeahead = ("owner",)
    fieldsets = (
        (gettext_lazy("The form"), (("name_fa", "name_en"), ("source", "is_active"))),
        (gettext_lazy("Who gets its leads"), (("owner", "team"),)),
        (
            gettext_lazy("What visitors read"),
            (("intro_fa", "intro_en"), ("thanks_fa", "thanks_en")),
        ),
        (gettext_lazy("What it asks besides name and phone"), (("ask_company", "ask_email", "ask_heard"),)),
    )

    class Meta:
        model = CaptureForm
        fields = (
            "name_fa",
            "name_en",
            "source",
            "is_active",
            "owner",
            "team",
            "intro_fa",
            "intro_en",
            "thanks_fa",
            "thanks_en",
            "ask_company",
            "ask_email",
            "ask_heard",
        )
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("intro_fa", "intro_en", "thanks_fa", "thanks_en")}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("owner") and not data.get("team") and not {"owner", "team"} & set(self.errors):
            self.add_error("owner", _("Choose an owner or a team, so that no lead is left alone."))
        return data


class VisitorForm(forms.Form):
    """What a visitor fills in. Phone or e-mail is enough; everything else may stay empty."""

    first_name = CleanCharField(label=gettext_lazy("First name"), max_length=80, required=False)
    last_name = CleanCharField(label=gettext_lazy("Last name"), max_length=120)
    company = CleanCharField(label=gettext_lazy("Company"), max_length=200, required=False)
    mobile = PhoneFormField(label=gettext_lazy("Mobile or phone"), max_length=60, required=False)
    email = forms.EmailField(label=gettext_lazy("Email"), max_length=254, required=False)
    interest = CleanCharField(
        label=gettext_lazy("How can we help you?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    heard_about_us = CleanCharField(label=gettext_lazy("How did you hear about us?"), max_length=120, required=False)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, capture: CaptureForm, organisation: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.capture = capture
        for name, asked in (
            ("company", capture.ask_company),
            ("email", capture.ask_email),
            ("heard_about_us", capture.ask_heard),
        ):
            if not asked:
                del self.fields[name]
        for name in UTM:
            self.fields[name] = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
        self.fields["consent"].label = _(
            "I agree that %(name)s keeps this information and contacts me by phone, SMS and e-mail about my request."
        ) % {"name": organisation}
        hints = {
            "first_name": "given-name",
            "last_name": "family-name",
            "company": "organization",
            "mobile": "tel",
            "email": "email",
        }
        for name, hint in hints.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = hint
        if "heard_about_us" in self.fields:
            self.fields["heard_about_us"].widget.attrs["list"] = "sources"
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        reach = {"mobile", "email"} & set(self.fields)
        if not any(data.get(name) for name in reach) and not reach & set(self.errors):
            several = _("Enter a phone number or an e-mail address, so that we can answer you.")
            self.add_error(
                "mobile", several if len(reach) > 1 else _("Enter a phone number, so that we can answer you.")
            )
        for name in UTM:  # what an advertiser writes there must never cost a lead
            data[name] = clean(data.get(name) or self.data.get(name, ""))[:100]
            self.errors.pop(name, None)
        return data
