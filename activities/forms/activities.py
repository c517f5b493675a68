"""The form of everything one may say of an activity."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import PLANNED_KINDS, Kind
from activities.forms.mentions import MentionTextarea
from activities.forms.parts import FormPart, all_parts
from activities.models import Activity, ActivityOutcome, ChecklistItem
from activities.selectors.activities import activity_records, activity_watchers
from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField
from core.forms.records import RecordsField
from core.forms.typeahead import TypeaheadSelectMultiple
from core.policies import policy_for
from users.models import User

DAY = dt.timedelta(days=1)
TEXT_LENGTH = 20_000
MAX_MINUTES = 60 * 24 * 31
PLANNED = [(kind.value, kind.label) for kind in PLANNED_KINDS]


def people_field(user: Any, label: Any) -> forms.ModelMultipleChoiceField:
    """Colleagues chosen by typing."""
    colleagues = User.objects.for_user(user, "view").filter(is_active=True)  # type: ignore[attr-defined]
    return forms.ModelMultipleChoiceField(colleagues, label=label, required=False, widget=TypeaheadSelectMultiple(User))


def outcomes(user: Any, kind: str) -> Any:
    """The outcomes an activity of the kind may have."""
    rows = ActivityOutcome.objects.for_user(user, "view").filter(is_active=True, kind__in=["", kind])
    return rows.order_by("-kind", "position", "pk")


class ActivityForm(BaseModelForm):
    """Everything one may say of a planned activity; rooms of the app bring parts of their own (see forms.parts)."""

    typeahead = ("owner",)
    ROWS = (
        ("kind", "priority"),
        "subject",
        ("due_at", "ends_at"),
        ("duration", "location"),
        "all_day",
        "records",
        ("assignees", "watchers"),
        "owner",
        "text",
        "checklist",
        "is_private",
    )

    records = RecordsField(label=gettext_lazy("About"), required=False)
    checklist = CleanCharField(
        label=gettext_lazy("Checklist"),
        required=False,
        multiline=True,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One line for each thing to do."),
    )

    class Meta:
        model = Activity
        fields = (
            "kind",
            "subject",
            "due_at",
            "ends_at",
            "all_day",
            "duration",
            "priority",
            "location",
            "text",
            "is_private",
            "owner",
        )
        widgets = {"text": MentionTextarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        activity = self.instance if self.instance.pk else None
        self.fields["assignees"] = people_field(self.user, _("Assignees"))
        self.fields["watchers"] = people_field(self.user, _("Watchers"))
        self.fields["records"].user = self.user  # type: ignore[attr-defined]
        self._set_kinds()
        self._set_times()
        if activity is not None or not policy_for(Activity).can(self.user, "assign"):
            self.fields.pop("owner", None)
        self.parts: list[FormPart] = all_parts()
        for part in self.parts:
            self.fields.update(part.fields(self.user, activity))
        if activity is not None:
            self._fill(activity)
        self._describe()

    def _set_kinds(self) -> None:
        kinds = [*PLANNED]
        if self.instance.pk and self.instance.kind not in dict(kinds):
            kinds.append((self.instance.kind, self.instance.get_kind_display()))
        if "kind" in self.fields:
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
            self.fields["kind"].initial = Kind.TASK
        if self.instance.kind == Kind.NOTE:
            for name in ("kind", "due_at", "ends_at", "all_day", "duration", "location", "priority"):
                self.fields.pop(name, None)

    def _set_times(self) -> None:
        """A span of whole days is shown by its last day, and kept up to the midnight after it."""
        if self.instance.pk and self.instance.all_day and self.instance.ends_at:
            self.initial["ends_at"] = self.instance.ends_at - DAY
        if "duration" in self.fields:
            self.fields["duration"].max_value = MAX_MINUTES  # type: ignore[attr-defined]

    def _fill(self, activity: Activity) -> None:
        self.initial["records"] = activity_records(activity, user=self.user)
        self.initial["assignees"] = [row.user_id for row in activity.assignments.all()]
        self.initial["watchers"] = [user.pk for user in activity_watchers(activity)]
        lines = ChecklistItem.objects.filter(activity=activity).values_list("text", flat=True)
        self.initial["checklist"] = "\n".join(lines)

    def _describe(self) -> None:
        self.fields["assignees"].help_text = _("Nobody here: the owner does it alone.")
        if "is_private" in self.fields:
            self.fields["is_private"].help_text = _("Only the owner and the assignees see it.")

    def _layout(self) -> Layout:
        blocks: list[Any] = [Fieldset("", *(self._row(row) for row in self.ROWS if self._names(row)))]
        for part in self.parts:
            rows = part.rows() or tuple(name for name in self.fields if name.startswith(part.key))
            shown = [self._row(row) for row in rows if self._names(row)]
            if shown:
                blocks.append(Fieldset(escape(str(part.title)), *shown))
        return Layout(*blocks, *(["_version"] if "_version" in self.fields else []))

    def _names(self, row: str | tuple[str, ...]) -> list[str]:
        return [name for name in ((row,) if isinstance(row, str) else row) if name in self.fields]

    def _row(self, row: str | tuple[str, ...]) -> Row:
        names = self._names(row)
        return Row(*(Column(name, css_class=f"col-12 col-md-{12 // len(names)}") for name in names))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("all_day") and data.get("ends_at"):
            data["ends_at"] += DAY
        if "duration" in self.changed_data and "ends_at" not in self.changed_data and not data.get("all_day"):
            data["ends_at"] = None
        if data.get("ends_at") and data.get("due_at") and data["ends_at"] < data["due_at"]:
            self.add_error("ends_at", _("The end is before the beginning."))
        for part in self.parts:
            part.clean(self)
        return data

    def lines(self) -> list[str]:
        """The lines of the checklist."""
        return str(self.cleaned_data.get("checklist", "")).splitlines()

    def arguments(self) -> dict[str, Any]:
        """What the parts hand to the service."""
        found: dict[str, Any] = {}
        for part in self.parts:
            found |= part.arguments(self.cleaned_data, adding=not self.instance.pk)
        return found
