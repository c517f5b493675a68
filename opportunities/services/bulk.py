"""Fast paths for imports: stage history from the file's own dates, in a few statements."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core import audit
from core.services import require
from opportunities.models import Opportunity

_NEW = """
    FROM opportunities_opportunity AS deal
    JOIN opportunities_stage AS stage ON stage.id = deal.stage_id
    WHERE deal.id = ANY(%(ids)s)
      AND NOT EXISTS (SELECT 1 FROM opportunities_stagevisit AS v WHERE v.opportunity_id = deal.id)
"""

# A day of the file becomes its noon, so that it stays the same day in every time zone near ours.
_MOMENT = "CASE WHEN {day} IS NOT NULL THEN LEAST(({day} + time '12:00') AT TIME ZONE %(tz)s, now()) END"

_ROWS = f"""
    CREATE TEMPORARY TABLE backfill ON COMMIT DROP AS
    SELECT deal.id, deal.stage_id, stage.kind, deal.lost_stage_id,
           COALESCE({_MOMENT.format(day="deal.opened_on")}, {_MOMENT.format(day="deal.closed_on")}, deal.created_at)
               AS entered,
           CASE WHEN stage.kind <> 'open' THEN GREATEST(
               {_MOMENT.format(day="COALESCE(deal.closed_on, CURRENT_DATE)")},
               {_MOMENT.format(day="deal.opened_on")}) END AS closed,
           CASE WHEN stage.kind = 'open' THEN deal.stage_id ELSE COALESCE(
               (SELECT far.id FROM opportunities_stage AS far
                WHERE far.id = deal.furthest_stage_id AND far.kind = 'open' AND far.cycle_id = deal.cycle_id),
               deal.lost_stage_id,
               (SELECT last.id FROM opportunities_stage AS last
                WHERE last.cycle_id = deal.cycle_id AND last.kind = 'open' ORDER BY last.position DESC LIMIT 1)
           ) END AS reached
    {_NEW}
"""  # noqa: S608 - the parts are constants of this module

_STATEMENTS = (
    """
    INSERT INTO opportunities_stagevisit (opportunity_id, stage_id, entered_at, left_at, moved_by_id)
    SELECT id, reached, entered, closed, NULL::bigint FROM backfill WHERE reached IS NOT NULL
    UNION ALL
    SELECT id, stage_id, closed, NULL::timestamptz, NULL::bigint FROM backfill WHERE kind <> 'open'
    """,
    """
    UPDATE opportunities_opportunity AS deal
    SET status = b.kind,
        stage_entered_at = COALESCE(b.closed, b.entered),
        furthest_stage_id = CASE WHEN b.kind = 'won' THEN b.stage_id ELSE COALESCE(b.reached, b.stage_id) END,
        lost_stage_id = CASE WHEN b.kind = 'lost' THEN COALESCE(b.lost_stage_id, b.reached) END,
        closed_on = CASE WHEN b.kind <> 'open' THEN COALESCE(deal.closed_on, CURRENT_DATE) END
    FROM backfill AS b WHERE b.id = deal.id
    """,
)


@transaction.atomic
def opportunities_backfill(*, actor: Any, ids: Sequence[int]) -> int:
    """Give loaded deals without visits their history; says how many there were.

    An open deal entered its stage on ``opened_on`` (or when its row was made). A won or lost one stood in the furthest
    open stage (the row's ``furthest_stage`` when that is open, else where it was lost, else the last open stage of the
    cycle) from ``opened_on`` to ``closed_on``, and entered its closing stage then. Status, time of entry, furthest and
    lost stage follow. Three statements whatever the number.
    """
    if actor is not None:  # None is the system itself, loading data
        require(actor, "add", Opportunity)
    with audit.action("opportunities.backfilled", actor=actor, params={"count": 0}) as entry:
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, {"ids": list(ids), "tz": settings.TIME_ZONE})
            count = cursor.rowcount
            for statement in _STATEMENTS:
                cursor.execute(statement)
            cursor.execute("DROP TABLE backfill")
        entry.params["count"] = count
    return count
