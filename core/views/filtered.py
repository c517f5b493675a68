"""What lists and boards share: the filters of the address, as chips, quick filters and a side panel."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.filters import FilterSet
from core.views.base import ModelMixin

STATE_KEYS = ("sort", "size", "cols")
PAGE_KEYS = ("page", "after", "export", "_filters", "_columns")


@dataclass(frozen=True)
class QuickFilter:
    """A one-click filter above the list: ``params`` replace the list's query string."""

    label: str
    params: str
    active: bool = False

    @property
    def url(self) -> str:
        """Address of the filtered list."""
        return f"?{self.params}"


class FilteredMixin(ModelMixin):
    """Scoped rows narrowed by the filters in the address.

    ``state_keys`` are names in the address that say how the rows are shown; they outlive a change of the filters.
    """

    filterset_class: ClassVar[type[FilterSet]]
    state_keys: ClassVar[tuple[str, ...]] = STATE_KEYS
    page_keys: ClassVar[tuple[str, ...]] = PAGE_KEYS
    whole_page: ClassVar[bool] = False  # whether the filters' answer is a page, not the results of a list

    @cached_property
    def filter_data(self) -> QueryDict:
        """The part of the address that is about filters."""
        data = self.request.GET.copy()
        for key in (*self.state_keys, *self.page_keys):
            data.pop(key, None)
        return data

    @cached_property
    def filterset(self) -> FilterSet | None:
        """The bound filters, or None when nothing was asked: building a form costs more than the query."""
        if not self.filter_data:
            return None
        return self.filterset_class(self.filter_data, self.get_queryset(), request=self.request, only_asked=True)

    def filtered(self) -> models.QuerySet:
        """The rows the page is about, before the order and the page."""
        return self.filterset.qs if self.filterset is not None else self.get_queryset()

    def chips(self) -> list[Any]:
        """The active filters, each with the address without it."""
        return self.filterset.chips(self.request.GET) if self.filterset is not None else []

    def unknown_filters(self) -> list[str]:
        """Names in the address that no filter knows."""
        if self.filterset is None:
            return []
        names = self.filterset_class.base_filters
        stems = tuple(f"{name}_" for name in names)
        return [name for name in self.filter_data if name not in names and not name.startswith(stems)]

    def notices(self) -> list[str]:
        """What was wrong with the address: bad values and unknown filters, each in a sentence."""
        if self.filterset is None:
            return []
        fields = self.filterset.form.fields
        said = [
            f"{fields[name].label if name in fields else name}: {errors[0]}"
            for name, errors in self.filterset.form.errors.items()
        ]
        template = _("There is no filter named “%(name)s”; it was left out.")
        return said + [template % {"name": name[:40]} for name in self.unknown_filters()]

    def filter_panel(self) -> HttpResponse:
        """The form of all filters beside the page."""
        filterset = self.filterset_class(self.filter_data, self.get_queryset(), request=self.request)
        kept = [(key, value) for key in self.state_keys if (value := self.request.GET.get(key))]
        context = {
            "filter_form": filterset.form,
            "filter_hidden": kept,
            "clear_url": self.clear_url(),
            "whole_page": self.whole_page,
        }
        return self.side_panel("filters", context)

    def side_panel(self, name: str, context: dict[str, Any]) -> HttpResponse:
        """The filters or columns: alone for HTMX, as a page of their own without JavaScript."""
        template = f"generic/{'_' if getattr(self.request, 'htmx', None) else ''}{name}.html"
        context = {"view_title": self.get_title(), **context}  # type: ignore[attr-defined]
        return self.response_class(self.request, [template], context, using=self.template_engine)  # type: ignore[attr-defined]

    def clear_url(self) -> str:
        """The address without filters."""
        return self.request.path

    def get_quick_filters(self) -> list[QuickFilter]:
        """One-click filters; subclasses add their own."""
        return []

    def quick(self, label: Any, **params: str) -> QuickFilter:
        """A quick filter, active when its parameters are just the ones in the address."""
        query = QueryDict(mutable=True)
        query.update(params)
        active = dict(self.filter_data.items()) == params
        return QuickFilter(str(label), query.urlencode(), active)
