"""What a person sets for oneself."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField, PhoneFormField
from users import selectors
from users.models import User

USUAL_ZONES = {
    "Asia/Tehran": _("Tehran"),
    "Asia/Dubai": _("Dubai"),
    "Asia/Kabul": _("Kabul"),
    "Asia/Baghdad": _("Baghdad"),
    "Asia/Istanbul": _("Istanbul"),
    "Asia/Baku": _("Baku"),
    "Asia/Yerevan": _("Yerevan"),
    "Asia/Dushanbe": _("Dushanbe"),
    "Asia/Muscat": _("Muscat"),
    "Asia/Shanghai": _("Shanghai"),
    "Europe/Berlin": _("Berlin"),
    "Europe/London": _("London"),
    "Europe/Paris": _("Paris"),
    "Europe/Stockholm": _("Stockholm"),
    "America/Toronto": _("Toronto"),
    "America/New_York": _("New York"),
    "America/Los_Angeles": _("Los Angeles"),
    "Australia/Sydney": _("Sydney"),
    "UTC": _("Coordinated universal time (UTC)"),
}


class PreferencesForm(BaseModelForm):
    """One's own name, mobile and job title; language, calendar, digits, money, time zone, looks, first page."""

    first_name = CleanCharField(label=_("first name"), max_length=80)
    last_name = CleanCharField(label=_("last name"), max_length=80, required=False)
    mobile = PhoneFormField(label=_("mobile"), required=False)
    job_title = CleanCharField(label=_("job title"), max_length=80, required=False)

    fieldsets = (
        (_("My profile"), (("first_name", "last_name"), ("mobile", "job_title"))),
        (_("Language and formats"), (("language", "calendar"), ("digits", "money_unit"), "time_zone")),
        (_("Look"), (("theme", "density"), "first_page")),
    )

    class Meta:
        model = User
        fields = (
            *("first_name", "last_name", "mobile", "job_title"),
            *("language", "calendar", "digits", "money_unit", "time_zone", "theme", "density", "first_page"),
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own, known = self.instance.time_zone, available_timezones()
        zones = USUAL_ZONES if not own or own in USUAL_ZONES else {**USUAL_ZONES, own: own.replace("_", " ")}
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("time zone"), choices=[(zone, name) for zone, name in zones.items() if zone in known]
        )
        pages = selectors.first_page_choices(user=self.user)
        self.fields["first_page"] = forms.ChoiceField(
            label=_("first page"),
            required=False,
            choices=[("", _("the usual one")), *pages],
            help_text=_("The page you come to after signing in."),
        )
