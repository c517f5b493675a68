"""Winning, losing and reopening a deal: the only ways its status changes."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.services import account_mark_customer
from activities.services import activities_close, activities_take_up, hold_planned
from core import audit
from core.errors import DomainError
from core.events import publish
from opportunities.choices import TRANSITIONS, StageKind, Status
from opportunities.events import OpportunityLost, OpportunityMoved, OpportunityReopened, OpportunityWon
from opportunities.models import CloseReason, Opportunity, Stage
from opportunities.services.common import (
    MOVE_FIELDS,
    closing_stage,
    enter_stage,
    first_stage,
    furthest_open,
    locked,
    rate_of,
    today,
)


def guard_status(row: Opportunity, status: str) -> None:
    """Refuse a change of status that `TRANSITIONS` does not know."""
    if status not in TRANSITIONS[row.status]:
        if row.status == Status.OPEN:
            raise DomainError(_("This opportunity is open already."), code="status")
        raise DomainError(_("This opportunity is closed. Reopen it first."), code="status")


def guard_stage(row: Opportunity, stage: Stage, kind: str) -> Stage:
    """Refuse a stage of another cycle, of another kind, or one that is no longer used."""
    if stage.cycle_id != row.cycle_id:
        raise DomainError(_("This stage belongs to another sales cycle."), field="stage", code="foreign_stage")
    if stage.kind != kind:
        raise DomainError(_("This stage is of another kind."), field="stage")
    if not stage.is_active:
        raise DomainError(_("This stage is no longer used."), field="stage")
    return stage


def _guard_reason(reason: CloseReason | None, outcome: str) -> None:
    if reason is not None and reason.outcome != outcome:
        raise DomainError(_("This reason is for another outcome."), field="reason")


def _closing_day(row: Opportunity, closed_on: dt.date | None) -> dt.date:
    day = closed_on or today()
    if day > today():
        raise DomainError(_("A deal cannot be closed in the future."), field="closed_on")
    if row.opened_on and day < row.opened_on:
        raise DomainError(_("The closing date is before the deal was opened."), field="closed_on")
    return day


def moved(row: Opportunity, actor: Any, before: int) -> OpportunityMoved:
    """The fact that the row left the stage ``before`` for the one it is in."""
    return OpportunityMoved(opportunity_id=row.pk, actor_id=actor.pk, from_stage_id=before, to_stage_id=row.stage_id)


@transaction.atomic
def opportunity_win(
    *,
    actor: Any,
    opportunity: Opportunity,
    reason: CloseReason | None = None,
    note: str = "",
    stage: Stage | None = None,
    closed_on: dt.date | None = None,
    expected_version: int | None = None,
) -> Opportunity:
    """Close the deal as won (today, unless another day is given): rate and amount are final, the account a customer.

    What is still planned on it is cancelled.
    """
    hold_planned(opportunity)
    row = locked(actor, opportunity, expected_version=expected_version)
    guard_status(row, Status.WON)
    _guard_reason(reason, Status.WON)
    stage = guard_stage(row, stage or closing_stage(row.cycle_id, StageKind.WON), StageKind.WON)
    day, before = _closing_day(row, closed_on), row.stage_id
    with audit.action("opportunity.won", actor=actor, obj=row, related=[a for a in (row.account,) if a]):
        enter_stage(row, stage, actor)
        row.status, row.closed_on, row.exchange_rate = Status.WON, day, rate_of(row.currency)
        row.close_reason, row.close_note, row.competitor, row.lost_stage = reason, note, "", None
        row.save(update_fields=[*MOVE_FIELDS, "exchange_rate"])
        if row.account is not None:
            account_mark_customer(actor=actor, account=row.account, on=day)
        activities_close(actor=actor, record=row)
        publish(moved(row, actor, before))
        publish(OpportunityWon(opportunity_id=row.pk, actor_id=actor.pk))
    return row


@transaction.atomic
def opportunity_lose(
    *,
    actor: Any,
    opportunity: Opportunity,
    reason: CloseReason | None,
    note: str = "",
    competitor: str = "",
    stage: Stage | None = None,
    closed_on: dt.date | None = None,
    expected_version: int | None = None,
) -> Opportunity:
    """Close the deal as lost for a reason; where it was lost and how far it got are kept for the funnel.

    What is still planned on it is cancelled.
    """
    hold_planned(opportunity)
    row = locked(actor, opportunity, expected_version=expected_version)
    guard_status(row, Status.LOST)
    if reason is None:
        raise DomainError(_("Say why the deal was lost."), field="reason", code="reason_required")
    _guard_reason(reason, Status.LOST)
    stage = guard_stage(row, stage or closing_stage(row.cycle_id, StageKind.LOST), StageKind.LOST)
    day, before = _closing_day(row, closed_on), row.stage
    with audit.action(
        "opportunity.lost",
        actor=actor,
        obj=row,
        related=[a for a in (row.account,) if a],
        params={"reason": str(reason)},
    ):
        enter_stage(row, stage, actor)
        row.status, row.closed_on, row.lost_stage = Status.LOST, day, before
        row.close_reason, row.close_note, row.competitor = reason, note, competitor
        row.save(update_fields=MOVE_FIELDS)
        activities_close(actor=actor, record=row)
        publish(moved(row, actor, before.pk))
        publish(OpportunityLost(opportunity_id=row.pk, actor_id=actor.pk, reason_id=reason.pk))
    return row


@transaction.atomic
def opportunity_reopen(
    *, actor: Any, opportunity: Opportunity, stage: Stage | None = None, expected_version: int | None = None
) -> Opportunity:
    """Work on a closed deal again, in the given stage or where it was before it was closed.

    What its closing cancelled is planned again.
    """
    hold_planned(opportunity)
    row = locked(actor, opportunity, "reopen", expected_version)
    guard_status(row, Status.OPEN)
    target = guard_stage(row, stage or _last_open(row), StageKind.OPEN)
    before = row.stage_id
    with audit.action("opportunity.reopened", actor=actor, obj=row, params={"to": str(target)}):
        row.furthest_stage = furthest_open(row)
        enter_stage(row, target, actor)
        row.status, row.closed_on, row.lost_stage = Status.OPEN, None, None
        row.close_reason, row.close_note, row.competitor = None, "", ""
        row.save(update_fields=MOVE_FIELDS)
        activities_take_up(actor=actor, record=row)
        publish(moved(row, actor, before))
        publish(OpportunityReopened(opportunity_id=row.pk, actor_id=actor.pk))
    return row


def _last_open(row: Opportunity) -> Stage:
    visits = row.visits.filter(stage__kind=StageKind.OPEN, stage__is_active=True, stage__cycle=row.cycle_id)
    last = visits.select_related("stage").order_by("-entered_at", "-pk").first()
    return last.stage if last else first_stage(row.cycle_id)
