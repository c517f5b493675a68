"""What everybody may do: own profile and preferences, quick switches, the logo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic.base import View

from core.errors import DomainError
from core.models import Organisation
from core.views import FormView
from core.views.base import hx_redirect, safe_return_url
from users import services
from users.forms import PreferencesForm
from users.models import User

YEAR = 365 * 24 * 3600
COOKIES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "theme"}
COOKIE_VALUES = {"language": set(User.Language.values), "theme": set(User.Theme.values)}


class PreferencesView(LoginRequiredMixin, FormView):
    """One's own profile and preferences."""

    template_name = "users/preferences.html"

    def get_title(self) -> str:
        return _("My profile and preferences")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return PreferencesForm(data, instance=User.objects.get(pk=self.request.user.pk), user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(access_url=reverse("users:access"), **kwargs)

    def save(self, form: Any) -> HttpResponse:
        user = services.own_page_save(actor=self.request.user, **form.cleaned_data)
        with override(user.language):
            messages.success(self.request, _("Saved."))
        response = hx_redirect(self.request, safe_return_url(self.request, reverse("preferences")))
        return remember(response, {"language": user.language, "theme": user.theme}, self.request)


class PreferencesSetView(View):
    """One switch of the user menu; also for visitors, whose language and theme are kept in cookies."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        name, value = request.POST.get("name", ""), request.POST.get("value", "")
        if request.user.is_authenticated:
            try:
                services.preferences_set(actor=request.user, **{name: value})
            except DomainError as error:
                messages.error(request, str(error))
                return hx_redirect(request, _next(request))
        return remember(hx_redirect(request, _next(request)), {name: value}, request)


def _next(request: HttpRequest) -> str:
    from django.utils.http import url_has_allowed_host_and_scheme

    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target and ours else "/"


def remember(response: HttpResponse, values: dict[str, str], request: HttpRequest) -> HttpResponse:
    """Keep language and theme in cookies, so that the sign-in page has them too."""
    for name, value in values.items():
        if name in COOKIES and value in COOKIE_VALUES[name]:
            response.set_cookie(
                COOKIES[name], value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=name != "theme"
            )
    return response


class OrganisationLogoView(View):
    """The company's logo; the sign-in page shows it, so it is open to all."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        row = Organisation.objects.exclude(logo="").first()
        if row is None or row.logo.name.rsplit("/", 1)[-1] != name:
            raise Http404
        try:
            with row.logo.open("rb") as file:
                response = HttpResponse(file.read(), content_type="image/png")
        except FileNotFoundError as error:
            raise Http404 from error
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
