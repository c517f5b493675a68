"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, WITH_ROLE, row

MATRIX = {
    "home": row(EVERYBODY),
    "reports:calls": row(WITH_ROLE),
    "reports:funnel": row("rep teammate outsider manager executive marketer admin"),
    "reports:my_day": row(EVERYBODY),
    "reports:team": row("manager executive admin"),
}
