"""What a person sets for oneself."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField, PhoneFormField
from users import selectors
from users.models import User

USUAL_ZONES = (
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Baghdad",
    "Asia/Istanbul",
    "Asia/Baku",
    "Asia/Yerevan",
    "Asia/Dushanbe",
    "Asia/Muscat",
    "Asia/Shanghai",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Paris",
    "Europe/Stockholm",
    "America/Toronto",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)


class PreferencesForm(BaseModelForm):
    """Language, calendar, digits, money, time zone, looks, first page."""

    fieldsets = (
        (_("Language and formats"), (("language", "calendar"), ("digits", "money_unit"), "time_zone")),
        (_("Look"), (("theme", "density"), "first_page")),
    )

    class Meta:
        model = User
        fields = ("language", "calendar", "digits", "money_unit", "time_zone", "theme", "density", "first_page")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        zones = dict.fromkeys((*USUAL_ZONES, *([self.instance.time_zone] if self.instance.time_zone else ())))
        known = available_timezones()
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("time zone"), choices=[(zone, zone.replace("_", " ")) for zone in zones if zone in known]
        )
        pages = selectors.first_page_choices(user=self.user)
        self.fields["first_page"] = forms.ChoiceField(
            label=_("first page"),
            required=False,
            choices=[("", _("the usual one")), *pages],
            help_text=_("The page you come to after signing in."),
        )


class ProfileForm(BaseModelForm):
    """Name, mobile and job title."""

    first_name = CleanCharField(label=_("first name"), max_length=80)
    last_name = CleanCharField(label=_("last name"), max_length=80, required=False)
    mobile = PhoneFormField(label=_("mobile"), required=False)
    job_title = CleanCharField(label=_("job title"), max_length=80, required=False)

    fieldsets = ((_("My profile"), (("first_name", "last_name"), ("mobile", "job_title"))),)

    class Meta:
        model = User
        fields = ("first_name", "last_name", "mobile", "job_title")
