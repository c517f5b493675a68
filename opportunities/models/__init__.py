"""The tables of the opportunities app."""

from opportunities.models.cycle import CloseReason, SalesCycle, Stage
from opportunities.models.opportunity import (
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    StageVisit,
)
from opportunities.models.tally import Tally, TallyKind

__all__ = [
    "CloseReason",
    "Opportunity",
    "OpportunityContact",
    "OpportunityLine",
    "SalesCycle",
    "Stage",
    "StageVisit",
    "Tally",
    "TallyKind",
]
