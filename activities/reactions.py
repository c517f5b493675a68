"""What follows from what happens to activities, within the app."""

from activities import events as facts
from activities.services import invitation_touched
from core import events


def _tell_guests(event: facts.ActivityEvent) -> None:
    invitation_touched(event.activity_id)


for kind in (
    facts.ActivityChanged,
    facts.ActivityMoved,
    facts.ActivityCancelled,
    facts.ActivityReopened,
    facts.ActivityDeleted,
    facts.ActivityRestored,
):
    events.subscribe(kind, _tell_guests)
