"""The forms of activities: the full one, the quick one, and those of the dialogs."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.choices import LOGGED_KINDS, PLANNED_KINDS, Direction, Kind
from activities.forms.mentions import MentionTextarea
from activities.forms.parts import FormPart, all_parts
from activities.models import Activity, ActivityOutcome, ChecklistItem
from activities.selectors.activities import activity_records, activity_watchers
from activities.services.working_time import snooze_targets
from core.display import current
from core.forms.base import BaseModelForm
from core.forms.fields import CleanCharField, LocalDateTimeField, LocalIntegerField
from core.forms.records import RecordsField
from core.forms.typeahead import TypeaheadSelect, TypeaheadSelectMultiple
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


class DialogForm(forms.Form):
    """A plain form in a dialog."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        self.user = user
        super().__init__(*args, **kwargs)

    @cached_property
    def helper(self) -> FormHelper:
        """Crispy's layout, made when the form is shown: fields left out by then are not in it."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class QuickActivityForm(DialogForm):
    """What one plans in ten seconds: kind, words, time, and the record one is on."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PLANNED, widget=forms.RadioSelect)
    subject = CleanCharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    due_at = LocalDateTimeField(label=gettext_lazy("When"), required=False)
    duration = LocalIntegerField(
        label=gettext_lazy("Duration (minutes)"), required=False, min_value=1, max_value=MAX_MINUTES
    )
    records = RecordsField(label=gettext_lazy("About"), required=False)
    text = CleanCharField(
        label=gettext_lazy("Details"),
        required=False,
        multiline=True,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignees"] = people_field(self.user, _("Assignees"))
        self.fields["assignees"].help_text = _("Nobody here: you do it yourself.")
        self.fields["records"].user = self.user  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("subject") and "kind" in data:
            data["subject"] = default_subject(data["kind"], data.get("records") or [])
        return data

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed, right or wrong, for the full form to begin with."""
        found = {name: self[name].data for name in self.fields}
        found["assignees"] = [key for key in found["assignees"] or () if key.isascii() and key.isdigit()]
        return found


def default_subject(kind: str, records: list[Any]) -> str:
    """What an activity is called that nobody named: its kind, and the first record it is about."""
    label = str(Kind(kind).label)
    name = str(records[0])[:150] if records else ""
    return (_("%(kind)s: %(name)s") % {"kind": label, "name": name} if name else label)[:200]


class LogForm(DialogForm):
    """What was done just now: a call, a meeting, an e-mail, a text message, a letter."""

    direction = forms.ChoiceField(
        label=pgettext_lazy("of a call", "Direction"),
        choices=Direction.choices,
        widget=forms.RadioSelect,
        initial=Direction.OUT,
        required=False,
    )
    subject = CleanCharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    outcome = forms.ModelChoiceField(
        ActivityOutcome.objects.none(),
        label=gettext_lazy("Outcome"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    outcome_note = CleanCharField(
        label=gettext_lazy("What was said"),
        required=False,
        multiline=True,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 3}),
    )
    at = LocalDateTimeField(label=gettext_lazy("When"), required=False)
    duration = LocalIntegerField(
        label=gettext_lazy("Duration (minutes)"), required=False, min_value=1, max_value=MAX_MINUTES
    )
    records = RecordsField(label=gettext_lazy("About"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["records"].user = self.user  # type: ignore[attr-defined]
        self.fields["outcome"].queryset = outcomes(self.user, kind)  # type: ignore[attr-defined]
        self.fields["at"].help_text = _("Empty: just now.")
        if kind == Kind.MEETING:
            del self.fields["direction"]
        if kind not in {Kind.CALL, Kind.MEETING}:
            del self.fields["duration"], self.fields["outcome"]
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("subject") and not data.get("outcome_note"):
            data["subject"] = default_subject(self.kind, data.get("records") or [])
        return data


class NoteForm(DialogForm):
    """A note on a record."""

    text = CleanCharField(
        label=gettext_lazy("Note"), multiline=True, max_length=TEXT_LENGTH, widget=MentionTextarea({"rows": 5})
    )
    records = RecordsField(label=gettext_lazy("About"), required=False)
    is_private = forms.BooleanField(
        label=gettext_lazy("Private"), required=False, help_text=gettext_lazy("Only you see it.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["records"].user = self.user  # type: ignore[attr-defined]


class CompleteForm(DialogForm):
    """What came of it, and what comes next. Nothing need be filled in: Enter finishes."""

    outcome = forms.ModelChoiceField(
        ActivityOutcome.objects.none(),
        label=gettext_lazy("Outcome"),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    note = CleanCharField(
        label=gettext_lazy("What was said"),
        required=False,
        multiline=True,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
    )
    for_everyone = forms.BooleanField(label=gettext_lazy("Finish it for everyone"), required=False)
    next_kind = forms.ChoiceField(
        label=gettext_lazy("Next step"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", pgettext_lazy("next step", "none")), *PLANNED],
    )
    next_subject = CleanCharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    next_due_at = LocalDateTimeField(label=gettext_lazy("When"), required=False)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.activity = activity
        self.fields["outcome"].queryset = outcomes(self.user, activity.kind)  # type: ignore[attr-defined]
        parts = list(activity.assignments.all())
        others = [part for part in parts if part.user_id != self.user.pk and part.done_at is None]
        if not others or activity.owner_id != self.user.pk or len(others) == len(parts):
            del self.fields["for_everyone"]
        if not policy_for(Activity).can(self.user, "add"):
            for name in ("next_kind", "next_subject", "next_due_at"):
                del self.fields[name]

    def next_step(self) -> dict[str, Any] | None:
        """The arguments of what is planned next, None for nothing."""
        data = self.cleaned_data
        if not data.get("next_kind"):
            return None
        records = activity_records(self.activity, user=self.user)
        subject = data.get("next_subject") or default_subject(data["next_kind"], records)
        return {"kind": data["next_kind"], "subject": subject, "due_at": data.get("next_due_at"), "records": records}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("next_kind") and (data.get("next_subject") or data.get("next_due_at")):
            data["next_kind"] = Kind.FOLLOW_UP if data.get("next_due_at") else Kind.TASK
        return data


class SnoozeForm(DialogForm):
    """Until when it waits: one of the offers, or a moment of one's own."""

    to = forms.ChoiceField(label=gettext_lazy("Until"), required=False, widget=forms.RadioSelect)
    until = LocalDateTimeField(label=gettext_lazy("Another time"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.targets = {target.code: target for target in snooze_targets(timezone.now(), current().tz)}
        self.fields["to"].choices = [(code, target.label) for code, target in self.targets.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("until") is None and data.get("to"):
            data["until"] = self.targets[data["to"]].moment
        if data.get("until") is None and not self.errors:
            self.add_error("until", _("Choose until when."))
        return data


class BulkDoneForm(DialogForm):
    """The words for many finished at once."""

    note = CleanCharField(
        label=gettext_lazy("What was said"),
        required=False,
        multiline=True,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea({"rows": 2}),
    )


class HandOverForm(DialogForm):
    """Who takes it over."""

    user = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Colleague"), widget=TypeaheadSelect(User))

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        colleagues = User.objects.for_user(user, "view").filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]


class CancelForm(DialogForm):
    """Why it will not be done."""

    reason = CleanCharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class LineForm(DialogForm):
    """One line of a checklist."""

    text = CleanCharField(label=gettext_lazy("To do"), max_length=200)


LOG_KINDS = {kind.value for kind in LOGGED_KINDS}
