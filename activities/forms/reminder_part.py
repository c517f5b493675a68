"""Reminders as a part of the activity's form: everyone's usual ones, ones chosen for this activity, or none."""

from typing import Any, ClassVar, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import ReminderChannel
from activities.forms.parts import FormPart, register
from activities.forms.reminders import MOMENTS
from activities.models import Activity
from activities.services import reminders_choose

USUAL, OWN, NONE = "usual", "own", "none"
MODES: Final = (
    (USUAL, gettext_lazy("Everyone's usual reminders")),
    (OWN, gettext_lazy("Chosen for this activity")),
    (NONE, gettext_lazy("None")),
)


def mode_of(activity: Activity | None) -> str:
    """What the activity has now."""
    if activity is None or activity.reminder_choice is None:
        return USUAL
    return OWN if activity.reminder_choice else NONE


@register
class RemindersPart(FormPart):
    """When and where the people of the activity are reminded."""

    key: ClassVar[str] = "reminder"
    title: ClassVar[Any] = gettext_lazy("Reminders")
    order: ClassVar[int] = 20

    def fields(self, user: Any, activity: Activity | None) -> dict[str, forms.Field]:
        chosen = (activity.reminder_choice if activity else None) or []
        minutes = sorted({int(before) for _channel, before in chosen})
        odd = [(before, str(before)) for before in minutes if before not in dict(MOMENTS)]
        return {
            "reminder_mode": forms.ChoiceField(
                label=gettext_lazy("Remind"),
                choices=MODES,
                initial=mode_of(activity),
                required=False,
                widget=forms.Select(
                    {"data-behavior": "reveal", "data-value": OWN, "data-fields": "reminder_minutes reminder_channels"}
                ),
            ),
            "reminder_minutes": forms.TypedMultipleChoiceField(
                label=gettext_lazy("When"),
                choices=[(before, capfirst(str(label))) for before, label in (*MOMENTS, *odd)],
                coerce=int,
                initial=minutes,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            ),
            "reminder_channels": forms.MultipleChoiceField(
                label=gettext_lazy("Where"),
                choices=[(value, capfirst(str(label))) for value, label in ReminderChannel.choices],
                initial=sorted({channel for channel, _before in chosen}) or [ReminderChannel.APP.value],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            ),
        }

    def rows(self) -> tuple[str | tuple[str, ...], ...]:
        return ("reminder_mode", ("reminder_minutes", "reminder_channels"))

    def clean(self, form: Any) -> None:
        data = form.cleaned_data
        if data.get("reminder_mode") == OWN:
            for name in ("reminder_minutes", "reminder_channels"):
                if name not in form.errors and not data.get(name):
                    form.add_error(name, _("Choose at least one."))

    def arguments(self, data: dict[str, Any], *, adding: bool) -> dict[str, Any]:
        """A new activity is planned with its choice, so that what is made after it has it too."""
        chosen = choice_of(data)
        return {"reminders": chosen} if adding and chosen is not None else {}

    def saved(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        chosen = choice_of(data)
        if chosen is not None or activity.reminder_choice is not None:
            reminders_choose(activity_id=activity.pk, chosen=chosen)


def choice_of(data: dict[str, Any]) -> list[tuple[str, int]] | None:
    """What was chosen: pairs of channel and minutes, an empty list for none, None for the usual ones."""
    mode = data.get("reminder_mode") or USUAL
    if mode == USUAL:
        return None
    own = [(c, m) for c in data.get("reminder_channels", ()) for m in data.get("reminder_minutes", ())]
    return own if mode == OWN else []
