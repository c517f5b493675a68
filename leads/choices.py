"""Fixed choices of the leads app, and which status may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadStatus(models.TextChoices):
    """How far a lead has come."""

    NEW = "new", _("new")
    CONTACTED = "contacted", _("contacted")
    QUALIFIED = "qualified", _("qualified")
    NURTURING = "nurturing", _("nurturing")
    DISQUALIFIED = "disqualified", _("disqualified")
    CONVERTED = "converted", _("converted")


S = LeadStatus
TRANSITIONS: dict[str, set[str]] = {
    S.NEW: {S.CONTACTED, S.QUALIFIED, S.NURTURING, S.DISQUALIFIED, S.CONVERTED},
    S.CONTACTED: {S.QUALIFIED, S.NURTURING, S.DISQUALIFIED, S.CONVERTED},
    S.NURTURING: {S.CONTACTED, S.QUALIFIED, S.DISQUALIFIED, S.CONVERTED},
    S.QUALIFIED: {S.NURTURING, S.DISQUALIFIED, S.CONVERTED},
    S.DISQUALIFIED: {S.NEW, S.CONTACTED, S.NURTURING},
    S.CONVERTED: set(),
}
UTM_LABELS = {
    "utm_source": _("UTM source"),
    "utm_medium": _("UTM medium"),
    "utm_campaign": _("UTM campaign"),
    "utm_term": _("UTM term"),
    "utm_content": _("UTM content"),
}
OPEN_STATUSES = (S.NEW, S.CONTACTED, S.QUALIFIED, S.NURTURING)


class ConsentAnswer(models.TextChoices):
    """Whether the person agreed to receive messages."""

    UNKNOWN = "unknown", _("not asked")
    YES = "yes", _("agreed")
    NO = "no", _("refused")
