"""The database keeps the running totals of deals itself, so that no way of writing can pass them by.

A statement that changes deals adds what it changes to each sum the deals are part of; nothing is locked but by the
filling, which needs the deals to stand still.
"""

from django.db import migrations

CELLS = """
    SELECT cell.kind, deal.cycle_id, cell.day, deal.status, cell.stage_id, cell.furthest_stage_id, cell.owner_id,
           cell.team_id, cell.source_id, cell.close_reason_id, cell.lost_stage_id,
           sum(deal.sign), sum(deal.sign * deal.base_amount), sum(deal.sign * deal.expected_value),
           coalesce(sum(deal.sign * (deal.closed_on - deal.opened_on)), 0),
           coalesce(sum(deal.sign) FILTER (WHERE deal.closed_on - deal.opened_on IS NOT NULL), 0), {settled}
    FROM ({deals}) AS deal
    CROSS JOIN LATERAL (VALUES
        ('board', NULL::date, deal.stage_id, NULL::bigint, deal.owner_id, deal.team_id,
         NULL::bigint, NULL::bigint, NULL::bigint),
        ('opened', deal.opened_on, deal.stage_id, deal.furthest_stage_id, NULL, NULL, NULL, NULL, NULL),
        ('owner', deal.closed_on, NULL, NULL, deal.owner_id, deal.team_id, NULL, NULL, NULL),
        ('source', deal.closed_on, NULL, NULL, NULL, NULL, deal.source_id, NULL, NULL),
        ('reason', deal.closed_on, NULL, NULL, NULL, NULL, NULL, deal.close_reason_id, NULL),
        ('lost', deal.closed_on, NULL, NULL, NULL, NULL, NULL, NULL, deal.lost_stage_id)
    ) AS cell (kind, day, stage_id, furthest_stage_id, owner_id, team_id, source_id, close_reason_id, lost_stage_id)
    WHERE deal.deleted_at IS NULL AND (cell.kind IN ('board', 'opened') OR cell.day IS NOT NULL)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    HAVING sum(deal.sign) <> 0 OR sum(deal.sign * deal.base_amount) <> 0
        OR sum(deal.sign * deal.expected_value) <> 0
        OR coalesce(sum(deal.sign * (deal.closed_on - deal.opened_on)), 0) <> 0
        OR coalesce(sum(deal.sign) FILTER (WHERE deal.closed_on - deal.opened_on IS NOT NULL), 0) <> 0
"""
TARGET = """
    INSERT INTO opportunities_tally (
        kind, cycle_id, day, status, stage_id, furthest_stage_id, owner_id, team_id, source_id, close_reason_id,
        lost_stage_id, deals, amount, expected, days, dated, settled
    )
"""
COLUMNS = """cycle_id, status, stage_id, furthest_stage_id, lost_stage_id, owner_id, team_id, source_id, close_reason_id,
    opened_on, closed_on, base_amount, expected_value, deleted_at"""
AFTER = f"SELECT 1 AS sign, {COLUMNS} FROM deals_after"  # noqa: S608 - the parts are constants of this module
ALL = f"SELECT 1 AS sign, {COLUMNS} FROM opportunities_opportunity"  # noqa: S608
BEFORE = f"SELECT -1 AS sign, {COLUMNS} FROM deals_before"  # noqa: S608


def _change(deals: str) -> str:
    return TARGET + CELLS.format(deals=deals, settled="false")


FORWARD = f"""
CREATE FUNCTION opportunities_tally_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_change(AFTER)}; RETURN NULL; END $$;

CREATE FUNCTION opportunities_tally_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_change(f"{AFTER} UNION ALL {BEFORE}")}; RETURN NULL; END $$;

CREATE FUNCTION opportunities_tally_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_change(BEFORE)}; RETURN NULL; END $$;

CREATE FUNCTION opportunities_tally_rebuild() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE opportunities_opportunity IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE opportunities_tally IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM opportunities_tally;
    {TARGET + CELLS.format(deals=ALL, settled="true")};
END $$;

CREATE TRIGGER opportunities_tally_insert AFTER INSERT ON opportunities_opportunity
    REFERENCING NEW TABLE AS deals_after FOR EACH STATEMENT EXECUTE FUNCTION opportunities_tally_insert();
CREATE TRIGGER opportunities_tally_update AFTER UPDATE ON opportunities_opportunity
    REFERENCING OLD TABLE AS deals_before NEW TABLE AS deals_after
    FOR EACH STATEMENT EXECUTE FUNCTION opportunities_tally_update();
CREATE TRIGGER opportunities_tally_delete AFTER DELETE ON opportunities_opportunity
    REFERENCING OLD TABLE AS deals_before FOR EACH STATEMENT EXECUTE FUNCTION opportunities_tally_delete();

SELECT opportunities_tally_rebuild();
"""  # noqa: S608

BACKWARD = """
DROP TRIGGER opportunities_tally_insert ON opportunities_opportunity;
DROP TRIGGER opportunities_tally_update ON opportunities_opportunity;
DROP TRIGGER opportunities_tally_delete ON opportunities_opportunity;
DROP FUNCTION opportunities_tally_insert();
DROP FUNCTION opportunities_tally_update();
DROP FUNCTION opportunities_tally_delete();
DROP FUNCTION opportunities_tally_rebuild();
DELETE FROM opportunities_tally;
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0009_running_totals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
