"""Questions people ask of opportunities every day."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.utils import timezone

from core.querysets import RecordQuerySet
from opportunities.choices import Status


def rotting_q(now: dt.datetime | None = None) -> Q:
    """Open deals longer in their stage than it expects, for which nothing is planned in the future.

    Counted from the entry into the stage, not from the making of the deal.
    """
    now = now or timezone.now()
    allowed = ExpressionWrapper(
        F("stage__expected_days") * Value(dt.timedelta(days=1), output_field=DurationField()),
        output_field=DurationField(),
    )
    latest = ExpressionWrapper(Value(now) - allowed, output_field=models.DateTimeField())
    silent = Q(next_step_at=None) | Q(next_step_at__lt=now)
    return Q(status=Status.OPEN, stage__expected_days__isnull=False, stage_entered_at__lt=latest) & silent


class OpportunityQuerySet(RecordQuerySet):
    """Opportunities by their state."""

    def open(self) -> Self:
        """Deals that are being worked on."""
        return self.filter(status=Status.OPEN)

    def rotting(self, now: dt.datetime | None = None) -> Self:
        """Deals that stay too long where they are, with nothing planned."""
        return self.filter(rotting_q(now))

    def overdue(self, today: dt.date) -> Self:
        """Open deals whose expected close date has passed."""
        return self.open().filter(expected_close_on__lt=today)


class OpportunityManager(models.Manager.from_queryset(OpportunityQuerySet)):  # type: ignore[misc]
    """Hides what is in the bin."""

    def get_queryset(self) -> OpportunityQuerySet:
        return super().get_queryset().filter(deleted_at__isnull=True)


class AllOpportunitiesManager(models.Manager.from_queryset(OpportunityQuerySet)):  # type: ignore[misc]
    """Shows the bin too."""
