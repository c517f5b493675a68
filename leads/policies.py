"""Who may do what with leads."""

from core.policies import Policy, ReferencePolicy, register
from leads.models import CaptureForm, DisqualifyReason, Lead
from users.policies import OwnedPolicy


@register(Lead)
class LeadPolicy(OwnedPolicy):
    """Leads belong to somebody or wait in a team's queue; converting is a right of its own."""

    actions = ("view", "add", "change", "delete", "export", "assign", "convert")


@register(CaptureForm)
class CaptureFormPolicy(Policy):
    """Web forms are all or nothing."""

    actions = ("view", "add", "change", "delete")


@register(DisqualifyReason)
class DisqualifyReasonPolicy(ReferencePolicy):
    """Reasons are known to all."""
