"""Exactly once though everything dies: real worker, real beat, kill -9, and a Valkey that forgets."""

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from activities.models import Activity, Reminder
from activities.services import reminders_drain, reminders_run
from activities.services.reminding import TURN
from core.models import Notification
from messaging.models import Message, NotificationPreference
from tests.ops import celery
from tests.ops.running import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
NUMBER = 1_500
ENV = {"REMINDER_BATCH": "5"}


@pytest.fixture
def processes(tmp_path):
    celery.flush(celery.broker())
    started = [celery.worker(tmp_path, **ENV), celery.beat(tmp_path, **ENV)]
    yield started
    for process in started:
        process.stop()
    sessions_gone()
    celery.flush(celery.broker())


def sessions_gone() -> None:
    """Wait until the database has noticed that the killed ones are gone: only then are their locks and rows undone."""

    def alone() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            return cursor.fetchone()[0] == 0

    wait_for(alone)


def plan(person) -> None:
    """So many reminders, due at moments of the last hour, of a hundred activities."""
    now = timezone.now()
    tasks = Activity.objects.bulk_create(
        Activity(owner=person, kind="task", subject=f"کار {n}", due_at=now - dt.timedelta(minutes=1))
        for n in range(100)
    )
    Reminder.objects.bulk_create(
        Reminder(
            user=person,
            activity=tasks[n % 100],
            due_at=now - dt.timedelta(hours=1) + dt.timedelta(seconds=n),
            key=f"crash:{n}",
        )
        for n in range(NUMBER)
    )


def done() -> int:
    return Reminder.objects.filter(state="done").count()


def counts() -> dict[str, int]:
    """Handled reminders and what was made of them, in one snapshot; a difference would be a loss or a repetition."""
    return {
        "reminders": done(),
        "notifications": Notification.objects.count(),
        "messages": Message.objects.count(),
        "keys": Notification.objects.values("key").distinct().count(),
    }


def same(number: int) -> dict[str, int]:
    return dict.fromkeys(("reminders", "notifications", "messages", "keys"), number)


def test_each_reminder_once_though_worker_and_beat_are_killed_and_valkey_forgets(rep, processes):
    worker, beat = processes
    NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="email", is_on=True)
    plan(rep)
    assert counts() == same(0)
    killed_at = []
    for part in (0.15, 0.4, 0.65):
        wait_for(lambda limit=part: done() > NUMBER * limit, 60)
        worker.kill()
        sessions_gone()
        killed_at.append(done())
        assert counts() == same(killed_at[-1])  # what was begun and not finished is as if it had never been
        if part == 0.15:
            beat.kill_and_start()
        if part == 0.4:
            celery.flush(celery.broker())
        worker.start()
    assert all(0 < count < NUMBER for count in killed_at), "nobody was killed in the middle"
    wait_for(lambda: done() == NUMBER, 90)
    beat.kill()
    worker.kill()
    sessions_gone()
    assert counts() == same(NUMBER)
    assert not Reminder.objects.filter(state="waiting").exists()


def test_several_at_once_share_the_work_and_repeat_nothing(rep):
    NotificationPreference.objects.create(user=rep, code="activity.reminder", channel="email", is_on=True)
    plan(rep)
    gate, told = threading.Barrier(3), []

    def work() -> None:
        gate.wait(10)
        told.append(reminders_run(batch=20))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(told) == NUMBER
    assert counts() == same(NUMBER)


def test_one_worker_at_a_time_has_the_turn(rep):
    plan(rep)
    cache.set(TURN, 1, 30)
    assert reminders_drain() == 0
    cache.delete(TURN)
    assert reminders_drain() == NUMBER
    assert not cache.has_key(TURN)
