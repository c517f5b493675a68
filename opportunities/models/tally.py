"""Running totals of the deals, kept by database triggers, so that a sum over all deals costs no more as they grow."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Source
from core.querysets import ScopedManager
from opportunities.choices import Status
from opportunities.models.cycle import CloseReason, SalesCycle, Stage
from users.models import Team, User


class TallyKind(models.TextChoices):
    """What the rows of a kind are told apart by, besides the cycle and the status."""

    BOARD = "board", _("stage, owner and team")
    OPENED = "opened", _("opening day, furthest stage and stage")
    OWNER = "owner", _("closing day, owner and team")
    SOURCE = "source", _("closing day and source")
    REASON = "reason", _("closing day and reason")
    LOST = "lost", _("closing day and stage of loss")


def _plain(model: type[models.Model]) -> "models.ForeignKey[models.Model, models.Model]":
    """A key without a constraint: what it names may be deleted once no deal points there, and the sum is then zero."""
    return models.ForeignKey(model, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+")


class Tally(models.Model):
    """A part of a sum over deals that are not in the bin; what a question asks for is the sum over all its rows.

    Each statement that changes deals adds rows with the differences and locks none, so nobody waits for anybody;
    ``settled`` rows are what the janitor made of them, one for each cell. ``day`` is the opening or the closing day by
    the kind. ``amount`` and ``expected`` are in the organisation's base currency; ``days`` from opening to closing are
    those of the ``dated`` deals, which have an opening day.
    """

    kind = models.CharField(max_length=6, choices=TallyKind.choices)
    cycle = models.ForeignKey(SalesCycle, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField(null=True)
    status = models.CharField(max_length=4, choices=Status.choices)
    stage = _plain(Stage)
    furthest_stage = _plain(Stage)
    owner = _plain(User)
    team = _plain(Team)
    source = _plain(Source)
    close_reason = _plain(CloseReason)
    lost_stage = _plain(Stage)
    deals = models.BigIntegerField()
    amount = models.DecimalField(max_digits=30, decimal_places=2)
    expected = models.DecimalField(max_digits=30, decimal_places=2)
    days = models.BigIntegerField()
    dated = models.BigIntegerField()
    settled = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("running total")
        verbose_name_plural = _("running totals")
        indexes = (
            models.Index(fields=["kind", "cycle", "day"], name="tally_cell"),
            models.Index(fields=["id"], condition=Q(settled=False), name="tally_fresh"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.deals}"
