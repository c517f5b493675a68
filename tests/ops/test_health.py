"""Liveness and readiness, with everything up and with parts down."""

import time

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.urls import reverse

from core.limits import count_over
from core.tasks import requeue_stale_jobs
from crm_project.celery import BULK, HEARTBEAT_TTL, QUEUES, app, beat, heartbeat_key
from tests.users.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def valkey_down(settings):
    """Settings whose Redis is a socket nobody listens on."""
    nowhere = "unix:///nonexistent/valkey.sock?db=0"
    settings.REDIS_URL = nowhere
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}
    yield
    del caches["default"]


def test_healthz_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-cache" in answer.headers["Cache-Control"]


def test_readyz_without_worker_is_unavailable(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "broker": "ok", "worker": "silent"}


def test_readyz_after_a_worker_beat(client):
    beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {"ok"}


def test_worker_heartbeat_expires():
    beat()
    for queue in QUEUES:
        assert cache.get(heartbeat_key(queue)) == pytest.approx(time.time(), abs=5)
    assert 0 < HEARTBEAT_TTL <= 30


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_nobody_serves_is_unavailable(client, caplog, queue):
    beat()
    cache.delete(heartbeat_key(queue))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")
    assert [row.queues for row in caplog.records if row.message == "no worker"] == [queue]


def test_a_worker_speaks_for_its_own_queues(client, monkeypatch):
    monkeypatch.setattr(app.amqp.queues, "_consume_from", {BULK: app.amqp.queues[BULK]})
    beat()
    assert [name for name in QUEUES if cache.get(heartbeat_key(name))] == [BULK]


def test_readyz_names_the_broker_that_is_down(client, valkey_down):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "broker": "down", "worker": "silent"}


@pytest.mark.django_db(transaction=True)
def test_readyz_names_the_database_that_is_down(client, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"host": "/nonexistent"})
    answer = client.get("/readyz")
    monkeypatch.undo()
    connection.close()
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_readyz_says_nothing_about_the_inside(client, valkey_down):
    assert b"nonexistent" not in client.get("/readyz").content


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_safe_methods(client, method):
    assert getattr(client, method)("/healthz").status_code == 405


def test_cache_degrades_while_valkey_is_down(valkey_down):
    cache.set("a", 1)
    assert cache.get("a", "default") == "default"
    assert cache.add("a", 1) is True
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == ["a"]
    assert cache.get_or_set("a", lambda: 5) == 5
    assert cache.delete("a") is False
    assert cache.has_key("a") is False
    assert cache.incr("a") == 1
    cache.clear()


def test_tries_are_counted_while_valkey_is_down(valkey_down):
    key = f"test:{time.time_ns()}"
    assert [count_over(key, 2, 60) for _ in range(4)] == [False, False, True, True]


def test_guessing_a_password_is_stopped_while_valkey_is_down(client, valkey_down):
    user = UserFactory(email=f"guess{time.time_ns()}@example.com")
    user.set_password("the right one 1405")
    user.save()
    for number in range(6):
        client.post(reverse("account_login"), {"login": user.email, "password": f"wrong {number}"})
    client.post(reverse("account_login"), {"login": user.email, "password": "the right one 1405"})
    assert "_auth_user_id" not in client.session


def test_cache_works_when_valkey_is_up():
    cache.set("a", 1)
    assert (cache.get("a"), cache.add("a", 2), cache.incr("a"), cache.has_key("a")) == (1, False, 2, True)
    assert cache.get_many(["a", "b"]) == {"a": 2}
    assert cache.delete("a") is True
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_sending_a_task_never_raises_while_the_broker_is_down(settings, caplog):
    task = requeue_stale_jobs
    with app.connection("redis+socket:///nonexistent/valkey.sock") as broken:
        app.conf.task_always_eager = False
        try:
            assert task.apply_async(connection=broken) is None
        finally:
            app.conf.task_always_eager = True
    assert "task not sent" in caplog.text
