"""Filters of a list: what was asked, as removable chips, and never a whole choice list in the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.db import models
from django.forms import ModelChoiceField, NullBooleanSelect
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import BooleanWidget

from core import display, search, text
from core.forms.base import begin_with_capitals
from core.forms.typeahead import TypeaheadSelect, TypeaheadSelectMultiple

SEARCH_LIMIT = 2000


@dataclass(frozen=True)
class Chip:
    """An active filter as the list shows it."""

    label: str
    value: str
    remove_url: str


class SearchFilter(django_filters.CharFilter):
    """Free text over the generated search column, written any way (PERSIAN.md 3.7).

    Rare words are found first by the trigram index and then ordered; for common words the ordered index is walked.
    Deciding costs one capped look, and keeps both cases quick at a million rows.
    """

    def filter(self, qs: models.QuerySet, value: str) -> models.QuerySet:
        if not value:
            return qs
        if value.startswith("#") and text.to_ascii_digits(value[1:]).isdigit():
            return qs.filter(pk=min(int(text.to_ascii_digits(value[1:])), 2**63 - 1))
        found = narrow(qs, text.search_q("search_key", value))
        request = getattr(self.parent, "request", None)
        return search.open_to(found, value, request.user) if request is not None else found


def narrow(qs: models.QuerySet, condition: models.Q) -> models.QuerySet:
    """Apply a text condition so that PostgreSQL cannot pick the wrong index, whatever the words."""
    manager = getattr(qs.model, "all_objects", qs.model._default_manager)
    found = list(manager.filter(condition).order_by().values_list("pk", flat=True)[: SEARCH_LIMIT + 1])
    return qs.filter(pk__any_of=found) if len(found) <= SEARCH_LIMIT else qs.filter(condition)


class TypeaheadFilter(django_filters.ModelChoiceFilter):
    """One record chosen by typing; only the chosen one is in the page."""

    def __init__(self, *args: Any, model: type[models.Model], **kwargs: Any):
        self.target = model
        super().__init__(*args, widget=TypeaheadSelect(model), queryset=self._rows, **kwargs)

    def _rows(self, request: Any) -> models.QuerySet:
        manager: Any = self.target._default_manager
        return manager.for_user(request.user, "view") if request else manager.none()


class TypeaheadMultipleFilter(django_filters.ModelMultipleChoiceFilter):
    """Several records chosen by typing; any of them matches."""

    def __init__(self, *args: Any, model: type[models.Model], **kwargs: Any):
        self.target = model
        kwargs.setdefault("distinct", False)
        super().__init__(*args, widget=TypeaheadSelectMultiple(model), queryset=self._rows, **kwargs)

    def _rows(self, request: Any) -> models.QuerySet:
        manager: Any = self.target._default_manager
        return manager.for_user(request.user, "view") if request else manager.none()

    def filter(self, qs: models.QuerySet, value: Any) -> models.QuerySet:
        """Any of the values; a many-to-many is asked by a subquery, so that no row comes twice and none is sorted out."""
        if not value or self.method is not None or not self._is_to_many(qs.model):
            return super().filter(qs, value)
        matching = qs.model._base_manager.filter(**{f"{self.field_name}__in": list(value)}).values("pk")
        return qs.exclude(pk__in=matching) if self.exclude else qs.filter(pk__in=matching)

    def _is_to_many(self, model: type[models.Model]) -> bool:
        field = model._meta.get_field(self.field_name.split("__")[0])
        return bool(field.many_to_many or field.one_to_many)


class FilterSet(django_filters.FilterSet):
    """Filters of a model's list. Subclasses with a search column declare ``q = SearchFilter()``.

    With ``only_asked`` just the filters named in ``data`` are made: a list of fifty filters costs as much as its rows.
    """

    def __init__(self, data: Any = None, *args: Any, only_asked: bool = False, **kwargs: Any):
        if only_asked:
            names = tuple(data or ())
            self.base_filters = {
                name: one
                for name, one in type(self).base_filters.items()
                if any(key == name or key.startswith(f"{name}_") for key in names)
            }
        super().__init__(data, *args, **kwargs)
        self._leave_out_hidden_fields()

    def _leave_out_hidden_fields(self) -> None:
        """What a role may not read it may not filter by either: the rows found would tell the value."""
        user = getattr(self.request, "user", None)
        hidden = user.hidden_fields(self.queryset.model._meta.label_lower) if hasattr(user, "hidden_fields") else ()
        for name in [n for n, one in self.filters.items() if n in hidden or _column(one, n) in hidden]:
            del self.filters[name]

    @classmethod
    def get_filters(cls) -> Any:
        """The filters, none of them with DISTINCT: over a wide row it costs more than the rest of the page."""
        filters = super().get_filters()
        for one in filters.values():
            one.distinct = False
        return filters

    @cached_property
    def form(self) -> Any:
        """The form with crispy's helper: no form tag, no token, the labels above."""
        form = super().form
        for field in form.fields.values():
            if isinstance(field.widget, BooleanWidget | NullBooleanSelect):
                nothing = next(iter(field.widget.choices))[0]
                field.widget.choices = ((nothing, _("Any")), ("true", _("Yes")), ("false", _("No")))
        form.helper = FormHelper(form)
        form.helper.form_tag = False
        form.helper.disable_csrf = True
        form.helper.layout = Layout(*(name for name in form.fields if name != "q"))
        begin_with_capitals(form)
        return form

    def chips(self, query: QueryDict) -> list[Chip]:
        """The active filters with the address of the list without each."""
        if not self.form.is_bound or not self.form.is_valid():
            return []
        chips = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", [], ()) or (isinstance(value, models.QuerySet) and not value) or name == "q":
                continue
            label = str(self.form.fields[name].label or name)
            chips.append(Chip(label, describe(self.form.fields[name], value), without(query, name)))
        return chips


def _column(one: Any, name: str) -> str:
    """The field of the model a filter asks."""
    return str(one.field_name or name).split("__", maxsplit=1)[0]


def without(query: QueryDict, name: str) -> str:
    """The query string without the filter ``name`` (and its parts) and without the page."""
    rest = query.copy()
    for key in list(rest):
        if key == name or key.startswith(f"{name}_") or key in {"page", "after"}:
            del rest[key]
    return f"?{rest.urlencode()}"


def describe(field: Any, value: Any) -> str:
    """A filter's value in words."""
    if hasattr(field, "describe"):
        return str(field.describe(value))
    # Choices of records are never listed: the value is the records themselves.
    choices = {} if isinstance(field, ModelChoiceField) else dict(getattr(field, "choices", ()))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return display.listed(choices.get(v, v) for v in value)
    return str(choices.get(value, value))
