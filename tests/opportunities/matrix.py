"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, row

MATRIX = {
    "opportunities:closereason_add": row("manager admin"),
    "opportunities:closereason_delete": row("manager admin", "close_reason"),
    "opportunities:closereason_edit": row("manager admin", "close_reason"),
    "opportunities:closereason_list": row(EVERYBODY),
    "opportunities:line_add": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:line_delete": row("rep manager admin", "opportunity", "line", missing="teammate outsider"),
    "opportunities:line_edit": row("rep manager admin", "opportunity", "line", missing="teammate outsider"),
    "opportunities:lines_sum": row("rep manager admin", "opportunity", missing="teammate outsider", post=True),
    "opportunities:opportunity_add": row("rep teammate outsider manager admin"),
    "opportunities:opportunity_assign": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:opportunity_board": row("rep teammate outsider manager executive marketer admin"),
    "opportunities:opportunity_change_cycle": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:opportunity_delete": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:opportunity_detail": row(
        "rep manager executive marketer admin", "opportunity", missing="teammate outsider"
    ),
    "opportunities:opportunity_edit": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:opportunity_list": row("rep teammate outsider manager executive marketer admin"),
    "opportunities:opportunity_lose": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:opportunity_move": row("rep manager admin", "opportunity", missing="teammate outsider", post=True),
    "opportunities:opportunity_move_undo": row(
        "rep manager admin", "opportunity", missing="teammate outsider", post=True
    ),
    "opportunities:opportunity_reopen": row("manager admin", "opportunity"),
    "opportunities:opportunity_win": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:person_add": row("rep manager admin", "opportunity", missing="teammate outsider"),
    "opportunities:person_delete": row("rep manager admin", "opportunity", "buyer", missing="teammate outsider"),
    "opportunities:person_edit": row("rep manager admin", "opportunity", "buyer", missing="teammate outsider"),
    "opportunities:salescycle_add": row("manager admin"),
    "opportunities:salescycle_default": row("manager admin", "cycle", post=True),
    "opportunities:salescycle_delete": row("manager admin", "cycle"),
    "opportunities:salescycle_edit": row("manager admin", "cycle"),
    "opportunities:salescycle_list": row(EVERYBODY),
    "opportunities:stage_add": row("manager admin", "cycle"),
    "opportunities:stage_delete": row("manager admin", "stage"),
    "opportunities:stage_down": row("manager admin", "stage", post=True),
    "opportunities:stage_edit": row("manager admin", "stage"),
    "opportunities:stage_options": row(EVERYBODY),
    "opportunities:stage_up": row("manager admin", "stage", post=True),
}
