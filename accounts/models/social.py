"""What surrounds a party: relations and important dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import DateCalendar
from accounts.models.account import Account
from accounts.models.contact import ONE_PARTY, Contact
from accounts.models.reference import RelationType
from core import audit
from core.fields import CleanCharField
from core.models import TimeStamped
from core.querysets import ScopedManager


@audit.tracked()
class Relation(TimeStamped):
    """A typed relation between any two parties, from when to when; read backwards it is the type's inverse."""

    NAMED_BY = ("type", "from_account", "from_contact", "to_account", "to_contact")

    type = models.ForeignKey(RelationType, models.PROTECT, related_name="+", verbose_name=_("relation type"))
    from_account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="relations_out")
    from_contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="relations_out")
    to_account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="relations_in")
    to_contact = models.ForeignKey(Contact, models.CASCADE, null=True, blank=True, related_name="relations_in")
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    note = CleanCharField(_("note"), max_length=200, blank=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = (
            models.UniqueConstraint(
                fields=["type", "from_account", "from_contact", "to_account", "to_contact"],
                name="relation_unique",
                nulls_distinct=False,
                violation_error_message=_("This relation is recorded already."),
            ),
            models.CheckConstraint(
                condition=models.Q(from_account__isnull=False, from_contact__isnull=True)
                | models.Q(from_account__isnull=True, from_contact__isnull=False),
                name="relation_one_from",
            ),
            models.CheckConstraint(
                condition=models.Q(to_account__isnull=False, to_contact__isnull=True)
                | models.Q(to_account__isnull=True, to_contact__isnull=False),
                name="relation_one_to",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="relation_dates",
                violation_error_message=_("The end is before the start."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_party} — {self.type} — {self.to_party}"

    @property
    def from_party(self) -> Account | Contact | None:
        """The party the relation starts at."""
        return self.from_account or self.from_contact

    @property
    def to_party(self) -> Account | Contact | None:
        """The party the relation leads to."""
        return self.to_account or self.to_contact


@audit.tracked()
class ImportantDate(TimeStamped):
    """A birthday, an anniversary, a renewal: once, or every year in the calendar it is kept in."""

    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="dates", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="dates", verbose_name=_("contact")
    )
    title = CleanCharField(_("title"), max_length=120)
    date = models.DateField(_("date"))
    calendar = models.CharField(_("calendar"), max_length=10, choices=DateCalendar.choices, default=DateCalendar.JALALI)
    every_year = models.BooleanField(_("every year"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("important date")
        verbose_name_plural = _("important dates")
        constraints = (models.CheckConstraint(condition=ONE_PARTY, name="important_date_one_party"),)

    def __str__(self) -> str:
        return self.title
