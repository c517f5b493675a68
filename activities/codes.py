"""Sentences of the audit log and of notifications that belong to activities."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import audit, notifications

audit.register("activity.created", _("planned: %(subject)s"))
audit.register("activity.logged", _("recorded: %(subject)s"))
audit.register("activity.changed", _("changed: %(subject)s"))
audit.register("activity.done", _("finished: %(subject)s"))
audit.register("activity.reopened", _("took up again: %(subject)s"))
audit.register("activity.cancelled", _("cancelled: %(subject)s"))
audit.register("activity.moved", _("moved to another time: %(subject)s"))
audit.register("activity.moved_back", _("put back to its time: %(subject)s"))
audit.register("activity.part_reopened", _("took up his or her part again: %(subject)s"))
audit.register("activity.taken_back", _("took back from %(person)s: %(subject)s"))
audit.register("activity.deleted", _("deleted: %(subject)s"))
audit.register("activity.done_with_outcome", _("finished: %(subject)s (%(outcome)s)"))
audit.register("activity.part_done", _("finished his or her part: %(subject)s"))
audit.register("activity.handed_over", _("handed over to %(person)s: %(subject)s"))
audit.register("activity.line_done", _("ticked off: %(line)s"))
audit.register("activity.line_undone", _("took up again: %(line)s"))
audit.register("activity.closed", _("cancelled, because “%(record)s” was closed: %(subject)s"))
audit.register("activities.written", _("planned %(count)s activities at once"))
audit.register("activity.rooms_booked", _("booked %(rooms)s for: %(subject)s"))
notifications.register(
    "activity.room_missed",
    _("%(rooms)s is taken at %(at)s, so it was not booked for: %(subject)s"),
    label=_("A room is taken at a time of a repeating activity of mine"),
)
audit.register("activity.rooms_freed", _("gave the rooms back of: %(subject)s"))
audit.register("activities.moved", _("took along %(count)s open activities"))
audit.register("activity.repeated", _("made it repeat: %(subject)s"))
audit.register("activity.repetition_changed", _("changed the repetition from here on: %(subject)s"))
audit.register("activity.repetition_ended", _("ended the repetition: %(subject)s"))
audit.register("activity.occurrences_made", _("planned %(count)s more times: %(subject)s"))
audit.register("note.added", _("added a note"))
audit.register("note.changed", _("changed a note"))
audit.register("note.pinned", _("pinned a note"))
audit.register("note.unpinned", _("unpinned a note"))
audit.register("note.removed", _("moved a note to the bin"))
audit.register("timeline.pinned", _("pinned something to the top of the timeline"))
audit.register("timeline.unpinned", _("took something down from the top of the timeline"))
audit.register("sequence.started", _("started the sequence “%(name)s”"))
audit.register("sequence.stopped", _("stopped the sequence “%(name)s”"))
audit.register("sequence.step_deleted", _("deleted the step “%(step)s” of “%(name)s”"))
audit.register("sequence.steps_ordered", _("changed the order of the steps of “%(name)s”"))


def _reminder(params: dict[str, Any]) -> str:
    """A reminder with its day or moment."""
    if "on" in params:
        return _("Reminder: %(subject)s (%(on)s)") % params
    return _("Reminder: %(subject)s (%(at)s)") % params


notifications.register("activity.reminder", _reminder, label=_("Reminder of an activity"), urgent=True)
notifications.register(
    "activity.assigned", _("%(actor)s gave you: %(subject)s"), label=_("Somebody gives me an activity")
)
notifications.register(
    "activity.handed_over",
    _("%(actor)s handed over to you: %(subject)s"),
    label=_("Somebody hands an activity over to me"),
)
notifications.register(
    "activity.taken_back",
    _("%(actor)s took back what was handed over to you: %(subject)s"),
    label=_("Somebody takes back an activity handed over to me"),
)
notifications.register(
    "activity.reopened",
    _("%(actor)s took up again: %(subject)s"),
    label=_("An activity of mine is to do again"),
)
notifications.register(
    "activity.moved", _("%(actor)s moved to another time: %(subject)s"), label=_("An activity of mine is moved")
)
notifications.register(
    "activity.cancelled", _("%(actor)s cancelled: %(subject)s"), label=_("An activity of mine is cancelled")
)
notifications.register(
    "activity.done", _("%(actor)s finished: %(subject)s"), label=_("Somebody finishes an activity of mine")
)

audit.register("activity.guests_set", _("invited %(count)s guests: %(subject)s"))
audit.register("activity.guests_told", _("told the guests of the change: %(subject)s"))
audit.register("activity.guest_accepted", _("accepted the invitation (%(name)s): %(subject)s"), by_visitor=True)
audit.register("activity.guest_tentative", _("said maybe to the invitation (%(name)s): %(subject)s"), by_visitor=True)
audit.register("activity.guest_declined", _("declined the invitation (%(name)s): %(subject)s"), by_visitor=True)
audit.register("activity.part_accepted", _("will come to: %(subject)s"))
audit.register("activity.part_tentative", _("may come to: %(subject)s"))
audit.register("activity.part_declined", _("will not come to: %(subject)s"))
audit.register("calendar_feed.created", _("made a calendar feed: %(name)s"))
audit.register("calendar_feed.revoked", _("revoked a calendar feed: %(name)s"))
audit.register("calendar.imported", _("imported %(count)s entries of a calendar file: %(file)s"))

notifications.register(
    "activity.guest_accepted", _("%(name)s accepted: %(subject)s"), label=_("A guest accepts an invitation")
)
notifications.register(
    "activity.guest_tentative", _("%(name)s may come: %(subject)s"), label=_("A guest says maybe to an invitation")
)
notifications.register(
    "activity.guest_declined", _("%(name)s declined: %(subject)s"), label=_("A guest declines an invitation")
)


def _change(params: dict[str, Any]) -> str:
    """What somebody did on a followed record, in the words of the history."""
    did = audit.words(str(params["did"]), params["params"])
    return _("%(actor)s %(did)s — %(name)s") % {"actor": params["actor"], "did": did, "name": params["name"]}


notifications.register("watch.changed", _change, label=_("Somebody changes a record I follow or answer for"))
notifications.register(
    "mention.called",
    _("%(actor)s called you: %(words)s"),
    label=_("Somebody calls me by name (@)"),
    channels=("app", "email"),
)
notifications.register(
    "mention.unseen",
    _("%(names)s cannot see “%(subject)s” and was not told that you called."),
    label=_("Somebody I called cannot see the record"),
)
