"""Who gets into the pages of this app."""

from tests.matrix import public

MATRIX = {
    "invitation": public("guest.token"),
}
