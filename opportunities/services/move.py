"""Moving a deal through its cycle, and taking the last move back."""

import datetime as dt
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services import activities_close, activities_take_up, hold_planned
from core import audit
from core.errors import DomainError
from core.events import publish
from opportunities.choices import StageKind, Status
from opportunities.models import CloseReason, Opportunity, SalesCycle, Stage, StageVisit
from opportunities.services.close import guard_stage, moved, opportunity_lose, opportunity_reopen, opportunity_win
from opportunities.services.common import MOVE_FIELDS, enter_stage, first_stage, locked

SALT = "opportunities.move"
UNDO_SECONDS = 3600
STATE = (*(Opportunity._meta.get_field(name).attname for name in MOVE_FIELDS), "exchange_rate")


@transaction.atomic
def opportunity_move(
    *,
    actor: Any,
    opportunity: Opportunity,
    stage: Stage,
    expected_version: int | None = None,
    reason: CloseReason | None = None,
    note: str = "",
    competitor: str = "",
) -> Opportunity:
    """Put the deal into another stage of its cycle; won, lost and closed deals follow their own rules.

    Refuses a stage of another cycle, a loss without a reason, and a move that started from an older version.
    Standing there already changes nothing.
    """
    if stage.kind != StageKind.OPEN or opportunity.status != Status.OPEN:
        hold_planned(opportunity)
    row = locked(actor, opportunity, expected_version=expected_version)
    if stage.cycle_id != row.cycle_id:
        raise DomainError(_("This stage belongs to another sales cycle."), field="stage", code="foreign_stage")
    if stage.pk == row.stage_id:
        return row
    if stage.kind == StageKind.WON:
        return opportunity_win(actor=actor, opportunity=row, reason=reason, note=note, stage=stage)
    if stage.kind == StageKind.LOST:
        return opportunity_lose(
            actor=actor, opportunity=row, reason=reason, note=note, competitor=competitor, stage=stage
        )
    if row.status != Status.OPEN:
        return opportunity_reopen(actor=actor, opportunity=row, stage=stage)
    guard_stage(row, stage, StageKind.OPEN)
    before = row.stage
    with audit.action("opportunity.moved", actor=actor, obj=row, params={"from": str(before), "to": str(stage)}):
        enter_stage(row, stage, actor)
        row.save(update_fields=MOVE_FIELDS)
        publish(moved(row, actor, before.pk))
    return row


def move_token(before: Opportunity, after: Opportunity, actor: Any) -> str:
    """A signed note of the state before a move, for `opportunity_move_undo`; "" when nothing moved."""
    if before.stage_id == after.stage_id:
        return ""
    state = {name: _plain(getattr(before, name)) for name in STATE}
    note = {
        "pk": after.pk,
        "by": actor.pk,
        "version": after.version,
        "state": state,
    }
    return signing.dumps(note, salt=SALT, compress=True)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, int | None) else str(value)


@transaction.atomic
def opportunity_move_undo(*, actor: Any, opportunity: Opportunity, visit_token: str) -> Opportunity:
    """Restore exactly what the deal was before the actor's last move, if nobody changed it since.

    What was cancelled because the move closed the deal is planned again; what was planned again because the move
    opened it is cancelled.
    """
    try:
        note = signing.loads(visit_token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise DomainError(_("This move can no longer be taken back."), code="undo") from error
    hold_planned(opportunity)
    row = locked(actor, opportunity)
    if note["pk"] != row.pk or note["by"] != actor.pk:
        raise DomainError(_("This move can no longer be taken back."), code="undo")
    if note["version"] != row.version:
        raise DomainError(_("The opportunity changed since, so the move was not taken back."), code="stale")
    before, left = row.stage_id, row.stage
    _restore(row, note["state"])
    with audit.action(
        "opportunity.move_undone", actor=actor, obj=row, params={"from": str(left), "to": str(row.stage)}
    ):
        _reopen_visit(row)
        row.save(update_fields=[*MOVE_FIELDS, "exchange_rate"])
        follow = activities_take_up if row.status == Status.OPEN else activities_close
        follow(actor=actor, record=row)
        publish(moved(row, actor, before))
    return row


def _restore(row: Opportunity, state: dict[str, Any]) -> None:
    for name, value in state.items():
        model_field = Opportunity._meta.get_field(name.removesuffix("_id"))
        setattr(row, name, model_field.to_python(value) if value is not None else None)


def _reopen_visit(row: Opportunity) -> None:
    """Take the visit the move opened away and open the one before it again."""
    StageVisit.objects.filter(opportunity=row, left_at=None).delete()
    last = StageVisit.objects.filter(opportunity=row).order_by("-entered_at", "-pk").first()
    if last is not None:
        StageVisit.objects.filter(pk=last.pk).update(left_at=None)


@transaction.atomic
def opportunity_change_cycle(
    *, actor: Any, opportunity: Opportunity, cycle: SalesCycle, stage: Stage | None = None
) -> Opportunity:
    """Continue an open deal in another sales cycle; how far it got is counted in the new one."""
    row = locked(actor, opportunity)
    if row.status != Status.OPEN:
        raise DomainError(_("This opportunity is closed. Reopen it first."), code="status")
    if cycle.pk == row.cycle_id:
        raise DomainError(_("The opportunity is in this sales cycle already."), field="cycle")
    stage = stage or first_stage(cycle)
    before = row.stage_id
    row.cycle = cycle
    guard_stage(row, stage, StageKind.OPEN)
    with audit.action("opportunity.cycle_changed", actor=actor, obj=row, params={"cycle": str(cycle)}):
        row.furthest_stage = stage
        enter_stage(row, stage, actor)
        row.save(update_fields=["cycle", *MOVE_FIELDS])
        publish(moved(row, actor, before))
    return row
