"""The lead: a person or company that showed interest."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import PartyType
from accounts.models import Account, Contact, Industry, Province, Source
from catalog.models import Product
from core import audit
from core.fields import CleanCharField, CleanTextField, CurrencyField, MoneyField, PhoneField, WebField
from core.models import NamedValue, NextStep
from core.text import SearchKey, SortKey, TightKey
from leads.choices import OPEN_STATUSES, UTM_LABELS, ConsentAnswer, LeadStatus
from opportunities.models import Opportunity
from users.models import OwnedRecord

LIVE = Q(deleted_at=None)


@audit.tracked()
class DisqualifyReason(NamedValue):
    """Why a lead is put aside."""

    class Meta(NamedValue.Meta):
        verbose_name = _("reason for disqualifying")
        verbose_name_plural = _("reasons for disqualifying")


@audit.tracked(exclude=["next_activity_id"])
class Lead(OwnedRecord, NextStep):
    """Somebody who may buy: who it is, what is wanted, where it came from, what happens next."""

    party_type = models.CharField(_("type"), max_length=12, choices=PartyType.choices, default=PartyType.ORGANISATION)
    first_name = CleanCharField(_("first name"), max_length=80, blank=True)
    last_name = CleanCharField(_("last name"), max_length=120, blank=True)
    company = CleanCharField(_("company"), max_length=200, blank=True)
    job_title = CleanCharField(_("job title"), max_length=120, blank=True)
    mobile = PhoneField(_("mobile"), blank=True)
    phone = PhoneField(_("phone"), blank=True)
    email = models.EmailField(_("email"), blank=True)
    website = WebField(_("website"), blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("field of activity")
    )
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("province")
    )
    city = CleanCharField(_("city"), max_length=80, blank=True)
    address = CleanCharField(_("address"), max_length=500, blank=True)

    interest = CleanTextField(_("interest"), blank=True)
    products = models.ManyToManyField(Product, blank=True, related_name="+", verbose_name=_("products of interest"))
    estimated_value = MoneyField(_("estimated amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))

    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("lead source")
    )
    referrer_account = models.ForeignKey(
        Account,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referred_leads",
        verbose_name=_("referring customer"),
    )
    referrer_contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referred_leads",
        verbose_name=_("referring person"),
    )
    heard_about_us = CleanCharField(_("how did you hear about us"), max_length=120, blank=True)
    utm_source = models.CharField(UTM_LABELS["utm_source"], max_length=100, blank=True)
    utm_medium = models.CharField(UTM_LABELS["utm_medium"], max_length=100, blank=True)
    utm_campaign = models.CharField(UTM_LABELS["utm_campaign"], max_length=100, blank=True)
    utm_term = models.CharField(UTM_LABELS["utm_term"], max_length=100, blank=True)
    utm_content = models.CharField(UTM_LABELS["utm_content"], max_length=100, blank=True)
    consent = models.CharField(
        _("consent to messages"), max_length=7, choices=ConsentAnswer.choices, default=ConsentAnswer.UNKNOWN
    )
    consent_at = models.DateTimeField(_("consent given at"), null=True, blank=True, editable=False)

    status = models.CharField(
        _("status"), max_length=12, choices=LeadStatus.choices, default=LeadStatus.NEW, editable=False
    )
    status_at = models.DateTimeField(_("in this status since"), default=timezone.now, editable=False)
    disqualify_reason = models.ForeignKey(
        DisqualifyReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reason"),
        editable=False,
    )
    disqualify_note = CleanCharField(_("explanation"), max_length=300, blank=True, editable=False)
    converted_at = models.DateTimeField(_("converted at"), null=True, blank=True, editable=False)
    converted_by = models.ForeignKey(
        "users.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("converted by"),
        editable=False,
    )
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("account"), editable=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("contact"), editable=False
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("opportunity"),
        editable=False,
    )
    description = CleanTextField(_("description"), blank=True)
    external_key = models.CharField(_("key in another system"), max_length=120, blank=True)

    search_key = models.GeneratedField(
        expression=SearchKey("first_name", "last_name", "company", "mobile", "phone", "email", "city"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    sort_key = models.GeneratedField(
        expression=SortKey("last_name", "first_name", "company"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    name_key = models.GeneratedField(
        expression=TightKey("first_name", "last_name"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    company_key = models.GeneratedField(
        expression=TightKey("company"), output_field=models.TextField(db_collation="C"), db_persist=True, editable=False
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="lead_search"),
            models.Index(fields=["-created_at", "-id"], condition=LIVE, name="lead_created"),
            models.Index(fields=["owner", "-created_at", "-id"], condition=LIVE, name="lead_owner"),
            models.Index(fields=["status", "owner", "-created_at", "-id"], condition=LIVE, name="lead_status_owner"),
            models.Index(fields=["status", "-created_at", "-id"], condition=LIVE, name="lead_status"),
            models.Index(fields=["source", "-created_at", "-id"], condition=LIVE, name="lead_source"),
            models.Index(fields=["team"], name="lead_team"),
            models.Index(fields=["sort_key", "id"], condition=LIVE, name="lead_sort"),
            models.Index(fields=["mobile"], condition=~Q(mobile=""), name="lead_mobile"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="lead_phone"),
            models.Index(Lower("email"), condition=~Q(email=""), name="lead_email"),
            models.Index(fields=["name_key"], condition=~Q(name_key=""), name="lead_name"),
            models.Index(fields=["company_key"], condition=~Q(company_key=""), name="lead_company"),
            models.Index(
                fields=["owner", "next_step_at"],
                include=["id", "status"],
                condition=LIVE & Q(status__in=OPEN_STATUSES),
                name="lead_open",
            ),
            models.Index(fields=["next_step_at", "id"], condition=LIVE, name="lead_next_sort"),
            models.Index(fields=["estimated_value", "id"], condition=LIVE, name="lead_value_sort"),
            models.Index(fields=["updated_at", "id"], condition=LIVE, name="lead_updated_sort"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(first_name="", last_name="", company=""),
                name="lead_has_name",
                violation_error_message=_("Enter the name of a person or of a company."),
            ),
            models.CheckConstraint(
                condition=~Q(status="disqualified") | Q(disqualify_reason__isnull=False), name="lead_disqualify_reason"
            ),
            models.UniqueConstraint(
                fields=["external_key"], condition=~Q(external_key="") & LIVE, name="lead_external_key"
            ),
        )

    def __str__(self) -> str:
        return self.person_name or self.company

    @property
    def person_name(self) -> str:
        """First and last name of the person, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.status not in {LeadStatus.CONVERTED, LeadStatus.DISQUALIFIED}
