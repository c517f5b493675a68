"""The production server as the bench runs it: `make run`'s settings plus a counter of queries and the floor's pages."""

from crm_project.settings.dev import *  # noqa: F403
from crm_project.settings.dev import MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.middleware.QueryCountMiddleware", *MIDDLEWARE]
LOGGING = {"version": 1, "disable_existing_loggers": True}
