"""Contacts: people, the places they work at, and further ways to reach a party."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import channels
from accounts.choices import ChannelKind, Language
from accounts.models.account import Account, Demographic, Reachable
from accounts.models.reference import BuyingRole
from core import audit
from core.fields import CleanCharField, CleanTextField
from core.identifiers import validate_national_id
from core.models import TimeStamped
from core.querysets import ScopedManager
from core.text import SearchKey, SortKey, TightKey
from users.models import OwnedRecord

ONE_PARTY = models.Q(account__isnull=False, contact__isnull=True) | models.Q(
    account__isnull=True, contact__isnull=False
)


@audit.tracked()
class Contact(OwnedRecord, Reachable, Demographic):
    """A person we talk to, wherever he or she works."""

    salutation = CleanCharField(_("salutation"), max_length=40, blank=True)
    first_name = CleanCharField(_("first name"), max_length=80, blank=True)
    last_name = CleanCharField(_("last name"), max_length=120)
    national_id = models.CharField(_("national ID"), max_length=10, blank=True, validators=[validate_national_id])
    specialty = CleanCharField(_("specialty"), max_length=120, blank=True)
    traits = ArrayField(models.CharField(max_length=40), verbose_name=_("personality traits"), default=list, blank=True)
    accounts = models.ManyToManyField(
        Account, through="Employment", related_name="contacts", verbose_name=_("accounts"), blank=True
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        blank=True,
        help_text=_("In which messages and invitations are written to this person."),
    )
    description = CleanTextField(_("description"), blank=True)
    external_key = models.CharField(_("key in another system"), max_length=120, blank=True)

    search_key = models.GeneratedField(
        expression=SearchKey("first_name", "last_name", "national_id", "phone", "mobile", "email"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )
    sort_key = models.GeneratedField(
        expression=SortKey("last_name", "first_name"),
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

    class Meta(OwnedRecord.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="contact_search"),
            models.Index(fields=["-created_at", "-id"], condition=models.Q(deleted_at=None), name="contact_created"),
            models.Index(
                fields=["owner", "-created_at", "-id"], condition=models.Q(deleted_at=None), name="contact_owner"
            ),
            models.Index(fields=["team"], name="contact_team"),
            models.Index(fields=["sort_key", "id"], condition=models.Q(deleted_at=None), name="contact_sort"),
            models.Index(fields=["name_key"], name="contact_name"),
            models.Index(fields=["mobile"], condition=~models.Q(mobile=""), name="contact_mobile"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="contact_phone"),
            models.Index(Lower("email"), condition=~models.Q(email=""), name="contact_email"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["external_key"],
                condition=~models.Q(external_key="") & models.Q(deleted_at=None),
                name="contact_external_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@audit.tracked()
class Employment(TimeStamped):
    """A contact works at an account: as what, with what say in a purchase, from when to when."""

    NAMED_BY = ("contact", "account")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="employments", verbose_name=_("contact"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="employments", verbose_name=_("account"))
    job_title = CleanCharField(_("job title"), max_length=120, blank=True)
    department = CleanCharField(_("department"), max_length=120, blank=True)
    buying_role = models.ForeignKey(
        BuyingRole, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("buying role")
    )
    is_primary = models.BooleanField(_("main contact"), default=False)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = (
            models.UniqueConstraint(fields=["contact", "account"], name="employment_unique"),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_dates",
                violation_error_message=_("The end is before the start."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact} — {self.account}"


@audit.tracked()
class ContactPoint(TimeStamped):
    """One more phone, e-mail, fax, web page or social profile of an account or contact."""

    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="points", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="points", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ChannelKind.choices)
    value = CleanCharField(_("value"), max_length=254)
    label = CleanCharField(_("label"), max_length=60, blank=True)

    search_key = models.GeneratedField(
        expression=SearchKey("value"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        indexes = (
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="contact_point_search"),
            models.Index(fields=["value"], name="contact_point_value"),
        )
        constraints = (models.CheckConstraint(condition=ONE_PARTY, name="contact_point_one_party"),)

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        """Numbers are kept in E.164, e-mail addresses in lower case, profiles without their site's address."""
        try:
            self.value = channels.normalise(self.kind, self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error

    @property
    def url(self) -> str:
        """Where a click leads: tel:, mailto:, the site or the profile; empty when there is nothing to open."""
        return channels.url(self.kind, self.value)

    @property
    def shown(self) -> str:
        """The value as people read it; it belongs into ``bdi dir="ltr"``."""
        return channels.shown(self.kind, self.value)
