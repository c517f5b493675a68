"""Everything that changes leads."""

from leads.services.assign import lead_assign
from leads.services.capture import lead_capture
from leads.services.convert import Conversion, lead_convert
from leads.services.create import lead_create, lead_update
from leads.services.status import lead_disqualify, lead_reopen, lead_set_status

__all__ = [
    "Conversion",
    "lead_assign",
    "lead_capture",
    "lead_convert",
    "lead_create",
    "lead_disqualify",
    "lead_reopen",
    "lead_set_status",
    "lead_update",
]
