"""What providers call, and the page on which the reader of a mail stops such mails. No sign-in; the address is the secret."""

import json
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from core import display
from core.context_processors import Shell
from core.middleware import visitor_display
from messaging import selectors, services
from messaging.choices import Channel, ConsentState
from messaging.links import unsubscribe_address
from messaging.tasks import incoming_work

MAX_BODY = 256 * 1024


@method_decorator(csrf_exempt, name="dispatch")
class ProviderView(View):
    """Delivery reports and incoming messages, by GET or POST. Kept and answered at once; understood by a worker."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = selectors.account_by_token(kwargs["token"])
        if account is None:
            raise Http404
        if request.method not in {"GET", "POST"}:
            return HttpResponse(status=405, headers={"Allow": "GET, POST"})
        if _length(request) > MAX_BODY:
            return JsonResponse({"error": "too large"}, status=413)
        payloads = _payloads(request)
        if payloads is None:
            return JsonResponse({"error": "neither form nor JSON"}, status=400)
        kept = services.incoming_keep(account, payloads)
        if kept:
            transaction.on_commit(incoming_work.delay)
        return JsonResponse({"ok": True, "kept": len(kept)})


def _length(request: HttpRequest) -> int:
    """The size of the body in bytes; one that is no number counts as none, as Django reads it."""
    said = request.headers.get("Content-Length") or ""
    return int(said) if said.isascii() and said.isdigit() else 0


def _payloads(request: HttpRequest) -> list[dict[str, Any]] | None:
    """What was said: the parameters of the address, a form, or JSON (a list of things is several)."""
    query = request.GET.dict()
    if request.method == "GET":
        return [query] if query else []
    if "json" in (request.content_type or ""):
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            return None
        if isinstance(body, dict):
            return [{**query, **body, "body": body}]
        return [{**query, "body": body}] if isinstance(body, list) else None
    return [{**query, **request.POST.dict()}]


@method_decorator(csrf_exempt, name="dispatch")  # mail programs post here by themselves (RFC 8058)
class UnsubscribeView(View):
    """No more marketing mails: one press on the page, or none at all from a mail program that knows how."""

    template = "messaging/unsubscribe.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            address = unsubscribe_address(kwargs["token"])
        except (signing.BadSignature, ValueError) as error:
            raise Http404 from error
        with display.use(visitor_display(request)):
            if request.method == "POST":
                return self._stop(request, address)
            return self._page(request, address, done=False)

    def _stop(self, request: HttpRequest, address: str) -> HttpResponse:
        services.consent_set(
            actor=None,
            channel=Channel.EMAIL,
            address=address,
            state=ConsentState.DENIED,
            source=_("by the link in a mail"),
        )
        return self._page(request, address, done=True)

    def _page(self, request: HttpRequest, address: str, *, done: bool) -> HttpResponse:
        data = {
            "request": request,
            "shell": Shell(request),
            "csrf_token": "",
            "view_title": _("No more such mails"),
            "address": address,
            "done": done,
        }
        response = HttpResponse(render_to_string(self.template, data))
        response.headers["Cache-Control"] = "no-store"
        return response
