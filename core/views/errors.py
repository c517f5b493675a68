"""The page for an error nobody caught: ours, and another one while the database is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

RETRY_AFTER = "5"  # seconds


def handler500(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After while the database restarts; neither page asks the database anything."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER})
    return server_error(request)
