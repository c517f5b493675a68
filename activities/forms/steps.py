"""The two inputs with which a new record gets its first activity."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity
from core.forms.fields import CleanCharField, LocalDateTimeField
from core.policies import can


class NextStepFields(forms.Form):
    """A next step is something to do and a time, both or none. Only for those who may plan; a record that is there
    plans its steps on its page."""

    user: Any
    instance: Any

    next_step = CleanCharField(label=gettext_lazy("Next step"), max_length=200, required=False)
    next_step_at = LocalDateTimeField(label=gettext_lazy("Date of the next step"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk or not can(self.user, "add", Activity):
            for name in ("next_step", "next_step_at"):
                self.fields.pop(name, None)
        if "next_step" in self.fields:
            self.fields["next_step"].widget.attrs["placeholder"] = _("For example: call about the price")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        step, at = data.get("next_step"), data.get("next_step_at")
        if step and at is None and "next_step_at" in self.fields and "next_step_at" not in self.errors:
            self.add_error("next_step_at", _("Enter the date of the next step."))
        if at is not None and not step and "next_step" in self.fields and "next_step" not in self.errors:
            self.add_error("next_step", _("Say what the next step is."))
        return data
