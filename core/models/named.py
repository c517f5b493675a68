"""Lists of values an administrator edits."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models.base import TimeStamped
from core.querysets import ScopedManager


class NamedValue(TimeStamped):
    """A value with a name in both languages, an order, and a switch that hides it from new records."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_fa = models.CharField(_("Persian name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en

    def get_absolute_url(self) -> str:
        """A value has no page of its own: where it is shown it is a plain word."""
        return ""
