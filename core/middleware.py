"""Per-request context: an id for logs and audit, and how the user wants to see things."""

import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from core import context, display
from core.logging import log_request

Handler = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Gives every request an id, which comes back in the ``X-Request-ID`` header."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if len(given) <= 36 and given.replace("-", "").isalnum() else uuid.uuid4().hex
        token = context.request_id.set(request_id)
        site = context.site.set(_address(request))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            log_request(request, response, time.perf_counter() - began)
        finally:
            context.site.reset(site)
            context.request_id.reset(token)
        response.headers["X-Request-ID"] = request_id
        return response


def _address(request: HttpRequest) -> str:
    """The address the request came to; empty for a host that is not ours, which Django answers with 400 later."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


class DisplayMiddleware:
    """Activates the user's language, calendar, digits, money unit and time zone for the request.

    What a signed-in person is shown is that person's alone: nothing between here and the browser may keep it.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = visitor_display(request)
        translation.activate(visitor.language)  # the language of the error page if the database is away
        wanted = request.user.display if request.user.is_authenticated else visitor
        translation.activate(wanted.language)
        timezone.activate(wanted.tz)
        request.LANGUAGE_CODE = wanted.language
        try:
            with display.use(wanted):
                response = self.get_response(request)
        finally:
            timezone.deactivate()
            translation.deactivate()
        response.headers.setdefault("Content-Language", wanted.language)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


def visitor_display(request: HttpRequest) -> display.Display:
    """How a person without an account sees pages: language by ``?lang=``, cookie or browser, the rest follows it."""
    supported = {code for code, _ in settings.LANGUAGES}
    language = request.GET.get("lang", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if language not in supported:
        accepted = request.headers.get("Accept-Language", "")
        first = accepted.split(",")[0].split("-")[0].strip().lower()
        language = first if first in supported else settings.LANGUAGE_CODE
    theme = request.COOKIES.get("theme", "auto")
    if language == "fa":
        return display.Display(language="fa", theme=theme)
    return display.Display(language="en", calendar="gregorian", digits="latin", theme=theme)
