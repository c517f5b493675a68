"""Who gets into the pages of this app."""

from messaging.links import unsubscribe_token
from tests.matrix import EVERYBODY, public, row

OTHERS = "nobody teammate outsider manager executive marketer support admin"

MATRIX = {
    "messaging:mute": row("rep", "heard", missing=OTHERS, post=True),
    "messaging:preferences": row(EVERYBODY),
    "messaging:unmute": row("rep", "mute", missing=OTHERS, post=True),
    "provider_hook": public("channel.webhook_token"),
    "unsubscribe": public(f"={unsubscribe_token('ali@example.com')}"),
}
