"""What can be done with opportunities and sales cycles."""

from opportunities.services.assign import opportunity_assign
from opportunities.services.bulk import opportunities_backfill
from opportunities.services.close import opportunity_lose, opportunity_reopen, opportunity_win
from opportunities.services.create import default_cycle, opportunity_create, opportunity_update
from opportunities.services.cycle import (
    cycle_make_default,
    cycle_save,
    stage_delete,
    stage_save,
    stage_shift,
    stages_reorder,
)
from opportunities.services.lines import line_delete, line_save, opportunity_sum_lines
from opportunities.services.move import (
    move_token,
    opportunity_change_cycle,
    opportunity_move,
    opportunity_move_undo,
)
from opportunities.services.people import person_remove, person_save
from opportunities.services.totals import totals_rebuild, totals_settle

__all__ = [
    "cycle_make_default",
    "cycle_save",
    "default_cycle",
    "line_delete",
    "line_save",
    "move_token",
    "opportunities_backfill",
    "opportunity_assign",
    "opportunity_change_cycle",
    "opportunity_create",
    "opportunity_lose",
    "opportunity_move",
    "opportunity_move_undo",
    "opportunity_reopen",
    "opportunity_sum_lines",
    "opportunity_update",
    "opportunity_win",
    "person_remove",
    "person_save",
    "stage_delete",
    "stage_save",
    "stage_shift",
    "stages_reorder",
    "totals_rebuild",
    "totals_settle",
]
