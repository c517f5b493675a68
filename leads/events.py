"""Facts of the leads app that others may act on."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class LeadCreated(Event):
    """A lead came in: by hand, or by a web form (then ``form_id`` says which and ``actor_id`` is None)."""

    lead_id: int
    actor_id: int | None = None
    form_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Event):
    """A lead has another owner; None means it waits in a team's queue."""

    lead_id: int
    owner_id: int | None
    before_id: int | None
    actor_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadConverted(Event):
    """A lead became an account, and perhaps a contact and an opportunity."""

    lead_id: int
    account_id: int
    contact_id: int | None
    opportunity_id: int | None
    actor_id: int
