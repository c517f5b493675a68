"""The Celery application: tasks live in each app's tasks.py, what is due when in SCHEDULE, who serves it in QUEUES."""

import logging
import os
import time
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging, worker_process_init, worker_ready
from kombu import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings.prod")

logger = logging.getLogger(__name__)

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_TTL = 20  # seconds after which a silent worker counts as gone; it beats every two

URGENT, DEFAULT, BULK = "urgent", "default", "bulk"
QUEUES = (URGENT, DEFAULT, BULK)  # a worker started without --queues serves them all
ROUTES = {
    "activities.run_reminders": {"queue": URGENT},
    "messaging.outbox_run": {"queue": URGENT},
    "messaging.incoming_work": {"queue": URGENT},
    "messaging.notices_run": {"queue": URGENT},
    "core.purge_notifications": {"queue": BULK},
    "messaging.purge": {"queue": BULK},
    "activities.purge": {"queue": BULK},
    "core.run_job": {"queue": BULK},  # may take an hour: nothing a person waits for stands behind it
}

SCHEDULE: dict[str, dict[str, Any]] = {
    "core.requeue_stale_jobs": {"task": "core.requeue_stale_jobs", "schedule": 60.0, "options": {"expires": 55}},
    "core.clear_sessions": {"task": "core.clear_sessions", "schedule": crontab(hour=3, minute=30)},
    "messaging.providers_ask": {"task": "messaging.providers_ask", "schedule": 60.0, "options": {"expires": 55}},
    "messaging.purge": {"task": "messaging.purge", "schedule": crontab(hour=3, minute=50)},
    "messaging.outbox_run": {"task": "messaging.outbox_run", "schedule": 5.0, "options": {"expires": 4}},
    "messaging.notices_run": {"task": "messaging.notices_run", "schedule": 20.0, "options": {"expires": 18}},
    "core.purge_notifications": {"task": "core.purge_notifications", "schedule": crontab(hour=3, minute=40)},
    "activities.run_reminders": {"task": "activities.run_reminders", "schedule": 5.0, "options": {"expires": 5}},
    "activities.plan_reminders": {
        "task": "activities.plan_reminders",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "activities.purge": {"task": "activities.purge", "schedule": crontab(hour=4, minute=0)},
    "activities.send_digests": {
        "task": "activities.send_digests",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "opportunities.settle_totals": {
        "task": "opportunities.settle_totals",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "activities.make_occurrences": {"task": "activities.make_occurrences", "schedule": crontab(minute=7)},
    "activities.tell_guests": {"task": "activities.tell_guests", "schedule": 30.0, "options": {"expires": 25}},
}


class PatientTask(Task):  # type: ignore[misc]
    """A task whose sending never breaks a page: what must not be lost is a row that beat picks up again."""

    abstract = True

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        """Send the task; while the broker is down say so in the log and return None."""
        try:
            return super().apply_async(*args, **kwargs)
        except OperationalError as error:
            logger.warning("task not sent, broker unavailable", extra={"task": self.name, "error": str(error)})
            return None


app = Celery("peyvand", task_cls=PatientTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.conf.task_queues = [Queue(name, routing_key=name) for name in QUEUES]
app.conf.task_default_queue = DEFAULT
app.conf.task_routes = ROUTES
app.autodiscover_tasks()


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """Leave the logs to Django's LOGGING, so that workers write as the web server does."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_process_init.connect
def end_with_the_worker(**kwargs: Any) -> None:
    """Under the supervisor, a pool process ends when its worker is killed with -9."""
    if os.environ.get("SUPERVISED"):
        from crm_project.up.process import die_with_parent

        die_with_parent()


@worker_ready.connect
@heartbeat_sent.connect
def beat(**kwargs: Any) -> None:
    """Tell the readiness page that the queues this worker serves have somebody."""
    from django.core.cache import cache

    now = time.time()
    cache.set_many({heartbeat_key(name): now for name in app.amqp.queues.consume_from}, HEARTBEAT_TTL)


def heartbeat_key(queue: str) -> str:
    """Under which key the workers of a queue leave their sign of life."""
    return f"{HEARTBEAT_KEY}:{queue}"
