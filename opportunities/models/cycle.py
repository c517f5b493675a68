"""Sales cycles and their stages: as many as the company wants."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductFamily
from core import audit
from core.models import NamedValue, TimeStamped
from core.querysets import ScopedManager
from opportunities.choices import StageKind, Status
from users.models import Team


@audit.tracked()
class SalesCycle(NamedValue):
    """One way of selling: its stages in order, for some product families or teams, or for all."""

    families = models.ManyToManyField(
        ProductFamily, blank=True, related_name="sales_cycles", verbose_name=_("product families")
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="sales_cycles", verbose_name=_("teams"))
    is_default = models.BooleanField(_("default"), default=False)

    class Meta(NamedValue.Meta):
        verbose_name = _("sales cycle")
        verbose_name_plural = _("sales cycles")
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="sales_cycle_one_default"
            ),
        )


@audit.tracked()
class Stage(TimeStamped):
    """A step of a cycle, with the chance to win from here (percent) and the days a deal may stay."""

    cycle = models.ForeignKey(SalesCycle, models.CASCADE, related_name="stages", verbose_name=_("sales cycle"))
    code = models.SlugField(_("code"), max_length=40)
    name_fa = models.CharField(_("Persian name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=0, validators=[MaxValueValidator(100)], help_text=_("Percent.")
    )
    expected_days = models.PositiveSmallIntegerField(
        _("expected days"),
        null=True,
        blank=True,
        help_text=_("After so many days in the stage a deal counts as stalled."),
    )
    guidance = models.TextField(_("what to do in this stage"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("cycle", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["cycle", "code"], name="stage_code_unique"),
            models.CheckConstraint(condition=models.Q(probability__lte=100), name="stage_probability"),
        )

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en

    def get_absolute_url(self) -> str:
        """Its cycle on the page of all cycles; a stage has no page of its own."""
        return f"{reverse('opportunities:salescycle_list')}#cycle-{self.cycle_id}"


@audit.tracked()
class CloseReason(NamedValue):
    """Why deals are won or lost."""

    outcome = models.CharField(_("outcome"), max_length=4, choices=[c for c in Status.choices if c[0] != Status.OPEN])

    class Meta(NamedValue.Meta):
        verbose_name = _("reason for closing")
        verbose_name_plural = _("reasons for closing")
