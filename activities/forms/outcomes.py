"""The form of an outcome in the settings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.forms.reference import NamedValueForm
from activities.choices import Kind
from activities.models import ActivityOutcome

WITH_OUTCOME = tuple((value, label) for value, label in Kind.choices if value != Kind.NOTE)


class OutcomeForm(NamedValueForm):
    """What came of an activity: its names, the kind of activity it is offered for, and whether it counts as success."""

    class Meta:
        model = ActivityOutcome
        fields = ("name_fa", "name_en", "kind", "is_success", "position", "is_active", "code")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("every kind")), *WITH_OUTCOME]  # type: ignore[attr-defined]
        self.fields["is_active"].help_text = _("Switched off it is offered no more; where it was chosen it stays.")
        self.fields["position"].help_text = _("The lowest comes first.")
