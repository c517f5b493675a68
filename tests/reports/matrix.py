"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, row

MATRIX = {
    "home": row(EVERYBODY),
    "reports:funnel": row("rep teammate outsider manager executive marketer admin"),
    "reports:my_day": row(EVERYBODY),
}
