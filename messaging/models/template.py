"""Message templates in both languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit
from core.fields import CleanCharField, CleanTextField
from core.models import Record
from messaging.choices import Channel, Purpose


@audit.tracked()
class MessageTemplate(Record):
    """A message with places for the record's values, for records of one kind (``host``: "leads.lead")."""

    name = CleanCharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    host = models.CharField(_("for records of kind"), max_length=60)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.CONVERSATION)
    subject_fa = CleanCharField(_("Persian subject"), max_length=300, blank=True)
    body_fa = CleanTextField(_("Persian text"), blank=True)
    subject_en = CleanCharField(_("English subject"), max_length=300, blank=True)
    body_en = CleanTextField(_("English text"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")

    def __str__(self) -> str:
        return self.name

    def texts(self, language: str | None = None) -> tuple[str, str]:
        """Subject and text in the language ('fa' or 'en'), those of the other where one is missing."""
        fa, en = (self.subject_fa, self.body_fa), (self.subject_en, self.body_en)
        first, second = (fa, en) if (language or get_language() or "fa").startswith("fa") else (en, fa)
        return first if first[1] else second
