"""Records that belong to somebody."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from users.models.teams import Team


class OwnedRecord(Record):
    """A record with an owner; ``team`` follows the owner, and alone it is the team's common queue."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"), db_index=False
    )

    class Meta(Record.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the team of an owned record that of its owner."""
        if self.owner_id and self.owner is not None and self.owner.team_id and self.team_id != self.owner.team_id:
            self.team_id = self.owner.team_id
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "team"}
        super().save(*args, **kwargs)
