"""Forms of sequences: writing them, and starting one on a record."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Sequence, SequenceStep
from activities.selectors.sequences import sequences_for
from activities.services.sequences import STEP_KINDS, WITH_TEMPLATE, sequence_hosts
from core import display
from core.forms.base import BaseModelForm
from core.forms.fields import LocalDateField
from core.forms.typeahead import TypeaheadSelect
from core.policies import policy_for
from messaging.models import MessageTemplate
from users.models import User


class SequenceForm(BaseModelForm):
    """A sequence: its name and the kind of record it works on."""

    host = forms.ChoiceField(label=_("for records of kind"))
    fieldsets = (("", (("name", "host"), "description", "is_active")),)

    class Meta:
        model = Sequence
        fields = ("name", "host", "description", "is_active")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = [(host.label, capfirst(str(host.model._meta.verbose_name))) for host in sequence_hosts()]
        self.fields["host"].choices = kinds  # type: ignore[attr-defined]


class StepForm(BaseModelForm):
    """A step: what is to do, and when after the step before it."""

    fieldsets = (
        (_("What is to do"), (("kind", "duration"), "subject", "text", "message_template")),
        (_("When"), (("after_days", "at_time"), "working_days")),
    )

    class Meta:
        model = SequenceStep
        fields = (
            "kind",
            "subject",
            "text",
            "after_days",
            "working_days",
            "at_time",
            "duration",
            "message_template",
        )
        widgets = {"text": forms.Textarea({"rows": 3})}
        help_texts = {
            "after_days": _("Days after the step before it was done; for the first step, after the start."),
            "message_template": _("For an e-mail or SMS: the text that is offered when the step is due."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, capfirst(str(kind.label))) for kind in STEP_KINDS]  # type: ignore[attr-defined]
        templates = MessageTemplate.objects.for_user(self.user, "view").filter(
            host=self.instance.sequence.host, channel__in=WITH_TEMPLATE
        )
        chosen = self.instance.message_template_id
        field: Any = self.fields["message_template"]
        field.queryset = (templates.filter(is_active=True) | templates.filter(pk=chosen)).order_by("channel", "name")
        field.label_from_instance = lambda row: f"{row} ({row.get_channel_display()})"

    def clean_duration(self) -> int | None:
        """No duration is none."""
        return self.cleaned_data.get("duration") or None


class SequenceStartForm(forms.Form):
    """Which sequence, from when, and whose the steps are."""

    sequence = forms.ModelChoiceField(Sequence.objects.none(), label=_("Sequence"), empty_label=None)
    start = LocalDateField(label=_("Start"), help_text=_("The dates of the steps are counted from here."))
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who does it"), widget=TypeaheadSelect(User))

    def __init__(self, *args: Any, user: Any, record: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["sequence"].queryset = sequences_for(record._meta.label_lower)
        fields["start"].initial = display.current().today()
        colleagues = User.objects.for_user(user, "view").filter(is_active=True)  # type: ignore[attr-defined]
        fields["owner"].queryset = colleagues
        if policy_for(Activity).can(user, "assign"):
            owner = getattr(record, "owner", None)
            fields["owner"].initial = owner if owner is not None and owner.is_active else user
        else:
            del fields["owner"]

    @cached_property
    def helper(self) -> FormHelper:
        """Crispy's layout without a form of its own."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper
