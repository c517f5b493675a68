"""Background tasks of the outbox; each is only a hint that there may be work: the database knows."""

from celery import shared_task

from messaging import services

AT_ONCE = 500


@shared_task(name="messaging.outbox_run")
def outbox_run() -> None:
    """Send what is due; go on in another task while there is more."""
    if services.outbox_run(AT_ONCE) >= AT_ONCE:
        outbox_run.delay()


@shared_task(name="messaging.notices_run")
def notices_run() -> None:
    """Write the mails in which several notifications of one person are told."""
    services.notices_run()


@shared_task(name="messaging.incoming_work")
def incoming_work() -> None:
    """Work on what providers told us."""
    services.incoming_work()


@shared_task(name="messaging.providers_ask")
def providers_ask() -> None:
    """Ask the providers what became of messages, and for incoming ones."""
    services.messages_check()
    services.incoming_fetch()
    services.incoming_work()


@shared_task(name="messaging.purge")
def purge() -> None:
    """Forget old reports of providers and old attempts."""
    services.incoming_purge()
    services.attempts_purge()
    services.notices_purge()
