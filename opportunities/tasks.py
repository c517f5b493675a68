"""Background tasks of opportunities."""

from celery import shared_task

from opportunities import services


@shared_task(name="opportunities.settle_totals")
def settle_totals() -> None:
    """Put the running totals in order."""
    services.totals_settle()
