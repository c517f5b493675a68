"""Background tasks of activities: what beat asks for again and again. The database knows what is due."""

from celery import shared_task

from activities import services


@shared_task(name="activities.run_reminders")
def run_reminders() -> None:
    """Call the reminders that are due."""
    services.reminders_drain()


@shared_task(name="activities.plan_reminders")
def plan_reminders() -> None:
    """Plan the reminders of the coming day that no activity stands for."""
    services.reminders_sweep()
    services.sources_plan()


@shared_task(name="activities.purge")
def purge() -> None:
    """Forget reminders that were called long ago."""
    services.reminders_purge()


@shared_task(name="activities.send_digests")
def send_digests() -> None:
    """Write the morning digests whose time has come."""
    services.digests_run()


@shared_task(name="activities.make_occurrences")
def make_occurrences() -> None:
    """Make the coming occurrences of repeating activities."""
    services.recurrences_make_due()


@shared_task(name="activities.tell_guests")
def tell_guests() -> None:
    """Tell guests of meetings that were moved, changed or cancelled a while ago."""
    services.changed_invitations_tell()
