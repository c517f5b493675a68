"""Nothing lost and nothing sent twice though workers are killed with -9 and Valkey forgets; several workers at once."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest
from django.db import close_old_connections, connection

from crm_project.env import BASE_DIR
from crm_project.up.services import sibling_database
from messaging import services
from messaging.choices import State
from messaging.models import Message, MessageAttempt
from messaging.services import claims
from tests.messaging.factories import ChannelAccountFactory
from tests.messaging.sink import mail_server
from tests.ops import celery
from tests.ops.running import wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ENV = {"OUTBOX_LEASE": "2", "OUTBOX_TIMEOUT": "5"}
BROKER = 14


@pytest.fixture
def server():
    with mail_server(delay=0.01) as running:
        options = {"host": "127.0.0.1", "port": running.port, "security": "none"}
        ChannelAccountFactory(provider="smtp", options=options, is_default=True)
        yield running


def fill(number: int) -> None:
    services.messages_queue(
        rows=[
            {"channel": "email", "to_address": f"person{n}@example.com", "subject": f"{n}", "body": "سلام"}
            for n in range(number)
        ]
    )


@pytest.fixture
def no_hints(monkeypatch):
    """Only the workers of the test send."""
    monkeypatch.setattr("messaging.services.queue.hint", lambda: None)


class Worker:
    """``manage.py outbox --watch`` in a process of its own."""

    def __init__(self) -> None:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
            "DATABASE_URL": sibling_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"]),
            **ENV,
        }
        command = [sys.executable, "manage.py", "outbox", "--watch"]
        self.process = subprocess.Popen(command, env=env, cwd=BASE_DIR, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def counts() -> Counter:
    return Counter(Message.objects.values_list("state", flat=True))


def is_over() -> bool:
    return not Message.objects.filter(state__in=(State.QUEUED, State.SENDING)).exists()


def check(server, number: int, kills: int) -> None:
    """The sink and the table agree: each message once, but for those that were in a killed worker's hands."""
    taken = Counter(mail["Message-ID"] for mail in server.taken)
    assert max(taken.values()) == 1, "nothing is sent twice"
    found = counts()
    assert found[State.SENT] + found[State.UNKNOWN] == number, found
    assert found[State.UNKNOWN] <= kills, found
    sent = set(Message.objects.filter(state=State.SENT).values_list("provider_id", flat=True))
    assert sent <= set(taken), "what counts as sent arrived"
    assert len(taken) <= number
    tried = MessageAttempt.objects.values("message").distinct()
    assert tried.count() == number  # one that a slow machine kept too long has two: lost, and found again


def test_workers_killed_in_the_middle(server, no_hints):
    number, workers = 150, [Worker(), Worker()]
    fill(number)
    try:
        for wanted in (20, 50, 80):
            wait_for(lambda wanted=wanted: len(server.taken) >= wanted, 90)
            workers[0].kill()
            workers = [*workers[1:], Worker()]
        wait_for(is_over, 90)
    finally:
        for worker in workers:
            worker.kill()
    check(server, number, kills=3)


def test_worker_and_beat_killed_and_valkey_emptied(server, no_hints, tmp_path):
    broker = celery.broker(BROKER)
    celery.flush(broker)
    processes = [run(tmp_path, REDIS_URL=broker, **ENV) for run in (celery.worker, celery.beat)]
    number = 120
    fill(number)
    try:
        wait_for(lambda: len(server.taken) >= number // 4, 90)
        for process in processes:
            process.kill()
        celery.flush(broker)
        for process in processes:
            process.start()
        wait_for(is_over, 90)
    finally:
        for process in processes:
            process.stop()
        celery.flush(broker)
    check(server, number, kills=2)  # the worker has two processes


def test_two_workers_never_take_the_same(server, no_hints):
    fill(300)
    taken: list[int] = []
    start, lock = threading.Barrier(4), threading.Lock()

    def work(number: int) -> None:
        close_old_connections()
        start.wait(10)
        mine = []
        while rows := claims.claim(f"worker{number}", 7):
            mine += [row.pk for row in rows]
        with lock:
            taken.extend(mine)
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken)) == 300


def test_the_rate_of_an_account_is_shared_by_all_workers(server, no_hints):
    from messaging.models import ChannelAccount

    ChannelAccount.objects.update(rate_per_minute=6)
    fill(100)
    taken: list[int] = []
    start, lock = threading.Barrier(3), threading.Lock()

    def work(number: int) -> None:
        close_old_connections()
        start.wait(10)
        rows = claims.claim(f"worker{number}", 20)
        with lock:
            taken.extend(row.pk for row in rows)
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == len(set(taken))
    assert len(taken) == 1


def test_the_same_key_at_the_same_moment_is_one_message(no_hints):
    start, found = threading.Barrier(4), []

    def work() -> None:
        close_old_connections()
        start.wait(10)
        row = services.message_queue(
            actor=None, channel="email", to_address="ali@example.com", body="سلام", idempotency_key="one"
        )
        bulk = {"channel": "email", "to_address": "ali@example.com", "body": "سلام", "idempotency_key": "two"}
        services.messages_queue(rows=[bulk])
        found.append(row.pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert Message.objects.count() == 2
