"""The working day: activities, calendar, reminders, timeline."""
