"""The form of a message template."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import hosts
from core.forms.base import BaseModelForm
from messaging.choices import Channel, Purpose
from messaging.filters.messages import host_choices
from messaging.language import MAX_LENGTH, TemplateProblem
from messaging.merge import check
from messaging.models import MessageTemplate

TEXTS = ("subject_fa", "body_fa", "subject_en", "body_en")


class MessageTemplateForm(BaseModelForm):
    """Both languages side by side; each text is read when it is saved, so that no message fails on it later."""

    host = forms.ChoiceField(label=_("For records of kind"))

    class Meta:
        model = MessageTemplate
        fields = ("name", "channel", "host", "purpose", *TEXTS, "is_active")
        widgets = {
            "body_fa": forms.Textarea({"rows": 8, "dir": "rtl", "lang": "fa", "maxlength": MAX_LENGTH}),
            "body_en": forms.Textarea({"rows": 8, "dir": "ltr", "lang": "en", "maxlength": MAX_LENGTH}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, direction in (("subject_fa", "rtl"), ("subject_en", "ltr")):
            if name in self.fields:
                self.fields[name].widget.attrs.update(dir=direction, lang=name[-2:])
        if "host" in self.fields:
            self.fields["host"].choices = [(label, capfirst(str(words))) for label, words in host_choices()]  # type: ignore[attr-defined]
        if "purpose" in self.fields:
            kept = [one for one in Purpose.choices if one[0] != Purpose.INTERNAL]
            self.fields["purpose"].choices = kept  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_texts(data)
        if not any(data.get(name) for name in ("body_fa", "body_en")) and not self.has_error("body_fa"):
            self.add_error("body_fa", _("Write the text in one language at least."))
        for language in ("fa", "en"):
            subject, body = data.get(f"subject_{language}"), data.get(f"body_{language}")
            if data.get("channel") == Channel.EMAIL and body and not subject and f"subject_{language}" in self.fields:
                self.add_error(f"subject_{language}", _("An e-mail needs a subject."))
            elif data.get("channel") == Channel.SMS:
                data[f"subject_{language}"] = ""
        return data

    def _check_texts(self, data: dict[str, Any]) -> None:
        host = hosts.find(data.get("host", ""))
        if host is None:
            return
        for name in TEXTS:
            try:
                check(data.get(name) or "", host)
            except TemplateProblem as problem:
                self.add_error(name, str(problem))
