"""Nobody whose role demands a second step gets further than setting it up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from users import selectors

SESSION_KEY = "second_step"
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")
OPEN_NAMES = {"preferences_set", "organisation_logo", "healthz", "readyz"}


class SecondStepMiddleware:
    """Sends people whose role requires two-step sign-in to its set-up until they have it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = (request.resolver_match.url_name or "") if request.resolver_match else ""
        if not request.user.is_authenticated or name in OPEN_NAMES or name.startswith(OPEN_PREFIXES):
            return None
        if request.session.get(SESSION_KEY) == request.user.pk or not selectors.second_step_required(user=request.user):
            return None
        if selectors.second_step_ready(user=request.user):
            request.session[SESSION_KEY] = request.user.pk
            return None
        messages.warning(request, _("Your role requires two-step sign-in. Set it up to go on."))
        url = reverse("mfa_activate_totp")
        if getattr(request, "htmx", None):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return redirect(url)
