"""Querysets and managers every record shares."""

from typing import Any, Self

from django.db import models

from core import policies


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows what a user may see."""

    def for_user(self, user: Any, action: str = "view") -> Self:
        """Keep the rows on which ``user`` may do ``action``; nobody gets nothing."""
        scope = policies.policy_for(self.model).scope(user, action)
        if scope is None:
            return self.none()
        return self.filter(scope) if scope else self


class RecordQuerySet(ScopedQuerySet):
    """Rows with a bin."""

    def in_bin(self) -> Self:
        """Keep the deleted rows."""
        return self.filter(deleted_at__isnull=False)


class RecordManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Hides what is in the bin."""

    def get_queryset(self) -> RecordQuerySet:
        return super().get_queryset().filter(deleted_at__isnull=True)


class AllRecordsManager(models.Manager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """Shows the bin too."""


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """For rows without a bin (settings, children)."""
