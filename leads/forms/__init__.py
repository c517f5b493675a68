"""Forms of the leads app."""

from leads.forms.actions import AssignForm, DisqualifyForm
from leads.forms.capture import CaptureFormForm, VisitorForm
from leads.forms.convert import ConvertForm
from leads.forms.lead import LeadForm, QuickLeadForm

__all__ = [
    "AssignForm",
    "CaptureFormForm",
    "ConvertForm",
    "DisqualifyForm",
    "LeadForm",
    "QuickLeadForm",
    "VisitorForm",
]
