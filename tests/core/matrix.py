"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, public, row

MATRIX = {
    "access": row(
        "rep manager executive marketer admin", "=leads.lead", "lead", missing="nobody teammate outsider support"
    ),
    "bin": row("rep teammate outsider manager admin", "=leads.lead"),
    "healthz": public(),
    "history": row(
        "rep manager executive marketer admin", "=leads.lead", "lead", missing="nobody teammate outsider support"
    ),
    "job_detail": row("rep admin", "job", missing="nobody teammate outsider manager executive marketer support"),
    "job_file": row("", "job", missing=EVERYBODY),
    "job_list": row(EVERYBODY),
    "notification_count": row(EVERYBODY),
    "notification_list": row(EVERYBODY),
    "notification_menu": row(EVERYBODY),
    "notification_open": row(
        "rep", "notification", missing="nobody teammate outsider manager executive marketer support admin"
    ),
    "notification_read": row(
        "rep", "notification", missing="nobody teammate outsider manager executive marketer support admin", post=True
    ),
    "palette": row(EVERYBODY),
    "panel": row(
        "rep teammate manager executive marketer support admin",
        "=accounts.account",
        "account",
        "=contacts",
        missing="nobody outsider",
    ),
    "readyz": public(),
    "restore": row(
        "rep manager admin",
        "=leads.lead",
        "lead",
        missing="nobody teammate outsider executive marketer support",
        post=True,
    ),
    "search": row(EVERYBODY),
    "set_language": public(),
    "record_search": row(EVERYBODY),
    "typeahead": row(EVERYBODY, "=accounts.account"),
}
