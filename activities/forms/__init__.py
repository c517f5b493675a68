"""Forms of the activities app. Modules that bring parts of the activity's form are imported here."""

from activities.forms import recurrence, reminder_part, rooms

__all__ = ["recurrence", "reminder_part", "rooms"]
