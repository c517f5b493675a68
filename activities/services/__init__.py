"""What activities do: plan, change, finish, move."""

from activities.services.activities import activity_log, activity_plan, activity_update
from activities.services.answers import assignment_answer, guest_answer
from activities.services.assign import activity_hand_over
from activities.services.bulk import Draft, activities_write
from activities.services.checklist import checklist_add, checklist_remove, checklist_tick
from activities.services.closing import (
    activities_close,
    activities_pass_on,
    activities_take_up,
    hold_planned,
)
from activities.services.digest import digest_write, digests_run
from activities.services.feeds import feed_create, feed_read, feed_revoke
from activities.services.finishing import (
    Completion,
    activity_cancel,
    activity_complete,
    activity_delete,
    activity_reopen,
)
from activities.services.invitations import Invited, changed_invitations_tell, guests_set, invitation_touched
from activities.services.links import activities_move
from activities.services.moving import activity_move, activity_snooze
from activities.services.next_step import next_step_refresh
from activities.services.purging import reminders_purge
from activities.services.recurrence import (
    recurrence_create,
    recurrence_stop,
    recurrence_update,
    recurrences_make_due,
)
from activities.services.reminders import (
    reminder_defaults_save,
    reminders_choose,
    reminders_refresh,
    reminders_sweep,
)
from activities.services.reminding import reminders_drain, reminders_run, sources_plan
from activities.services.resources import bookings_sync
from activities.services.runs import sequence_start, sequence_stop, sequences_stop_on
from activities.services.sequences import (
    sequence_delete,
    sequence_save,
    step_delete,
    step_save,
    step_shift,
    steps_reorder,
)
from activities.services.steps import kind_of_step, step_plan
from activities.services.working_time import snooze_targets

__all__ = [
    "Completion",
    "Draft",
    "Invited",
    "activities_close",
    "activities_move",
    "activities_pass_on",
    "activities_take_up",
    "activities_write",
    "activity_cancel",
    "activity_complete",
    "activity_delete",
    "activity_hand_over",
    "activity_log",
    "activity_move",
    "activity_plan",
    "activity_reopen",
    "activity_snooze",
    "activity_update",
    "assignment_answer",
    "bookings_sync",
    "changed_invitations_tell",
    "checklist_add",
    "checklist_remove",
    "checklist_tick",
    "digest_write",
    "digests_run",
    "feed_create",
    "feed_read",
    "feed_revoke",
    "guest_answer",
    "guests_set",
    "hold_planned",
    "invitation_touched",
    "kind_of_step",
    "next_step_refresh",
    "recurrence_create",
    "recurrence_stop",
    "recurrence_update",
    "recurrences_make_due",
    "reminder_defaults_save",
    "reminders_choose",
    "reminders_drain",
    "reminders_purge",
    "reminders_refresh",
    "reminders_run",
    "reminders_sweep",
    "sequence_delete",
    "sequence_save",
    "sequence_start",
    "sequence_stop",
    "sequences_stop_on",
    "snooze_targets",
    "sources_plan",
    "step_delete",
    "step_plan",
    "step_save",
    "step_shift",
    "steps_reorder",
]
