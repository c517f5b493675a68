"""Forms of channels (each provider with its own fields), of the rules of sending, and of consent."""

from typing import Any
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import DomainError
from core.forms.base import BaseModelForm
from messaging.addresses import normalise_address
from messaging.channels import adapter_class
from messaging.channels.base import Adapter, Option
from messaging.choices import Channel, ConsentState
from messaging.models import ChannelAccount, Consent, SendingRules

PREFIX = "option_"


def _url(value: str) -> str:
    """An address of a provider: http or https with a host, and nothing that would send our keys along."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query):
        raise forms.ValidationError(_("Enter an address that begins with https://."))
    return value


def option_field(option: Option) -> forms.Field:
    """The form field of a provider's setting; a stored secret is never shown."""
    common: dict[str, Any] = {"label": option.label, "required": option.is_required, "help_text": option.help_text}
    ltr = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
    if option.is_secret:
        widget = forms.PasswordInput(attrs={**ltr, "autocomplete": "new-password"}, render_value=False)
        return forms.CharField(max_length=500, widget=widget, **common)
    if option.kind == "boolean":
        return forms.BooleanField(**common)
    if option.kind == "choice":
        return forms.ChoiceField(choices=option.choices, initial=option.default, **common)
    if option.kind == "number":
        return forms.IntegerField(
            min_value=1, max_value=10**9, initial=option.default or None, widget=forms.NumberInput(ltr), **common
        )
    field = forms.CharField(max_length=500, initial=option.default, widget=forms.TextInput(ltr), **common)
    if option.kind == "url":
        field.validators.append(_url)
    return field


class ChannelAccountForm(BaseModelForm):
    """An account at a provider. ``secrets`` holds, after validation, the secrets that were typed."""

    class Meta:
        model = ChannelAccount
        fields = ("name", "sender", "sender_name", "rate_per_minute", "is_default", "is_active")
        help_texts = {
            "rate_per_minute": _("Empty for as many as there are. All workers together keep it."),
            "is_default": _("Messages leave through it unless another channel was chosen."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.secrets: dict[str, str] = {}
        found = adapter_class(self.instance.channel, self.instance.provider)
        self.adapter: type[Adapter] = found or Adapter
        self.fields["sender"].required = self.adapter.sender_required
        self.fields["sender"].help_text = self.adapter.sender_help
        self.fields["sender"].widget.attrs["dir"] = "ltr"
        if self.instance.channel == Channel.SMS:
            del self.fields["sender_name"]
        for option in self.adapter.options:
            self._add(option)
        self.fieldsets = (
            (_("Channel"), ("name", ("sender", "sender_name"))),
            (self.adapter.label, self._rows()),
            (_("Use"), ("rate_per_minute", "is_default", "is_active")),
        )

    def _add(self, option: Option) -> None:
        field = option_field(option)
        kept = self.instance.options.get(option.name)
        if option.is_secret and self.instance.secrets:
            field.required = False
            field.help_text = _("Stored encrypted. Leave it empty to keep it.")
        elif kept is not None:
            field.initial = kept
        self.fields[f"{PREFIX}{option.name}"] = field

    def _rows(self) -> list[Any]:
        """Two settings side by side, switches alone."""
        names = [f"{PREFIX}{option.name}" for option in self.adapter.options if option.kind != "boolean"]
        pairs = [tuple(names[n : n + 2]) for n in range(0, len(names), 2)]
        return [*pairs, *(f"{PREFIX}{option.name}" for option in self.adapter.options if option.kind == "boolean")]

    def clean_sender(self) -> str:
        """An e-mail address where mails come from; the number of the line for SMS."""
        value = (self.cleaned_data.get("sender") or "").strip()
        if not value or self.instance.channel != Channel.EMAIL:
            return value
        try:
            return normalise_address(Channel.EMAIL, value)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        options = {}
        for option in self.adapter.options:
            value = data.get(f"{PREFIX}{option.name}")
            if option.is_secret:
                self.secrets[option.name] = (value or "").strip()
            elif value not in (None, ""):
                options[option.name] = value
        self.instance.options = options
        return data


class ChannelTestForm(forms.Form):
    """Where a test message goes."""

    to_address = forms.CharField(
        max_length=254, label=pgettext_lazy("message", "to"), widget=forms.TextInput({"dir": "ltr"})
    )

    def __init__(self, *args: Any, account: ChannelAccount, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.account = account
        self.fields["to_address"].label = capfirst(self.fields["to_address"].label)
        self.fields["to_address"].initial = user.email if account.channel == Channel.EMAIL else user.mobile

    def clean_to_address(self) -> str:
        """In the one form in which addresses are kept."""
        try:
            return normalise_address(self.account.channel, self.cleaned_data["to_address"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class SendingRulesForm(BaseModelForm):
    """When customers may be disturbed."""

    fieldsets = (
        (_("Quiet hours"), (("quiet_from", "quiet_until"), "quiet_on_holidays")),
        (_("Consent"), ("needs_consent", "sms_footer")),
    )

    class Meta:
        model = SendingRules
        fields = ("quiet_from", "quiet_until", "quiet_on_holidays", "needs_consent", "sms_footer")
        help_texts = {
            "quiet_until": _("Marketing and service SMS wait until then; the same time twice means no quiet hours."),
            "sms_footer": _(
                "Stands below marketing and service SMS; who answers 11 gets no more, 12 allows them again."
            ),
        }


class ConsentForm(BaseModelForm):
    """What the owner of an address said, and how we know."""

    fieldsets = ((_("Consent"), (("channel", "address"), "state", "source")),)

    class Meta:
        model = Consent
        fields = ("channel", "address", "state", "source")
        widgets = {"address": forms.TextInput({"dir": "ltr"}), "state": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True
        self.fields["source"].help_text = _("A call, a form, a letter: what one would show if asked.")
        self.fields["state"].choices = ConsentState.choices
        if self.instance.pk:
            for name in ("channel", "address"):
                self.fields[name].disabled = True

    def _get_validation_exclusions(self) -> set[str]:
        """Of an address that is known already this is the new word, not a mistake."""
        return {*super()._get_validation_exclusions(), "address"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("channel") and data.get("address"):
            try:
                data["address"] = normalise_address(data["channel"], data["address"])
            except DomainError as error:
                self.add_error("address", str(error))
        return data
