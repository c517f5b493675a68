"""The running totals of deals: put in order now and then, counted anew when rows were written past the triggers."""

from django.db import connection, transaction

# One statement sees one state of the table: what it takes out it puts back, whoever writes at the same time.
_SETTLE = """
WITH fresh AS (
    DELETE FROM opportunities_tally WHERE NOT settled RETURNING *
), former AS (
    DELETE FROM opportunities_tally AS whole
    USING (
        SELECT DISTINCT kind, cycle_id, day, status, stage_id, furthest_stage_id, owner_id, team_id, source_id,
               close_reason_id, lost_stage_id
        FROM fresh
    ) AS cell
    WHERE whole.settled AND whole.kind = cell.kind AND whole.cycle_id = cell.cycle_id AND whole.status = cell.status
      AND coalesce(whole.day, '-infinity') = coalesce(cell.day, '-infinity')
      AND coalesce(whole.stage_id, 0) = coalesce(cell.stage_id, 0)
      AND coalesce(whole.furthest_stage_id, 0) = coalesce(cell.furthest_stage_id, 0)
      AND coalesce(whole.owner_id, 0) = coalesce(cell.owner_id, 0)
      AND coalesce(whole.team_id, 0) = coalesce(cell.team_id, 0)
      AND coalesce(whole.source_id, 0) = coalesce(cell.source_id, 0)
      AND coalesce(whole.close_reason_id, 0) = coalesce(cell.close_reason_id, 0)
      AND coalesce(whole.lost_stage_id, 0) = coalesce(cell.lost_stage_id, 0)
    RETURNING whole.*
), taken AS (
    SELECT * FROM fresh UNION ALL SELECT * FROM former
), put AS (
    INSERT INTO opportunities_tally (
        kind, cycle_id, day, status, stage_id, furthest_stage_id, owner_id, team_id, source_id, close_reason_id,
        lost_stage_id, deals, amount, expected, days, dated, settled
    )
    SELECT kind, cycle_id, day, status, stage_id, furthest_stage_id, owner_id, team_id, source_id, close_reason_id,
           lost_stage_id, sum(deals), sum(amount), sum(expected), sum(days), sum(dated), true
    FROM taken
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    HAVING sum(deals) <> 0 OR sum(amount) <> 0 OR sum(expected) <> 0 OR sum(days) <> 0 OR sum(dated) <> 0
)
SELECT count(*) FROM fresh
"""


def totals_settle() -> int:
    """Join the differences since the last time to one row for each cell; says how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE opportunities_tally IN SHARE UPDATE EXCLUSIVE MODE")  # one janitor; writers go on
        cursor.execute(_SETTLE)
        return int(cursor.fetchone()[0])


def totals_rebuild() -> None:
    """Count every running total anew from the deals, which nobody can change meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opportunities_tally_rebuild()")
