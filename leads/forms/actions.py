"""Forms of the dialogs on a lead."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms.fields import CleanCharField
from core.forms.typeahead import TypeaheadSelect
from leads.models import DisqualifyReason, Lead
from users.models import User


class DialogForm(forms.Form):
    """A plain form in a dialog."""

    def __init__(self, *args: Any, user: Any, lead: Lead, **kwargs: Any):
        self.user, self.lead = user, lead
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class DisqualifyForm(DialogForm):
    """Why the lead is put aside."""

    reason = forms.ModelChoiceField(
        DisqualifyReason.objects.none(), label=_("Reason"), widget=forms.RadioSelect, empty_label=None
    )
    note = CleanCharField(label=_("Explanation"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.queryset = DisqualifyReason.objects.for_user(self.user, "view").filter(is_active=True)  # type: ignore[attr-defined]


class AssignForm(DialogForm):
    """Who takes the lead over."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_("New owner"), widget=TypeaheadSelect(User))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.for_user(self.user, "view").filter(is_active=True)  # type: ignore[attr-defined]
