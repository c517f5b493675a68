"""Fixed choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PartyType(models.TextChoices):
    """Legal person or natural person."""

    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")


class Gender(models.TextChoices):
    """Gender as people state it."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", pgettext_lazy("gender", "other")


class Language(models.TextChoices):
    """The language in which somebody is written to."""

    PERSIAN = "fa", _("Persian")
    ENGLISH = "en", _("English")


class Education(models.TextChoices):
    """Highest degree."""

    SCHOOL = "school", _("below diploma")
    DIPLOMA = "diploma", _("diploma")
    ASSOCIATE = "associate", _("associate degree")
    BACHELOR = "bachelor", _("bachelor's degree")
    MASTER = "master", _("master's degree")
    DOCTORATE = "doctorate", _("doctorate")


class IncomeBand(models.TextChoices):
    """Coarse bands, compared with others of the same place."""

    LOW = "low", pgettext_lazy("income", "low")
    MIDDLE = "middle", pgettext_lazy("income", "middle")
    HIGH = "high", pgettext_lazy("income", "high")


class ChannelKind(models.TextChoices):
    """Ways to reach a party."""

    PHONE = "phone", _("phone")
    MOBILE = "mobile", _("mobile")
    FAX = "fax", _("fax")
    EMAIL = "email", _("email")
    WEBSITE = "website", _("website")
    INSTAGRAM = "instagram", _("Instagram")
    TELEGRAM = "telegram", _("Telegram")
    WHATSAPP = "whatsapp", _("WhatsApp")
    LINKEDIN = "linkedin", _("LinkedIn")
    BALE = "bale", _("Bale")
    EITAA = "eitaa", _("Eitaa")
    RUBIKA = "rubika", _("Rubika")
    OTHER = "other", pgettext_lazy("channel", "other")


class DateCalendar(models.TextChoices):
    """The calendar a yearly date comes back in."""

    JALALI = "jalali", _("Jalali calendar")
    GREGORIAN = "gregorian", _("Gregorian calendar")
