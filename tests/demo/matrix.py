"""Who gets into the pages of this app."""

from tests.matrix import row

MATRIX = {
    "demo:remove": row("admin"),
}
