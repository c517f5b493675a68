"""The form of a note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.mentions import MentionTextarea
from activities.models import Activity
from core.forms.base import BaseModelForm


class NoteForm(BaseModelForm):
    """Free text; a new note may go to the top at once."""

    pinned = forms.BooleanField(label=_("Pin to the top"), required=False)

    class Meta:
        model = Activity
        fields = ("text",)
        labels = {"text": _("Note")}
        widgets = {"text": MentionTextarea({"rows": 4, "maxlength": 20_000})}

    def __init__(self, *args: Any, may_pin: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].required = True
        if not may_pin:
            del self.fields["pinned"]
