"""Forms of the activities app. Modules that bring parts of the activity's form are imported here."""

from activities.forms import guests, recurrence, reminder_part, rooms

__all__ = ["guests", "recurrence", "reminder_part", "rooms"]
