"""Choosing a record by typing: the page holds only what is chosen, the rest is asked from the server."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse

from core.parsing import read_keys


class _Typeahead:
    """Renders only the chosen options and tells the script where to ask for more."""

    def __init__(self, model: type[models.Model], attrs: dict[str, Any] | None = None):
        self.model = model
        super().__init__(attrs)  # type: ignore[call-arg]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        extra = {"data-behavior": "typeahead", "data-url": reverse("typeahead", args=[self.model._meta.label_lower])}
        context: dict[str, Any] = super().get_context(name, value, {**(attrs or {}), **extra})  # type: ignore[misc]
        given = context["widget"]["attrs"]
        if "form-select" not in given.get("class", ""):  # crispy gives it in forms; a bare field must look the same
            given["class"] = f"{given.get('class', '')} form-select".strip()
        return context

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Only the chosen rows, so that the page stays small."""
        choices: Any = self.choices  # type: ignore[has-type]
        chosen = list(self._chosen(getattr(choices, "queryset", None), value))
        blank = [] if self.allow_multiple_selected else [("", "")]  # type: ignore[attr-defined]
        self.choices = [*blank, *chosen]
        try:
            return super().optgroups(name, value, attrs)  # type: ignore[misc]
        finally:
            self.choices = choices

    @staticmethod
    def _chosen(queryset: models.QuerySet | None, value: Iterable[Any]) -> Iterable[tuple[Any, str]]:
        keys = read_keys(value)
        if queryset is None or not keys:
            return []
        return [(row.pk, str(row)) for row in queryset.filter(pk__in=keys)]


class TypeaheadSelect(_Typeahead, forms.Select):
    """One record."""


class TypeaheadSelectMultiple(_Typeahead, forms.SelectMultiple):
    """Several records."""
