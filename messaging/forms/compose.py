"""Writing a message."""

import mimetypes
import re
import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import display
from core.forms.fields import CleanCharField, LocalDateTimeField
from core.text import clean
from messaging.choices import Channel, ConsentState, Purpose
from messaging.models import MessageTemplate
from messaging.selectors.reach import Reach, addresses_for
from messaging.services.compose import PURPOSES
from messaging.services.queue import MAX_ATTACHMENTS, AttachedFile

OTHER = "other"
LANGUAGES = (("fa", "فارسی"), ("en", "English"))
SUBJECT_LENGTH = 300
TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Uploaded files as attachments; together not larger than a mail may be."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[AttachedFile]:
        files: list[UploadedFile] = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if sum(one.size or 0 for one in files) > MAX_ATTACHMENTS:
            raise forms.ValidationError(_("The attached files are larger than 10 MB together."), code="too_large")
        return [AttachedFile(_file_name(one), _file_type(one), one.read()) for one in files]


def _file_name(one: UploadedFile) -> str:
    return clean(PurePath(one.name or "").name)[-200:] or "file"


def _file_type(one: UploadedFile) -> str:
    """Guessed from the name: what the browser says may be anything."""
    guessed = mimetypes.guess_type(one.name or "")[0] or ""
    return guessed if TYPE.fullmatch(guessed) else "application/octet-stream"


class ComposeForm(forms.Form):
    """To whom, what, why and when; ``key`` makes two clicks one message."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=32)
    to = forms.ChoiceField(label=_("To"))
    to_other = CleanCharField(label=_("Address"), max_length=254, required=False)
    template = forms.ModelChoiceField(
        MessageTemplate.objects.none(), label=_("Template"), required=False, empty_label=_("Without a template")
    )
    language = forms.ChoiceField(label=_("Language of the message"), choices=LANGUAGES)
    subject = CleanCharField(label=_("Subject"), max_length=SUBJECT_LENGTH, required=False)
    body = CleanCharField(label=_("Text"), max_length=20_000, multiline=True, widget=forms.Textarea({"rows": 8}))
    attachments = FilesField(label=_("Attachments"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[(one.value, one.label) for one in PURPOSES])
    send_at = LocalDateTimeField(label=_("Send later"), required=False, help_text=_("Empty: now."))

    def __init__(self, *args: Any, user: Any, record: models.Model, channel: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user, self.record, self.channel = user, record, channel
        self.reach = addresses_for(user=user, obj=record, channel=channel)
        self.fields["to"].choices = [
            *((one.value, _shown(one, channel)) for one in self.reach),
            (OTHER, _("Another address…")),
        ]  # type: ignore[attr-defined]
        self.fields["to_other"].widget.attrs["dir"] = "ltr"
        self.fields["template"].queryset = templates_for(user, record, channel)  # type: ignore[attr-defined]
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.initial.setdefault("purpose", Purpose.CONVERSATION)
        first = next((one.value for one in self.reach if not one.is_refused), OTHER)
        self.initial.setdefault("to", first)
        if self.initial["to"] not in {OTHER, *(one.value for one in self.reach)}:
            # an answer to somebody not known here
            self.initial |= {"to": OTHER, "to_other": self.initial["to"]}
        own = next((one.language for one in self.reach if one.value == self.initial["to"]), "")
        self.initial.setdefault("language", own or (get_language() or "fa")[:2])
        if channel == Channel.SMS:
            del self.fields["subject"], self.fields["attachments"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("to") == OTHER and not data.get("to_other"):
            self.add_error("to_other", _("Write the address."))
        return data

    def recipient(self) -> tuple[str, str]:
        """Address and name of whom it goes to."""
        data = self.cleaned_data
        if data["to"] == OTHER:
            return data["to_other"], ""
        return data["to"], next((one.name for one in self.reach if one.value == data["to"]), "")


def templates_for(user: Any, record: models.Model, channel: str) -> models.QuerySet[MessageTemplate]:
    """The templates in use for such records on the channel."""
    rows = MessageTemplate.objects.for_user(user, "view").filter(is_active=True, channel=channel)
    return rows.filter(host=record._meta.label_lower).order_by("name", "pk")


def _shown(one: Reach, channel: str) -> str:
    address = one.value if channel == Channel.EMAIL else display.format_phone(one.value)
    words = f"{one.name} — \u2068{address}\u2069" if one.name else address
    if one.consent:
        words += f" ({capfirst(str(ConsentState(one.consent).label))})"
    return words
