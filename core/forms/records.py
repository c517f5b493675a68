"""Choosing records of any kind in one field: what an activity is about, what a message belongs to.

A record is named by its reference, the label of its kind and its key: ``leads.lead:5``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import hosts
from core.parsing import read_key
from core.policies import policy_for

MAX_CHOSEN = 50


def reference(record: models.Model) -> str:
    """The reference of a record."""
    return f"{record._meta.label_lower}:{record.pk}"


def kind_name(record: models.Model) -> str:
    """The kind of the record in the reader's language."""
    return capfirst(str(record._meta.verbose_name))


def resolve(references: Iterable[Any], user: Any) -> list[models.Model]:
    """The records so named that are hosts and that the user may see, in their order; others are left out."""
    found = []
    for text in dict.fromkeys(str(reference) for reference in references):
        label, _colon, key = text.partition(":")
        host = hosts.find(label)
        if host is None or (pk := read_key(key)) is None:
            continue
        if policy_for(host.model).can(user, "view"):
            manager: Any = host.model._default_manager
            found.append(manager.for_user(user, "view").filter(pk=pk).first())
    return [record for record in found if record is not None]


class RecordsSelect(forms.SelectMultiple):
    """Renders only the chosen records and tells the script where to ask for more."""

    user: Any = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        extra = {"data-behavior": "typeahead", "data-url": reverse("record_search")}
        return super().get_context(name, value, {**(attrs or {}), **extra})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """Only the chosen rows, so that the page stays small."""
        self.choices = [(reference(record), str(record)) for record in resolve(value, self.user)]
        return super().optgroups(name, value, attrs)


class RecordsField(forms.Field):
    """Records of any host the user may see; cleaned to a list of them. The form sets ``user``."""

    widget = RecordsSelect
    default_error_messages = {"missing": _("One of the records is not there, or you may not see it.")}
    _user: Any = None

    @property
    def user(self) -> Any:
        """For whom the records are looked up."""
        return self._user

    @user.setter
    def user(self, user: Any) -> None:
        self._user = self.widget.user = user  # type: ignore[attr-defined]

    def prepare_value(self, value: Any) -> list[str]:
        """Records or references, as references."""
        return [reference(one) if isinstance(one, models.Model) else str(one) for one in value or ()]

    def to_python(self, value: Sequence[str] | None) -> list[models.Model]:
        wanted = list(dict.fromkeys(value or ()))
        found = resolve(wanted[: MAX_CHOSEN + 1], self.user)
        if len(wanted) > MAX_CHOSEN or len(found) != len(wanted):
            raise ValidationError(self.error_messages["missing"], code="missing")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.prepare_value(initial)) != set(self.prepare_value(data))
