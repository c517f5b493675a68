"""The account: an organisation or a person the company deals with."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import Education, Gender, IncomeBand, PartyType
from accounts.models.reference import AccountKind, Industry, LifecycleStage, Province, Source
from core import audit
from core.fields import CleanCharField, CleanTextField, CurrencyField, MoneyField, PhoneField, WebField
from core.identifiers import validate_company_id, validate_economic_number, validate_national_id, validate_postal_code
from core.text import SearchKey, SortKey, TightKey
from users.models import OwnedRecord

MAX_LEVELS = 20  # of companies above companies


class Reachable(models.Model):
    """Where a party can be reached first; further numbers and addresses are contact points."""

    phone = PhoneField(_("phone"), blank=True)
    mobile = PhoneField(_("mobile"), blank=True)
    fax = PhoneField(_("fax"), blank=True)
    email = models.EmailField(_("email"), blank=True)
    website = WebField(_("website"), blank=True)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("province")
    )
    city = CleanCharField(_("city"), max_length=80, blank=True)
    address = CleanCharField(_("address"), max_length=500, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True, validators=[validate_postal_code])

    class Meta:
        abstract = True


class Demographic(models.Model):
    """What is known of a person."""

    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=12, choices=Education.choices, blank=True)
    income_band = models.CharField(_("income band"), max_length=10, choices=IncomeBand.choices, blank=True)

    class Meta:
        abstract = True


@audit.tracked()
class Account(OwnedRecord, Reachable, Demographic):
    """An organisation or a person; of any kinds at once (customer, supplier, agent…)."""

    party_type = models.CharField(_("type"), max_length=12, choices=PartyType.choices, default=PartyType.ORGANISATION)
    name = CleanCharField(_("name"), max_length=200)
    kinds = models.ManyToManyField(AccountKind, blank=True, related_name="accounts", verbose_name=_("kinds"))
    stage = models.ForeignKey(
        LifecycleStage, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("life-cycle stage")
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("parent company")
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("field of activity")
    )
    employees = models.PositiveIntegerField(_("number of employees"), null=True, blank=True)
    annual_revenue = MoneyField(_("annual revenue"), null=True, blank=True)
    revenue_currency = CurrencyField(_("currency of the revenue"))
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    national_id = models.CharField(_("national ID"), max_length=11, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    economic_number = models.CharField(
        _("economic number"), max_length=14, blank=True, validators=[validate_economic_number]
    )
    customer_since = models.DateField(_("customer since"), null=True, blank=True, editable=False)
    needs = CleanTextField(_("needs"), blank=True)
    preferences = CleanTextField(_("preferences"), blank=True)
    description = CleanTextField(_("description"), blank=True)
    external_key = models.CharField(_("key in another system"), max_length=120, blank=True)

    search_key = models.GeneratedField(
        expression=SearchKey("name", "national_id", "economic_number", "phone", "mobile", "email", "city"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    sort_key = models.GeneratedField(
        expression=SortKey("name"), output_field=models.TextField(db_collation="C"), db_persist=True, editable=False
    )

    name_key = models.GeneratedField(
        expression=TightKey("name"), output_field=models.TextField(db_collation="C"), db_persist=True, editable=False
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="account_search"),
            models.Index(fields=["-created_at", "-id"], condition=models.Q(deleted_at=None), name="account_created"),
            models.Index(
                fields=["owner", "-created_at", "-id"], condition=models.Q(deleted_at=None), name="account_owner"
            ),
            models.Index(fields=["team"], name="account_team"),
            models.Index(fields=["sort_key", "id"], condition=models.Q(deleted_at=None), name="account_sort"),
            models.Index(fields=["name_key"], name="account_name"),
            models.Index(fields=["mobile"], condition=~models.Q(mobile=""), name="account_mobile"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="account_phone"),
            models.Index(Lower("email"), condition=~models.Q(email=""), name="account_email"),
            models.Index(fields=["national_id"], condition=~models.Q(national_id=""), name="account_national_id"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["external_key"],
                condition=~models.Q(external_key="") & models.Q(deleted_at=None),
                name="account_external_key",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        """Whether the account is a natural person."""
        return self.party_type == PartyType.PERSON

    def clean(self) -> None:
        """The national ID has 10 digits for a person and 11 for an organisation; no company is above itself."""
        if self.national_id:
            try:
                (validate_national_id if self.is_person else validate_company_id)(self.national_id)
            except ValidationError as error:
                raise ValidationError({"national_id": error.messages}) from error
        if self.pk and self._is_above(self.parent):
            raise ValidationError(
                {"parent": _("An account cannot be its own parent, nor belong to a company below it.")}
            )

    def _is_above(self, other: "Account | None") -> bool:
        """Whether walking up from ``other`` leads here; circles made before are left after ``MAX_LEVELS``."""
        for _level in range(MAX_LEVELS):
            if other is None or other.pk == self.pk:
                return other is not None
            other = other.parent
        return False
