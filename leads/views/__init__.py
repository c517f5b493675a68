"""Pages of the leads app."""

from leads.views.actions import (
    LeadAssignView,
    LeadDisqualifyView,
    LeadReopenView,
    LeadStatusView,
)
from leads.views.capture import CaptureThanksView, CaptureView
from leads.views.convert import LeadConvertView
from leads.views.leads import (
    LeadCountsView,
    LeadCreateView,
    LeadDeleteView,
    LeadDetailView,
    LeadDuplicatesView,
    LeadListView,
    LeadQuickView,
    LeadUpdateView,
)
from leads.views.webforms import (
    CaptureFormCreateView,
    CaptureFormDeleteView,
    CaptureFormDetailView,
    CaptureFormListView,
    CaptureFormUpdateView,
)

__all__ = [
    "CaptureFormCreateView",
    "CaptureFormDeleteView",
    "CaptureFormDetailView",
    "CaptureFormListView",
    "CaptureFormUpdateView",
    "CaptureThanksView",
    "CaptureView",
    "LeadAssignView",
    "LeadConvertView",
    "LeadCountsView",
    "LeadCreateView",
    "LeadDeleteView",
    "LeadDetailView",
    "LeadDisqualifyView",
    "LeadDuplicatesView",
    "LeadListView",
    "LeadQuickView",
    "LeadReopenView",
    "LeadStatusView",
    "LeadUpdateView",
]
