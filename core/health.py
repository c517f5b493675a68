"""`/healthz`: this process answers. `/readyz`: database, broker and a worker really answered just now."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TIMEOUT = 1.0


def ask_database() -> bool:
    """One query over this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def ask_broker() -> bool:
    """A PING to the server the tasks go through."""
    url = settings.REDIS_URL
    with Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT) as broker:
        return bool(broker.ping())


def ask_worker() -> bool:
    """Whether each queue has a worker that left its sign of life within the last seconds."""
    from crm_project.celery import QUEUES, heartbeat_key

    keys = {heartbeat_key(name): name for name in QUEUES}
    silent = [keys[key] for key in keys.keys() - cache.get_many(keys).keys()]
    if silent:
        logger.warning("no worker", extra={"queues": ", ".join(sorted(silent))})
    return not silent


QUESTIONS: dict[str, Callable[[], bool]] = {"database": ask_database, "broker": ask_broker, "worker": ask_worker}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Liveness: asks nobody else, so that a restart of the database does not restart the web server."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness: 200 when all answered, 503 naming who did not; details only in the log."""
    answers: dict[str, str] = {}
    for name, ask in QUESTIONS.items():
        try:
            answers[name] = "ok" if ask() else "silent"
        except (DatabaseError, RedisError, OSError) as error:
            logger.warning("not ready", extra={"part": name, "error": str(error)})
            answers[name] = "down"
    ready = set(answers.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "unavailable", **answers}, status=200 if ready else 503)
