"""Which request or job is running: read by audit and logs."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
job_id: ContextVar[int | None] = ContextVar("job_id", default=None)
site: ContextVar[str] = ContextVar("site", default="")
