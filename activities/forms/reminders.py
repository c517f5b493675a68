"""How long before an activity one is reminded."""

from typing import Any, Final

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activities.choices import PLANNED_KINDS, Kind
from activities.services.reminders import minutes_of
from messaging.models import NotificationSettings

MOMENTS: Final[tuple[tuple[int, Any], ...]] = (
    (0, _("at its time")),
    (10, _("10 minutes before")),
    (15, _("15 minutes before")),
    (60, _("an hour before")),
    (24 * 60, _("a day before")),
    (3 * 24 * 60, _("3 days before")),
)


class RemindersForm(forms.Form):
    """A table of kinds of activities by moments."""

    def __init__(self, data: Any = None, *, settings: NotificationSettings):
        super().__init__(data)
        for kind in PLANNED_KINDS:
            now = minutes_of(settings, kind)
            for minutes, label in (*MOMENTS, *((m, str(m)) for m in now if m not in dict(MOMENTS))):
                self.fields[f"{kind}-{minutes}"] = forms.BooleanField(
                    label=f"{Kind(kind).label}: {label}", required=False, initial=minutes in now
                )

    @property
    def moment_names(self) -> list[Any]:
        """The heads of the table's columns."""
        return [label for _minutes, label in MOMENTS]

    @cached_property
    def kind_rows(self) -> list[tuple[Any, list[tuple[Any, Any]]]]:
        """The table: the kind's name and its boxes, each with the moment it stands for."""
        return [
            (Kind(kind).label, [(name, self[f"{kind}-{minutes}"]) for minutes, name in MOMENTS])
            for kind in PLANNED_KINDS
        ]

    @property
    def minutes(self) -> dict[str, list[int]]:
        """Kind → minutes before, as ticked; a time the table does not show stays."""
        found: dict[str, list[int]] = {str(kind): [] for kind in PLANNED_KINDS}
        shown = dict(MOMENTS)
        for name, field in self.fields.items():
            kind, _dash, minutes = name.rpartition("-")
            ticked = self.cleaned_data.get(name) if int(minutes) in shown else field.initial
            if ticked:
                found[kind].append(int(minutes))
        return found
