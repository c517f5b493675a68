"""What beat sends."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.tasks import clear_sessions
from crm_project.celery import QUEUES, ROUTES, SCHEDULE, app


def test_everything_due_is_a_task_that_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_every_route_leads_from_a_task_to_a_queue_of_its_own():
    app.loader.import_default_modules()
    assert set(ROUTES) <= set(app.tasks)
    assert {route["queue"] for route in ROUTES.values()} <= set(QUEUES)
    for name in ("core.run_job", "activities.run_reminders", "messaging.outbox_run", "core.clear_sessions"):
        wanted = ROUTES.get(name, {"queue": "default"})["queue"]
        queue = app.amqp.router.route({}, name)["queue"] if name in ROUTES else app.amqp.queues["default"]
        assert (queue.name, queue.routing_key) == (wanted, wanted)


@pytest.mark.django_db
def test_sessions_that_ran_out_are_forgotten():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))
    clear_sessions.delay()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
