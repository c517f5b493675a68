"""Forms of the activities app. Modules that bring parts of the activity's form are imported here."""

from activities.forms import rooms

__all__ = ["rooms"]
