"""Editing sales cycles and their stages without breaking the deals that stand in them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.services import lock, object_save, require
from opportunities.choices import StageKind
from opportunities.models import Opportunity, SalesCycle, Stage, StageVisit


@transaction.atomic
def cycle_save(*, actor: Any, cycle: SalesCycle, save_m2m: Callable[[], None] | None = None) -> SalesCycle:
    """Add or change a cycle; the default one takes the mark from the cycle that had it.

    A new cycle starts with a first, a won and a lost stage, so that it can be used at once.
    """
    adding = cycle._state.adding
    require(actor, "add" if adding else "change", SalesCycle)
    if cycle.is_default:
        if not cycle.is_active:
            raise DomainError(_("The default sales cycle is always active."), field="is_active")
        SalesCycle.objects.filter(is_default=True).exclude(pk=cycle.pk).update(is_default=False)
    elif not adding and SalesCycle.objects.filter(pk=cycle.pk, is_default=True).exists():
        raise DomainError(_("Choose another default cycle instead."), field="is_default")
    object_save(actor=actor, instance=cycle, save_m2m=save_m2m)
    if adding:
        Stage.objects.bulk_create(Stage(cycle=cycle, **values) for values in STARTING_STAGES)
    return cycle


STARTING_STAGES: tuple[dict[str, Any], ...] = (
    {"code": "first", "name_fa": "آشنایی", "name_en": "First contact", "position": 10, "probability": 10},
    {
        "code": "won",
        "name_fa": "موفق",
        "name_en": "Won",
        "position": 80,
        "probability": 100,
        "kind": StageKind.WON,
    },
    {"code": "lost", "name_fa": "ناموفق", "name_en": "Lost", "position": 90, "probability": 0, "kind": StageKind.LOST},
)


@transaction.atomic
def cycle_make_default(*, actor: Any, cycle: SalesCycle) -> SalesCycle:
    """New deals use this cycle when no product family or team says otherwise."""
    require(actor, "change", SalesCycle, cycle)
    row = lock(cycle)
    if not row.is_active:
        raise DomainError(_("The default sales cycle is always active."))
    with audit.action("cycle.made_default", actor=actor, obj=row):
        SalesCycle.objects.filter(is_default=True).exclude(pk=row.pk).update(is_default=False)
        row.is_default = True
        row.save(update_fields=["is_default", "updated_at"])
    return row


@transaction.atomic
def stage_save(*, actor: Any, stage: Stage) -> Stage:
    """Add or change a stage; the kind of a stage in use stays, and each cycle keeps an open stage."""
    adding = stage._state.adding
    lock(stage.cycle)
    if not adding:
        before = Stage.objects.get(pk=stage.pk)
        stage.cycle_id, stage.position = before.cycle_id, before.position
        if before.kind != stage.kind and _in_use(stage):
            raise DomainError(_("Opportunities stand or stood in this stage, so its kind stays."), field="kind")
        if before.kind == StageKind.OPEN and (stage.kind != StageKind.OPEN or not stage.is_active):
            _keep_open_stage(stage)
        if not stage.is_active and Opportunity.objects.filter(stage=stage).exists():
            raise DomainError(_("Opportunities stand in this stage. Move them first."), field="is_active")
    else:
        stage.position = _next_position(stage)
    if stage.kind != StageKind.OPEN:
        stage.probability, stage.expected_days = (100 if stage.kind == StageKind.WON else 0), None
    return object_save(
        actor=actor, instance=stage, code="record.created" if adding else "record.changed", related=[stage.cycle]
    )


def _in_use(stage: Stage) -> bool:
    rows = Opportunity.all_objects
    return (
        rows.filter(stage=stage).exists()
        or StageVisit.objects.filter(stage=stage).exists()
        or rows.filter(furthest_stage=stage).exists()
        or rows.filter(lost_stage=stage).exists()
    )


def _keep_open_stage(stage: Stage) -> None:
    others = Stage.objects.filter(cycle=stage.cycle_id, kind=StageKind.OPEN, is_active=True).exclude(pk=stage.pk)
    if not others.exists():
        raise DomainError(_("A sales cycle needs at least one open stage."))


def _next_position(stage: Stage) -> int:
    """After the last stage of its kind: open stages come before the closing ones."""
    stages = list(Stage.objects.filter(cycle=stage.cycle_id).order_by("position", "pk"))
    if stage.kind != StageKind.OPEN:
        return max((s.position for s in stages), default=0) + 10
    last_open = max((s.position for s in stages if s.kind == StageKind.OPEN), default=0)
    later = [s for s in stages if s.position > last_open]
    for other in later:
        Stage.objects.filter(pk=other.pk).update(position=other.position + 10)
    return last_open + 10


@transaction.atomic
def stage_delete(*, actor: Any, stage: Stage) -> None:
    """Delete a stage that no opportunity stands or ever stood in."""
    require(actor, "delete", Stage, stage)
    lock(stage.cycle)
    if _in_use(stage):
        raise DomainError(
            _("Opportunities stand or stood in this stage, so it cannot be deleted. Make it inactive."), code="in_use"
        )
    if stage.kind == StageKind.OPEN:
        _keep_open_stage(stage)
    with audit.action("stage.deleted", actor=actor, obj=stage.cycle, params={"stage": str(stage)}):
        Stage.objects.filter(pk=stage.pk).delete()


@transaction.atomic
def stages_reorder(*, actor: Any, cycle: SalesCycle, order: Sequence[int]) -> None:
    """Put the cycle's stages into the order of their ids; won and lost ones stay behind the open ones.

    How far each deal got follows the new order.
    """
    require(actor, "change", SalesCycle, cycle)
    lock(cycle)
    stages = {stage.pk: stage for stage in Stage.objects.filter(cycle=cycle)}
    if sorted(order) != sorted(stages):
        raise DomainError(_("The stages changed meanwhile. Load the page again."), code="stale")
    rank = {StageKind.OPEN: 0, StageKind.WON: 1, StageKind.LOST: 2}
    wanted = sorted(order, key=lambda pk: (rank[StageKind(stages[pk].kind)], order.index(pk)))
    with audit.action("cycle.stages_ordered", actor=actor, obj=cycle):
        for number, pk in enumerate(wanted, start=1):
            stages[pk].position = number * 10
        Stage.objects.bulk_update(stages.values(), ["position"])
        _recount_furthest(cycle)


def stage_shift(*, actor: Any, stage: Stage, step: int) -> None:
    """Move a stage one place up (−1) or down (+1) in its cycle; at the end nothing happens."""
    order = list(Stage.objects.filter(cycle=stage.cycle_id).order_by("position", "pk").values_list("pk", flat=True))
    here = order.index(stage.pk)
    there = here + step
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
        stages_reorder(actor=actor, cycle=stage.cycle, order=order)


def _recount_furthest(cycle: SalesCycle) -> None:
    """Set each deal's furthest stage by its visits and the present order: open ones, and won while it is won."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE opportunities_opportunity AS deal SET furthest_stage_id = far.stage_id
            FROM (
                SELECT DISTINCT ON (visit.opportunity_id) visit.opportunity_id, visit.stage_id
                FROM opportunities_stagevisit AS visit
                JOIN opportunities_stage AS stage ON stage.id = visit.stage_id
                JOIN opportunities_opportunity AS row ON row.id = visit.opportunity_id
                WHERE stage.cycle_id = %s AND row.cycle_id = %s
                  AND (stage.kind = 'open' OR stage.kind = 'won' AND row.status = 'won')
                ORDER BY visit.opportunity_id, stage.position DESC, stage.id DESC
            ) AS far
            WHERE far.opportunity_id = deal.id AND deal.furthest_stage_id <> far.stage_id
            """,
            [cycle.pk, cycle.pk],
        )
