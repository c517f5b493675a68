"""What follows within the app from what happens to activities: in this order, in the transaction of what happened."""

from collections.abc import Callable
from typing import Any, Final

from activities import events as facts
from activities.services import invitation_touched
from activities.services.finishing import follow_bin
from activities.services.mentions import mentions_sync
from activities.services.recurrence import occurrence_keep_next
from activities.services.reminders import reminders_refresh
from activities.services.resources import rooms_follow, rooms_take_over
from activities.services.runs import run_go_on, run_halt, run_take_up
from activities.services.watching import tell_followers
from core import audit, events


def keep_reminders(event: Any) -> None:
    """An activity changed: so do its reminders."""
    reminders_refresh(activity_id=event.activity_id, chosen=getattr(event, "reminders", None))


def find_mentions(event: facts.ActivityEvent) -> None:
    """Words were written: somebody may be called in them."""
    mentions_sync(activity_id=event.activity_id, actor_id=event.actor_id)


def tell_guests(event: facts.ActivityEvent) -> None:
    """What guests were told may not hold any more."""
    invitation_touched(event.activity_id)


WRITTEN: Final = (facts.ActivityPlanned, facts.ActivityLogged, facts.ActivityChanged)
DROPPED: Final = (facts.ActivityCancelled, facts.ActivityDeleted)
TAKEN_UP: Final = (facts.ActivityReopened, facts.ActivityRestored)
REACTIONS: Final[tuple[tuple[Callable[[Any], None], tuple[type[events.Event], ...]], ...]] = (
    (follow_bin, (events.RecordBinned,)),
    (
        keep_reminders,
        (
            facts.ActivityPlanned,
            facts.ActivityChanged,
            facts.ActivityMoved,
            facts.ActivityPartDone,
            facts.ActivityCompleted,
            facts.ActivityHandedOver,
            *DROPPED,
            *TAKEN_UP,
        ),
    ),
    (find_mentions, WRITTEN),
    (tell_guests, (facts.ActivityChanged, facts.ActivityMoved, *DROPPED, *TAKEN_UP)),
    (rooms_take_over, (facts.ActivityPlanned,)),
    (rooms_follow, (facts.ActivityChanged, facts.ActivityMoved, *DROPPED, *TAKEN_UP)),
    (occurrence_keep_next, (facts.ActivityCompleted, *DROPPED)),
    (run_go_on, (facts.ActivityCompleted,)),
    (run_halt, DROPPED),
    (run_take_up, TAKEN_UP),
)

for handler, kinds in REACTIONS:
    for kind in kinds:
        events.subscribe(kind, handler)
audit.listen(tell_followers)
