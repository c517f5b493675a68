"""What beat sends."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.tasks import clear_sessions
from crm_project.celery import SCHEDULE, app


def test_everything_due_is_a_task_that_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


@pytest.mark.django_db
def test_sessions_that_ran_out_are_forgotten():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))
    clear_sessions.delay()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
