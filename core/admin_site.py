"""The site of Django admin: for administrators with a second step, through the product's own sign-in."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PeyvandAdminSite(admin.AdminSite):
    """Open to superusers with a second step; signing in, out and changing the password are those of the product."""

    site_title = _("Peyvand administration")
    site_header = _("Peyvand administration")
    index_title = _("All tables")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own admins only: those that libraries bring would write without a trace and show secrets."""
        from core.admin import TracedModelAdmin

        if admin_class is not None and issubclass(admin_class, TracedModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        allowed = bool(user.is_active and user.is_staff and user.is_superuser)
        return allowed and (not settings.ADMIN_REQUIRES_MFA or has_second_step(user))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send to the product's sign-in, or to the set-up of the second step; refuse everybody else."""
        target = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        if self.has_permission(request):
            return redirect("admin:index")
        if not request.user.is_superuser or not request.user.is_staff:
            raise PermissionDenied(gettext("Only administrators come in here."))
        messages.warning(request, gettext("The administration needs two-step sign-in. Set it up to go on."))
        return redirect("mfa_activate_totp")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")


def has_second_step(user: Any) -> bool:
    """Whether the user has an authenticator app."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()
