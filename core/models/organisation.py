"""The company that uses the product: one row, its currencies and its days off."""

from typing import Any, Final

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models.base import TimeStamped
from core.querysets import ScopedManager


def settings_page(name: str, *args: Any) -> str:
    """The address of a settings page, empty where the pages of the settings are not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Currency(models.Model):
    """A currency as data: its code, names, decimals, and its rate to the organisation's base currency."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name_fa = models.CharField(_("Persian name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=40)
    exponent = models.PositiveSmallIntegerField(_("decimal places"), default=2, validators=[MaxValueValidator(4)])
    rate = models.DecimalField(
        _("rate to the base currency"),
        max_digits=20,
        decimal_places=8,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("How much one unit is worth in the organisation's base currency."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en

    def get_absolute_url(self) -> str:
        return settings_page("core:currency_edit", self.pk)


WEEK: Final = (
    (0, _("Saturday")),
    (1, _("Sunday")),
    (2, _("Monday")),
    (3, _("Tuesday")),
    (4, _("Wednesday")),
    (5, _("Thursday")),
    (6, _("Friday")),
)


class Organisation(TimeStamped):
    """Name, ids, money, calendar and working time of the company. There is one row."""

    name_fa = models.CharField(_("Persian name"), max_length=120, default="پیوند")
    name_en = models.CharField(_("English name"), max_length=120, default="Peyvand")
    logo = models.FileField(
        _("logo"),
        upload_to="organisation/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
    )
    national_id = models.CharField(_("company national ID"), max_length=11, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    economic_number = models.CharField(_("economic number"), max_length=14, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    base_currency = models.ForeignKey(
        Currency, models.PROTECT, default="IRR", related_name="+", verbose_name=_("base currency")
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    fiscal_calendar = models.CharField(
        _("calendar of the fiscal year"),
        max_length=10,
        choices=[("jalali", _("Jalali calendar")), ("gregorian", _("Gregorian calendar"))],
        default="jalali",
    )
    working_days = models.JSONField(
        _("working days"),
        default=list,
        blank=True,
        help_text=_("Week days with work, Saturday is 0 and Friday is 6."),
    )
    work_starts = models.TimeField(_("work starts"), default="08:00")
    work_ends = models.TimeField(_("work ends"), default="17:00")
    week_starts_on = models.PositiveSmallIntegerField(
        _("first day of the week"),
        choices=WEEK,
        null=True,
        blank=True,
        help_text=_("In calendars. Left empty: Saturday with the Jalali calendar, Monday with the Gregorian one."),
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("answer within (working hours)"),
        default=9,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("After that the owner of a new lead nobody has answered is reminded. Left empty: nobody is."),
    )

    objects = ScopedManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return settings_page("users:organisation")

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en


class Holiday(models.Model):
    """A day off, seeded from Iran's table and editable: lunar days move by one."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_estimated = models.BooleanField(_("estimated"), default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("date",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return settings_page("core:holiday_edit", self.pk)
