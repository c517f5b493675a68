"""How one wants to be told, and what one wants to hear nothing about."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.base import View

from core.models import Notification
from core.policies import allows
from core.views import FormView
from core.views.base import MAX_PK, hx_redirect, safe_return_url
from core.views.bell import NotificationMenuView, as_get, own
from messaging import services
from messaging.forms.preferences import NotificationForm
from messaging.models import Mute

MAX_MUTES = 200


class PreferencesView(LoginRequiredMixin, FormView):
    """Kinds by channels, quiet hours, digest, and the muted records."""

    template_name = "messaging/preferences.html"

    def get_title(self) -> str:
        return _("How I am told")

    def get_form(self, data: Any = None, files: Any = None) -> NotificationForm:
        return NotificationForm(data, instance=services.settings_of(self.request.user), user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Mute.objects.for_user(self.request.user).select_related("content_type").order_by("-pk")
        muted = list(rows.prefetch_related("obj")[:MAX_MUTES])
        for row in muted:
            seen = row.obj is not None and allows(self.request.user, "view", row.obj)
            row.shown = row.obj if seen else None
        return super().get_context_data(mutes=muted, **kwargs)

    def save(self, form: NotificationForm) -> HttpResponse:
        with transaction.atomic():
            services.notification_settings_save(actor=self.request.user, **form.values)
            services.preferences_save(actor=self.request.user, choices=form.choices)
        messages.success(self.request, _("Saved."))
        return hx_redirect(self.request, reverse("messaging:preferences"))


class MuteView(LoginRequiredMixin, View):
    """Hear no more about the record of a notification; the menu (HTMX) or the list comes back."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> Any:
        row: Notification = own(request, pk)
        if row.content_type_id is None or row.object_id is None:
            raise Http404
        mute = services.mute_set(actor=request.user, kind=row.content_type_id, pk=row.object_id)
        if getattr(request, "htmx", None):
            return NotificationMenuView.as_view()(as_get(request))
        messages.success(
            request,
            _("You hear no more about this record."),
            extra_tags=f"undo:{reverse('messaging:unmute', args=[mute.pk])}",
        )
        return redirect(safe_return_url(request, reverse("notification_list")))


class UnmuteView(LoginRequiredMixin, View):
    """Hear about a record again."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = Mute.objects.for_user(request.user).filter(pk=min(pk, MAX_PK)).first()
        if row is None:
            raise Http404
        services.mute_end(actor=request.user, kind=row.content_type_id, pk=row.object_id)
        messages.success(request, _("You hear about this record again."))
        return redirect(safe_return_url(request, reverse("messaging:preferences")))
