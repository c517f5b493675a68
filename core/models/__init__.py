"""The kernel's tables."""

from core.models.audit import AuditEntry, AuditRelated
from core.models.base import Record, TimeStamped
from core.models.job import Job
from core.models.named import NamedValue
from core.models.next_step import NextStep
from core.models.notification import Notification
from core.models.organisation import Currency, Holiday, Organisation

__all__ = [
    "AuditEntry",
    "AuditRelated",
    "Currency",
    "Holiday",
    "Job",
    "NamedValue",
    "NextStep",
    "Notification",
    "Organisation",
    "Record",
    "TimeStamped",
]
