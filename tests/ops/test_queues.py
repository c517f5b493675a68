"""Long jobs keep nobody waiting: real workers, the one of long jobs held, reminders and messages beside it."""

import pytest
from django.db import connection
from django.utils import timezone

from activities.models import Activity, Reminder
from core.models import Job, Notification
from core.tasks import run_job
from crm_project.celery import app
from crm_project.env import broker_url
from messaging import services
from tests.messaging.factories import ChannelAccountFactory
from tests.messaging.sink import mail_server
from tests.ops import celery
from tests.ops.running import wait_for

BROKER = 13


@pytest.fixture
def processes(tmp_path):
    """Both workers as ``make run`` starts them, and beat."""
    broker = celery.broker(BROKER)
    celery.flush(broker)
    started = [
        celery.worker(tmp_path, "urgent,default", REDIS_URL=broker),
        celery.worker(tmp_path, "bulk", 1, REDIS_URL=broker),
        celery.beat(tmp_path, REDIS_URL=broker),
    ]
    yield started
    for process in started:
        process.stop()
    celery.flush(broker)


@pytest.fixture
def server():
    with mail_server() as running:
        options = {"host": "127.0.0.1", "port": running.port, "security": "none"}
        ChannelAccountFactory(provider="smtp", options=options, is_default=True)
        yield running


@pytest.fixture
def held(admin):
    """Three long jobs that take as long as the test wishes: their rows are locked on another connection."""
    ids = [Job.objects.create(owner=admin, kind="demo.remove", title=f"کار {n}").pk for n in range(3)]
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT id FROM core_job WHERE id = ANY(%s) FOR UPDATE", [ids])
    yield ids, other
    other.close()


def send_jobs(ids: list[int]) -> None:
    """What ``jobs.start`` sends on commit, to the broker of these workers."""
    app.conf.task_always_eager = False
    try:
        with app.connection_for_write(broker_url(celery.broker(BROKER))) as line:
            for pk in ids:
                run_job.apply_async((pk,), connection=line)
    finally:
        app.conf.task_always_eager = True


def waiting_at_a_job() -> int:
    """How many processes of workers stand at a locked job."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE 'UPDATE \"core_job\"%'"
        )
        return int(cursor.fetchone()[0])


def plan(person) -> None:
    """A reminder that is due and a message that may leave."""
    now = timezone.now()
    task = Activity.objects.create(owner=person, kind="task", subject="تماس", due_at=now)
    Reminder.objects.create(user=person, activity=task, due_at=now, key="queue")
    row = {"channel": "email", "to_address": "person@example.com", "subject": "سلام", "body": "سلام"}
    services.messages_queue(rows=[row])


def statuses() -> set[str]:
    return set(Job.objects.values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_a_reminder_and_a_message_leave_while_long_jobs_wait(rep, server, held, processes):
    ids, lock = held
    send_jobs(ids)
    wait_for(waiting_at_a_job, 120)
    plan(rep)
    wait_for(lambda: Notification.objects.filter(code="activity.reminder").exists() and server.taken, 120)
    assert (waiting_at_a_job(), statuses()) == (1, {"queued"}), "long jobs stay with their own worker"
    lock.rollback()
    wait_for(lambda: statuses() == {"done"}, 120)
