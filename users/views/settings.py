"""The settings page, the organisation, its days off, its currencies."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import Currency, Holiday, Organisation
from core.views import (
    ObjectCreateView,
    ObjectDeleteView,
    ObjectListView,
    ObjectUpdateView,
    PageView,
    QuickFilter,
)
from core.views.base import hx_redirect
from users import selectors, services
from users.filters import CurrencyFilterSet, HolidayFilterSet, jalali_years
from users.forms import CurrencyForm, HolidayForm, OrganisationForm
from users.tables import CurrencyTable, HolidayTable


class SettingsView(LoginRequiredMixin, PageView):
    """All pages of the settings one may open."""

    template_name = "users/settings.html"

    def get_title(self) -> str:
        return _("Settings")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(groups=selectors.settings_pages(user=request.user)))


class OrganisationView(ObjectUpdateView):
    """The company's own data."""

    model = Organisation
    form_class = OrganisationForm
    template_name = "users/organisation.html"

    def get_title(self) -> str:
        return _("Organisation")

    def get_object(self) -> Organisation:
        row = self.get_queryset().first()
        if row is None:
            raise Http404
        return row  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "cancel_url": reverse("users:settings"), "list_url": ""}

    def save(self, form: Any) -> HttpResponse:
        services.organisation_save(actor=self.request.user, organisation=form.save(commit=False), logo=form.logo)
        messages.success(self.request, _("Saved."))
        return hx_redirect(self.request, reverse("users:organisation"))


class HolidayListView(ObjectListView):
    """Days off."""

    model = Holiday
    table_class = HolidayTable
    filterset_class = HolidayFilterSet

    def get_quick_filters(self) -> list[QuickFilter]:
        from core import display

        return [self.quick(display.local_digits(year), year=year) for year, _label in jalali_years()[:6]]


class HolidayCreateView(ObjectCreateView):
    """A new day off."""

    model = Holiday
    form_class = HolidayForm


class HolidayUpdateView(ObjectUpdateView):
    """Change a day off."""

    model = Holiday
    form_class = HolidayForm


class HolidayDeleteView(ObjectDeleteView):
    """Remove a day off."""

    model = Holiday


class CurrencyListView(ObjectListView):
    """Currencies and their rates."""

    model = Currency
    table_class = CurrencyTable
    filterset_class = CurrencyFilterSet


class CurrencyCreateView(ObjectCreateView):
    """A new currency."""

    model = Currency
    form_class = CurrencyForm

    def save_object(self, form: Any) -> Currency:
        return services.currency_save(actor=self.request.user, currency=form.save(commit=False))


class _CurrencyMixin:
    """Currencies are known by their code, not by a number."""

    def get_object(self: Any) -> Currency:
        row = self.get_queryset().filter(pk=self.kwargs["code"].upper()).first()
        if row is None:
            raise Http404
        return row  # type: ignore[no-any-return]


class CurrencyUpdateView(_CurrencyMixin, ObjectUpdateView):
    """A currency's rate and names."""

    model = Currency
    form_class = CurrencyForm

    def save_object(self, form: Any) -> Currency:
        return services.currency_save(actor=self.request.user, currency=form.save(commit=False))


class CurrencyDeleteView(_CurrencyMixin, ObjectDeleteView):
    """Remove a currency nothing uses."""

    model = Currency

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object()
        try:
            services.currency_delete(actor=request.user, currency=row)
        except DomainError as error:
            messages.error(request, str(error))
            return hx_redirect(request, row.get_absolute_url())
        messages.success(request, _("“%(name)s” was deleted.") % {"name": row})
        return hx_redirect(request, self.url("list"))
