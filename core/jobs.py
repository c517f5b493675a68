"""Long work a person waits for: handlers by name, run by a worker, with progress and a cancel button.

A handler is a generator-free function ``handler(job: RunningJob) -> dict`` whose result is shown when it is done.
It is called again after a killed worker, so it must be safe to repeat.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import context, display
from core.errors import DomainError
from core.models import Job

logger = logging.getLogger(__name__)

STALE_AFTER = dt.timedelta(minutes=2)

_handlers: dict[str, Callable[["RunningJob"], dict[str, Any]]] = {}


class Cancelled(Exception):
    """The person asked to stop."""


class RunningJob:
    """What a handler sees: its parameters, its owner, and how to report."""

    def __init__(self, job: Job):
        self.job = job
        self.params = job.params
        self.owner = job.owner

    def progress(self, done: int, total: int) -> None:
        """Report; raises Cancelled when the person asked to stop."""
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, heartbeat_at=timezone.now())
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


def register(kind: str, handler: Callable[[RunningJob], dict[str, Any]]) -> None:
    """Name a handler; done in an app's ready()."""
    _handlers[kind] = handler


@transaction.atomic
def start(*, actor: Any, kind: str, title: str, params: dict[str, Any] | None = None, total: int = 0) -> Job:
    """Queue a job for a worker; it starts when the transaction is committed."""
    from core.tasks import run_job

    job = Job.objects.create(owner=actor, kind=kind, title=title, params=params or {}, total=total)
    transaction.on_commit(lambda: run_job.delay(job.pk))
    return job


@transaction.atomic
def cancel(*, actor: Any, job: Job) -> None:
    """Ask the job to stop; one that has not begun stops at once."""
    row = Job.objects.for_user(actor).select_for_update(of=("self",)).filter(pk=job.pk).first()
    if row is None or row.is_over:
        raise DomainError(_("This job is already over."))
    row.cancel_asked = True
    if row.status == Job.Status.QUEUED:
        row.status, row.finished_at = Job.Status.CANCELLED, timezone.now()
    row.save(update_fields=["cancel_asked", "status", "finished_at", "updated_at"])


def run(job_id: int) -> None:
    """Run the job if nobody else does: the claim is a conditional update, so a repeated message does nothing."""
    now = timezone.now()
    claimable = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED) | Job.objects.filter(
        pk=job_id, status=Job.Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER
    )
    if not claimable.update(status=Job.Status.RUNNING, started_at=now, heartbeat_at=now):
        return
    job = Job.objects.select_related("owner").get(pk=job_id)
    token = context.job_id.set(job.pk)
    try:
        with display.use(job.owner.display), override(job.owner.language):
            _finish(job, *_execute(job))
    finally:
        context.job_id.reset(token)


def _forget_plans() -> None:
    """Let the history triggers plan anew for many rows.

    They join the rows before with the rows after by the plan of their first statement in this connection; made for one
    row, it takes a minute for an update of 10,000.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _execute(job: Job) -> tuple[str, dict[str, Any], str]:
    _forget_plans()
    try:
        return Job.Status.DONE, _handlers[job.kind](RunningJob(job)), ""
    except Cancelled:
        return Job.Status.CANCELLED, {}, ""
    except DomainError as error:
        return Job.Status.FAILED, {}, str(error)
    except Exception:
        logger.exception("job failed", extra={"job_id": job.pk, "kind": job.kind})
        return Job.Status.FAILED, {}, _("Something went wrong on our side. Nothing was half-done; please try again.")


def _finish(job: Job, status: str, result: dict[str, Any], error: str) -> None:
    Job.objects.filter(pk=job.pk).update(status=status, result=result, error=error, finished_at=timezone.now())


def requeue_stale() -> int:
    """Send jobs again whose worker died or whose message was lost; called by beat. Says how many."""
    from core.tasks import run_job

    now = timezone.now()
    lost = Job.objects.filter(status=Job.Status.QUEUED, created_at__lt=now - STALE_AFTER) | Job.objects.filter(
        status=Job.Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER
    )
    ids = list(lost.values_list("pk", flat=True)[:100])
    for job_id in ids:
        run_job.delay(job_id)
    return len(ids)
