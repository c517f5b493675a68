"""The tables of the activities app."""

from activities.models.activity import Activity, ActivityLink, ActivityOutcome, Assignment, ChecklistItem
from activities.models.calendar import Booking, FeedToken, Guest, Invitation, Resource
from activities.models.recurrence import Recurrence
from activities.models.reminder import Digest, Reminder
from activities.models.sequence import Sequence, SequenceRun, SequenceStep
from activities.models.watching import Mention, Pin, Watch

__all__ = [
    "Activity",
    "ActivityLink",
    "ActivityOutcome",
    "Assignment",
    "Booking",
    "ChecklistItem",
    "Digest",
    "FeedToken",
    "Guest",
    "Invitation",
    "Mention",
    "Pin",
    "Recurrence",
    "Reminder",
    "Resource",
    "Sequence",
    "SequenceRun",
    "SequenceStep",
    "Watch",
]
