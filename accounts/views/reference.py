"""Settings: one set of pages for every list of values, made from the model."""

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.filters import filterset_for
from accounts.forms.reference import NamedValueForm, form_for
from accounts.lists import LISTS, may_open
from accounts.tables import table_for
from core.models import NamedValue
from core.policies import policy_for
from core.tables import Table
from core.views import ObjectCreateView, ObjectDeleteView, ObjectListView, ObjectUpdateView
from core.views.base import PageView, hx_redirect


class BackToList:
    """After a change the list is shown, for a value has no page of its own."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"cancel_url": self.url("list")}  # type: ignore[misc]

    def save(self, form: Any) -> HttpResponse:
        instance = self.save_object(form)  # type: ignore[attr-defined]
        messages.success(self.request, _("“%(name)s” was saved.") % {"name": instance})
        again = "add_another" in self.request.POST
        return hx_redirect(self.request, self.request.get_full_path() if again else self.url("list"))  # type: ignore[attr-defined]


class ValueListView(ObjectListView):
    """The values of a list, for whoever may change them."""

    permission = "change"

    def get_title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @cached_property
    def table(self) -> Table:
        """The table, which knows who reads it."""
        table = super().table
        table.user = self.request.user  # type: ignore[attr-defined]
        return table


def views_for(
    model_: type[NamedValue], table: type[Table] | None = None, form: type[NamedValueForm] | None = None
) -> SimpleNamespace:
    """List, create, edit and delete views of a list of values, with the usual table and form or those given."""
    form, name = form or form_for(model_), model_.__name__
    common = {"model": model_}
    return SimpleNamespace(
        ListView=type(
            f"{name}ListView",
            (ValueListView,),
            {
                **common,
                "table_class": table or table_for(model_),
                "filterset_class": filterset_for(model_),
            },
        ),
        CreateView=type(f"{name}CreateView", (BackToList, ObjectCreateView), {**common, "form_class": form}),
        UpdateView=type(f"{name}UpdateView", (BackToList, ObjectUpdateView), {**common, "form_class": form}),
        DeleteView=type(f"{name}DeleteView", (ObjectDeleteView,), dict(common)),
    )


def reference_urls(
    model: type[NamedValue], prefix: str, table: type[Table] | None = None, form: type[NamedValueForm] | None = None
) -> list[URLPattern]:
    """Addresses of a list of values: ``<prefix>``, ``<prefix>add/``, ``<prefix><pk>/edit/``, ``<prefix><pk>/delete/``."""
    views, name = views_for(model, table, form), model._meta.model_name
    return [
        path(prefix, views.ListView.as_view(), name=f"{name}_list"),
        path(f"{prefix}add/", views.CreateView.as_view(), name=f"{name}_add"),
        path(f"{prefix}<int:pk>/edit/", views.UpdateView.as_view(), name=f"{name}_edit"),
        path(f"{prefix}<int:pk>/delete/", views.DeleteView.as_view(), name=f"{name}_delete"),
    ]


class SettingsView(LoginRequiredMixin, PageView):
    """The lists of values one may change."""

    title = gettext_lazy("Lists of values")
    template_name = "accounts/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_open(request.user):
            raise PermissionDenied(_("Your roles do not include this. Ask an administrator if you need it."))
        lists = [
            {
                "label": capfirst(str(model._meta.verbose_name_plural)),
                "url": reverse(f"accounts:{model._meta.model_name}_list"),
            }
            for model in LISTS.values()
            if policy_for(model).can(request.user, "change")
        ]
        return self.render_to_response(self.get_context_data(lists=lists))
