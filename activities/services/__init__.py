"""What activities do: plan, change, finish, move."""

from activities.services.working_time import add_working_days, is_working_day, next_working_moment, snooze_targets

__all__ = ["add_working_days", "is_working_day", "next_working_moment", "snooze_targets"]
