"""The tables of the leads app."""

from leads.models.capture import CaptureForm
from leads.models.lead import DisqualifyReason, Lead

__all__ = ["CaptureForm", "DisqualifyReason", "Lead"]
