"""The kernel's background tasks."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from core import jobs, notifications


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    """Run one job."""
    jobs.run(job_id)


@shared_task(name="core.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that have run out: they lie in the database."""
    SessionStore.clear_expired()


@shared_task(name="core.requeue_stale_jobs")
def requeue_stale_jobs() -> None:
    """Take up jobs whose worker died."""
    jobs.requeue_stale()


@shared_task(name="core.purge_notifications")
def purge_notifications() -> None:
    """Forget notifications nobody looks at any more."""
    notifications.purge()
