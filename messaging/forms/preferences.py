"""What a person wants to hear, where and when."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import notifications
from core.forms.base import BaseModelForm
from core.forms.fields import LocalTimeField
from messaging.models import NotificationSettings
from messaging.services.delivery import CHANNELS
from messaging.services.preferences import SETTINGS, choices_of

CHANNEL_NAMES = {
    notifications.APP: _("in the product"),
    notifications.EMAIL: _("e-mail"),
    notifications.SMS: _("SMS"),
}


@dataclass(frozen=True)
class KindRow:
    """A row of the table: the kind's name and one box for each channel."""

    label: Any
    boxes: list[Any]


class NotificationForm(BaseModelForm):
    """Quiet hours and the digest, and a table of kinds by channels."""

    quiet_from = LocalTimeField(label=_("quiet from"))
    quiet_until = LocalTimeField(
        label=_("quiet until"), help_text=_("E-mail and SMS wait during this time. The bell never waits.")
    )
    digest_at = LocalTimeField(label=_("time of the digest"))

    fieldsets = (
        (_("Not to be disturbed"), (("quiet_from", "quiet_until"), "only_working_days")),
        (_("Morning digest"), ("digest", "digest_at")),
    )

    class Meta:
        model = NotificationSettings
        fields = SETTINGS

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["only_working_days"].help_text = _("On days off e-mail, SMS and the digest wait as well.")
        self.now = choices_of(self.user)
        self.names = {pair: f"on-{pair[0]}-{pair[1]}" for pair in self.now}
        for (code, channel), name in self.names.items():
            label = f"{notifications.kind_of(code).label}: {CHANNEL_NAMES[channel]}"
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=self.now[code, channel])

    def _layout(self) -> Any:
        """The table is drawn by the template: the layout holds the rest."""
        layout = super()._layout()
        layout.fields = layout.fields[: len(self.fieldsets)]
        return layout

    @cached_property
    def kind_rows(self) -> list[KindRow]:
        """The table, in the order of the apps."""
        return [
            KindRow(kind.label, [self[self.names[kind.code, channel]] for channel in CHANNELS])
            for kind in notifications.kinds()
        ]

    @property
    def channel_names(self) -> list[Any]:
        """The heads of the table's columns."""
        return [CHANNEL_NAMES[channel] for channel in CHANNELS]

    @property
    def choices(self) -> dict[tuple[str, str], bool]:
        """(kind, channel) → on or off, as ticked."""
        return {pair: bool(self.cleaned_data.get(name)) for pair, name in self.names.items()}

    @property
    def values(self) -> dict[str, Any]:
        """Quiet hours and digest."""
        return {name: self.cleaned_data[name] for name in SETTINGS}
