"""Fixed choices of the opportunities app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StageKind(models.TextChoices):
    """What standing in a stage means."""

    OPEN = "open", pgettext_lazy("opportunity", "open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


class Status(models.TextChoices):
    """Where an opportunity stands; it follows the kind of its stage."""

    OPEN = "open", pgettext_lazy("opportunity", "open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


class OpportunityType(models.TextChoices):
    """New business or more of the old."""

    NEW = "new", _("new business")
    EXISTING = "existing", _("existing customer")
    RENEWAL = "renewal", _("renewal")


TRANSITIONS: dict[str, set[str]] = {
    Status.OPEN: {Status.WON, Status.LOST},
    Status.WON: {Status.OPEN},
    Status.LOST: {Status.OPEN},
}
