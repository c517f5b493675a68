"""Structured logs: one JSON object a line on servers, a readable line elsewhere, the request's id in both."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core import context

requests = logging.getLogger("requests")

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id", "taskName"}
PROBES = frozenset({"/healthz", "/readyz"})
LEFT_OUT = frozenset({"request", "status_code", "server_time"})
SECRET = re.compile(r"(?<=/)[A-Za-z0-9_:-]{32,}(?=[/.?]|$)")  # of an address that opens something by itself


def log_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """One line for a request that is done; probes and static files are not worth one."""
    if request.path in PROBES or request.path.startswith(settings.STATIC_URL):
        return
    user = getattr(request, "_cached_user", None)  # the name behind request.user: looking must not ask the database
    milliseconds = round(seconds * 1000)
    requests.info(
        "%s %s %s %s ms",
        *(request.method, without_secrets(request.path), response.status_code, milliseconds),
        extra={
            "method": request.method,
            "path": without_secrets(request.path),
            "status": response.status_code,
            "ms": milliseconds,
            "user_id": getattr(user, "pk", None),
        },
    )


def without_secrets(path: str) -> str:
    """A path as logs may keep it: long secrets in it become dots."""
    return SECRET.sub("…", path)


class RequestIdFilter(logging.Filter):
    """Gives each record ``request_id``: of the web request, else ``job-<id>`` of the running job, else ``-``.

    Secrets in the addresses that Django's own lines name become dots.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        job = context.job_id.get()
        record.request_id = context.request_id.get() or (f"job-{job}" if job else "-")
        if record.name.startswith("django.") and isinstance(record.args, tuple):
            record.args = tuple(without_secrets(part) if isinstance(part, str) else part for part in record.args)
        return True


class JsonFormatter(logging.Formatter):
    """Time (UTC, ISO 8601), level, logger, message, request id, every `extra` field, and the traceback as one string."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        extras = {key: value for key, value in vars(record).items() if key not in STANDARD | LEFT_OUT}
        entry |= {key: value for key, value in extras.items() if key not in entry}
        if hasattr(record, "status_code"):
            entry["status"] = record.status_code
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def config(*, structured: bool, level: str = "INFO") -> dict[str, Any]:
    """The LOGGING setting: everything to standard error, where the process manager collects it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "core.logging.RequestIdFilter"}},
        "formatters": {
            "json": {"()": "core.logging.JsonFormatter"},
            "human": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request_id"],
                "formatter": "json" if structured else "human",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Beat asks for due messages and reminders every few seconds: only what goes wrong is worth a line.
            "celery.worker.strategy": {"handlers": [], "level": "WARNING", "propagate": True},
            "celery.app.trace": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
