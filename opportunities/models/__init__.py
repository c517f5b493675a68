"""The tables of the opportunities app."""

from opportunities.models.cycle import CloseReason, SalesCycle, Stage
from opportunities.models.opportunity import (
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    StageVisit,
)

__all__ = [
    "CloseReason",
    "Opportunity",
    "OpportunityContact",
    "OpportunityLine",
    "SalesCycle",
    "Stage",
    "StageVisit",
]
