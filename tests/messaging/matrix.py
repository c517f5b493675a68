"""Who gets into the pages of this app."""

from tests.matrix import EVERYBODY, row

OTHERS = "nobody teammate outsider manager executive marketer support admin"

MATRIX = {
    "messaging:mute": row("rep", "heard", missing=OTHERS, post=True),
    "messaging:preferences": row(EVERYBODY),
    "messaging:unmute": row("rep", "mute", missing=OTHERS, post=True),
}
