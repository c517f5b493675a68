"""Forms of the activities app. Modules that bring parts of the activity's form are imported here."""

from activities.forms import recurrence, rooms

__all__ = ["recurrence", "rooms"]
