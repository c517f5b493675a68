"""Forms of the dialogs on activities: plan in ten seconds, record, note, finish, put off, hand over, cancel, tick."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.choices import LOGGED_KINDS, Direction, Kind
from activities.forms.activities import MAX_MINUTES, PLANNED, TEXT_LENGTH, outcomes, people_field
from activities.forms.mentions import MentionTextarea
from activities.models import Activity, ActivityOutcome
from activities.selectors.activities import activity_records
from activities.services.working_time import snooze_targets
from core.display import current
from core.forms.fields import CleanCharField, LocalDateTimeField, LocalIntegerField
from core.forms.records import RecordsField
from core.forms.typeahead import TypeaheadSelect
from core.policies import policy_for
from users.models import User


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


class NoteDialogForm(DialogForm):
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
