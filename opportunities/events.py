"""Facts about opportunities that other apps may listen to."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class OpportunityMoved(Event):
    """A deal entered another stage (also when it was won, lost, reopened, or a move was undone)."""

    opportunity_id: int
    actor_id: int | None
    from_stage_id: int
    to_stage_id: int


@dataclass(frozen=True, kw_only=True)
class OpportunityWon(Event):
    """A deal was won."""

    opportunity_id: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class OpportunityLost(Event):
    """A deal was lost, for a reason."""

    opportunity_id: int
    actor_id: int | None
    reason_id: int


@dataclass(frozen=True, kw_only=True)
class OpportunityReopened(Event):
    """A closed deal is worked on again."""

    opportunity_id: int
    actor_id: int | None
