"""The opportunity: a deal that moves through a sales cycle."""

from datetime import datetime, timedelta

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BuyingRole, Contact, Source
from catalog.models import Product
from core import audit
from core.fields import CleanCharField, CleanTextField, CurrencyField, MoneyField
from core.models import NextStep, TimeStamped
from core.querysets import ScopedManager
from core.text import SearchKey, SortKey
from opportunities.choices import OpportunityType, Status
from opportunities.models.cycle import CloseReason, SalesCycle, Stage
from opportunities.querysets import AllOpportunitiesManager, OpportunityManager
from users.models import OwnedRecord

LIVE = Q(deleted_at=None)


class Seconds(Func):
    """The length of an interval in seconds, as a float: sorting and adding those is several times faster."""

    template = "date_part('epoch', %(expressions)s)"
    output_field = models.FloatField()


@audit.tracked(exclude=["exchange_rate", "next_activity_id"])
class Opportunity(OwnedRecord, NextStep):
    """A deal: who, how much, how likely, where in its cycle.

    ``base_amount`` is the amount in the organisation's base currency at the rate kept on the row;
    ``expected_value`` = base amount × probability / 100 (R87). ``furthest_stage`` is the furthest open or won stage
    the deal stood in (won only while it is won), so that a lost deal counts in the funnel where it got to. ``opened_on`` is the day the sales
    effort began (unknown in some imported deals), ``closed_on`` the day it was won or lost.
    """

    name = CleanCharField(_("name"), max_length=200)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="opportunities", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="opportunities", verbose_name=_("main contact")
    )
    cycle = models.ForeignKey(
        SalesCycle, models.PROTECT, related_name="opportunities", verbose_name=_("sales cycle"), db_index=False
    )
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="opportunities", verbose_name=_("stage"), db_index=False
    )
    furthest_stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="+", verbose_name=_("furthest stage"), editable=False, db_index=False
    )
    lost_stage = models.ForeignKey(
        Stage, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lost in stage"), editable=False
    )
    stage_entered_at = models.DateTimeField(_("in this stage since"), default=timezone.now, editable=False)
    status = models.CharField(_("status"), max_length=4, choices=Status.choices, default=Status.OPEN, editable=False)
    type = models.CharField(_("type"), max_length=8, choices=OpportunityType.choices, default=OpportunityType.NEW)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    amount = MoneyField(_("amount"), default=0, validators=[MinValueValidator(0)])
    amount_from_lines = models.BooleanField(_("amount is the sum of the lines"), default=False, editable=False)
    currency = CurrencyField(_("currency"))
    exchange_rate = models.DecimalField(
        _("rate to the base currency"), max_digits=20, decimal_places=8, default=1, editable=False
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"), default=0, validators=[MaxValueValidator(100)], help_text=_("Percent.")
    )
    expected_close_on = models.DateField(_("expected close date"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    close_reason = models.ForeignKey(
        CloseReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason"), editable=False
    )
    close_note = CleanCharField(_("explanation"), max_length=300, blank=True, editable=False)
    competitor = CleanCharField(_("lost to competitor"), max_length=120, blank=True, editable=False)
    description = CleanTextField(_("description"), blank=True)
    external_key = models.CharField(_("key in another system"), max_length=120, blank=True)

    base_amount = models.GeneratedField(
        expression=F("amount") * F("exchange_rate"),
        output_field=models.DecimalField(max_digits=24, decimal_places=2),
        db_persist=True,
        editable=False,
    )
    expected_value = models.GeneratedField(
        expression=F("amount") * F("exchange_rate") * F("probability") / 100,
        output_field=models.DecimalField(_("expected value"), max_digits=24, decimal_places=2),
        db_persist=True,
        editable=False,
    )
    search_key = models.GeneratedField(
        expression=SearchKey("name", "external_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    sort_key = models.GeneratedField(
        expression=SortKey("name"), output_field=models.TextField(db_collation="C"), db_persist=True, editable=False
    )

    objects = OpportunityManager()
    all_objects = AllOpportunitiesManager()

    class Meta(OwnedRecord.Meta):
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="opportunity_search"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="opportunity_created"),
            models.Index(fields=["owner", "-created_at", "-id"], condition=LIVE, name="opportunity_owner"),
            models.Index(fields=["team"], name="opportunity_team"),
            models.Index(fields=["stage", "-stage_entered_at", "-id"], condition=LIVE, name="opportunity_board"),
            models.Index(fields=["status", "owner", "-created_at", "-id"], condition=LIVE, name="opportunity_status"),
            models.Index(fields=["-expected_value", "-id"], condition=LIVE, name="opportunity_expected"),
            models.Index(
                fields=["cycle", "opened_on"],
                include=["id", "furthest_stage", "stage", "status", "base_amount", "expected_value", "owner", "team"],
                condition=LIVE,
                name="opportunity_funnel",
            ),
            models.Index(
                fields=["cycle", "closed_on"],
                include=[
                    "id",
                    "status",
                    "opened_on",
                    "owner",
                    "team",
                    "source",
                    "close_reason",
                    "lost_stage",
                    "base_amount",
                    "exchange_rate",
                ],
                condition=LIVE & ~Q(closed_on=None),
                name="opportunity_results",
            ),
            models.Index(fields=["sort_key", "id"], condition=LIVE, name="opportunity_sort"),
            models.Index(fields=["base_amount", "id"], condition=LIVE, name="opportunity_amount_sort"),
            models.Index(fields=["expected_close_on", "id"], condition=LIVE, name="opportunity_close_sort"),
            models.Index(fields=["-updated_at"], name="opportunity_updated"),
            models.Index(
                fields=["owner", "next_step_at"],
                include=["id", "status", "team", "stage", "stage_entered_at", "base_amount"],
                condition=LIVE & Q(status="open"),
                name="opportunity_open",
            ),
            models.Index(
                fields=["owner", "stage", "-stage_entered_at", "-id"], condition=LIVE, name="opportunity_own_board"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(probability__lte=100), name="opportunity_probability"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="opportunity_amount"),
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None) | ~Q(status="open") & Q(closed_on__isnull=False),
                name="opportunity_closed_on",
            ),
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key="") & LIVE, name="opportunity_external_key"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether the deal is still being worked on."""
        return self.status == Status.OPEN

    def days_in_stage(self, now: datetime | None = None) -> int:
        """Whole days since the deal entered its stage."""
        return max(0, ((now or timezone.now()) - self.stage_entered_at).days)

    def is_rotting(self, now: datetime | None = None) -> bool:
        """Whether the deal stays too long in its stage with nothing planned; the twin of ``rotting_q``."""
        now = now or timezone.now()
        allowed = self.stage.expected_days
        if not self.is_open or allowed is None or self.next_step_state(now) == "planned":
            return False
        return self.stage_entered_at < now - timedelta(days=allowed)


@audit.tracked()
class OpportunityLine(TimeStamped):
    """A product in the deal; ``total`` = quantity × unit price × (1 − discount/100), in the deal's currency."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="lines", verbose_name=_("opportunity"))
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    unit_price = MoneyField(_("unit price"), validators=[MinValueValidator(0)])
    discount = models.DecimalField(
        _("discount"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Percent."),
    )
    total = models.GeneratedField(
        expression=F("quantity") * F("unit_price") * (100 - F("discount")) / 100,
        output_field=models.DecimalField(_("total"), max_digits=22, decimal_places=2),
        db_persist=True,
        editable=False,
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100, quantity__gte=0, unit_price__gte=0), name="line_values"
            ),
        )

    def __str__(self) -> str:
        return str(self.product)


@audit.tracked()
class OpportunityContact(TimeStamped):
    """A person on the customer's side and his or her part in this purchase."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="people", verbose_name=_("opportunity"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("contact"))
    role = models.ForeignKey(
        BuyingRole, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("buying role")
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("buying role")
        verbose_name_plural = _("buying roles")
        constraints = (models.UniqueConstraint(fields=["opportunity", "contact"], name="opportunity_contact_unique"),)

    def __str__(self) -> str:
        return f"{self.contact} — {self.role or '-'}"


class StageVisit(models.Model):
    """One stay of a deal in a stage: from when to when, and who moved it there. Rows are closed, never edited."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="visits", verbose_name=_("opportunity"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="visits", verbose_name=_("stage"))
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    moved_by = models.ForeignKey("users.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("moved by"))
    seconds = models.GeneratedField(
        expression=Seconds(ExpressionWrapper(F("left_at") - F("entered_at"), output_field=models.DurationField())),
        output_field=models.FloatField(_("length of the stay in seconds"), null=True),
        db_persist=True,
        editable=False,
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("stage visit")
        verbose_name_plural = _("stage visits")
        ordering = ("opportunity", "entered_at", "pk")
        indexes = (
            models.Index(fields=["stage", "entered_at"], name="visit_stage"),
            models.Index(
                fields=["stage", "opportunity"],
                include=["seconds"],
                condition=~Q(left_at=None),
                name="visit_stays",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["opportunity"], condition=Q(left_at=None), name="visit_one_open"),
        )

    def __str__(self) -> str:
        return str(self.stage)
