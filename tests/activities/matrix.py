"""Who gets into the pages of this app."""

from tests.matrix import public, row

READERS = "rep teammate manager executive marketer support admin"

MATRIX = {
    "invitation": public("guest.token"),
    "activities:note_add": row(READERS, "=accounts.account", "account", missing="outsider"),
    "activities:note_delete": row("rep admin", "note", missing="teammate outsider executive marketer support"),
    "activities:note_edit": row("rep admin", "note", missing="teammate outsider executive marketer support"),
    "activities:timeline_changes": row(READERS, "=accounts.account", "account", "entry", missing="nobody outsider"),
    "activities:timeline_pin": row(
        "rep manager admin",
        "=accounts.account",
        "account",
        missing="nobody teammate outsider executive marketer support",
        post=True,
    ),
}
