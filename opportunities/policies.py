"""Who may do what with opportunities."""

from core.policies import ParentPolicy, ReferencePolicy, register
from opportunities.models import (
    CloseReason,
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    SalesCycle,
    Stage,
    StageVisit,
)
from users.policies import OwnedPolicy


@register(Opportunity)
class OpportunityPolicy(OwnedPolicy):
    """Deals belong to somebody; moving one on is changing it, reopening a closed one is a right of its own."""

    actions = ("view", "add", "change", "delete", "export", "assign", "reopen")


@register(OpportunityLine, OpportunityContact, StageVisit)
class OpportunityChildPolicy(ParentPolicy):
    """Lines, people and stage history go with the deal."""

    parent = "opportunity"


@register(SalesCycle, Stage, CloseReason)
class CyclePolicy(ReferencePolicy):
    """Cycles are known to all."""
