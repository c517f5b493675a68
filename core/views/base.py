"""What every page shares: who may open it, and how a refusal is answered."""

import json
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from core.policies import policy_for

MAX_PK = 2**63 - 1


class AccessMixin(LoginRequiredMixin):
    """Sign-in first; ``permission`` ("view", "add", …) on ``model`` next, 403 when no role gives it."""

    model: ClassVar[type[models.Model]]
    permission: ClassVar[str] = "view"
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not self.has_permission():
            raise PermissionDenied(_("Your roles do not include this. Ask an administrator if you need it."))
        return super().dispatch(request, *args, **kwargs)

    def has_permission(self) -> bool:
        """Whether some role gives the action on some row of the model."""
        return policy_for(self.model).can(self.request.user, self.permission)


class PageView(ContextMixin, TemplateResponseMixin, View):
    """A page with a title."""

    title: ClassVar[Any] = ""

    def get_title(self) -> str:
        return str(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(view_title=self.get_title(), **kwargs)


class ModelMixin(AccessMixin):
    """Names and addresses that follow from the model."""

    def url(self, name: str, *args: Any) -> str:
        """The address of another page of the model, empty when there is none: ``self.url("add")``."""
        meta = self.model._meta
        try:
            return reverse(f"{meta.app_label}:{meta.model_name}_{name}", args=args)
        except NoReverseMatch:
            return ""

    def may(self, action: str) -> bool:
        """Whether the user may do the action on the model at all."""
        return policy_for(self.model).can(self.request.user, action)

    def get_queryset(self) -> Any:
        """The rows the user may do this view's action on."""
        manager: Any = self.model._default_manager
        return manager.for_user(self.request.user, self.permission)


class ObjectMixin(ModelMixin):
    """One record; a foreign, deleted or impossible one answers 404."""

    kwargs: dict[str, Any]

    def get_object(self) -> Any:
        pk = self.kwargs["pk"]
        if pk > MAX_PK:
            raise Http404
        try:
            return self.get_queryset().get(pk=pk)
        except self.model.DoesNotExist as error:
            raise Http404 from error


def safe_return_url(request: HttpRequest, default: str) -> str:
    """Where to go afterwards: ``return_url`` when it is an address of ours, else the default."""
    target = request.POST.get("return_url") or request.GET.get("return_url") or ""
    if "/" in target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return target
    return resolve_url(default) if default else ""


def close_dialog(request: HttpRequest, url: str, sentence: str, *, refresh: str) -> HttpResponse:
    """After a dialog: say what happened and show one part of the page behind anew (``refresh`` is its CSS selector).

    Without HTMX go to ``url``.
    """
    if not getattr(request, "htmx", None):
        messages.success(request, sentence)
        return hx_redirect(request, url)
    events = {
        "toast": {"text": sentence, "level": "success"},
        "refresh": {"target": refresh},
        "dialog:close": True,
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


def hx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to ``url``, through HTMX when the request came from it."""
    from django.http import HttpResponseRedirect

    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": iri_to_uri(url)})
    return HttpResponseRedirect(url)
