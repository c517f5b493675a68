"""The record every table of the product is made of."""

from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.querysets import AllRecordsManager, RecordManager


@cache
def detail_url(label: str) -> str:
    """The address of a model's record page with key 0, empty when it has none. Lists need it for every row."""
    app, model = label.split(".")
    try:
        return reverse(f"{app}:{model}_detail", args=[0])
    except NoReverseMatch:
        return ""


class TimeStamped(models.Model):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class Record(TimeStamped):
    """A row a person works with: has an author, an optimistic lock, a bin and a page of its own."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("deleted by"),
    )
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = RecordManager()
    all_objects = AllRecordsManager()

    class Meta:
        abstract = True
        base_manager_name = "all_objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save and move the version on, so that a form opened before is known to be stale."""
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "updated_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return detail_url(self._meta.label_lower).replace("/0/", f"/{self.pk}/", 1)
