"""The one thing to do next on a record."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import CleanCharField


class NextStep(models.Model):
    """The earliest open activity of this record, copied here by the activities' services so that lists sort by it.

    An all-day activity counts to the end of its day. The activity is the truth: these columns are never written by forms or imports, and saving a row that is there
    leaves them alone, for they may have moved on since it was read.
    """

    COPIED: ClassVar = frozenset({"next_step", "next_step_at", "next_activity_id"})

    next_step = CleanCharField(_("next step"), max_length=200, blank=True)
    next_step_at = models.DateTimeField(_("date of the next step"), null=True, blank=True)
    next_activity_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save all but the copy."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            unread = self.get_deferred_fields() | self.COPIED
            fields = [f for f in self._meta.local_concrete_fields if not f.generated and not f.primary_key]
            kwargs["update_fields"] = [f.name for f in fields if f.attname not in unread]
        super().save(*args, **kwargs)

    def next_step_state(self, now: datetime | None = None) -> str:
        """'none', 'planned', or 'late' when its time has passed."""
        if not self.next_step_at:
            return "none"
        return "late" if self.next_step_at < (now or timezone.now()) else "planned"
