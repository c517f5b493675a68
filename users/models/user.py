"""The user: a person who logs in with an e-mail address."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.display import Display
from core.querysets import ScopedQuerySet
from users import field_rules, grants
from users.models.teams import Branch, Team


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Users by e-mail, in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make a user; without a password the account cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


@audit.tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """Someone who works in the product, with team, branch and preferences of display."""

    class Language(models.TextChoices):
        FA = "fa", _("Persian")
        EN = "en", _("English")

    class Calendar(models.TextChoices):
        JALALI = "jalali", _("Jalali calendar")
        GREGORIAN = "gregorian", _("Gregorian calendar")

    class Digits(models.TextChoices):
        FA = "fa", _("Persian digits")
        LATIN = "latin", _("Latin digits")

    class MoneyUnit(models.TextChoices):
        TOMAN = "IRT", _("Toman")
        RIAL = "IRR", _("Rial")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device")
        LIGHT = "light", _("Light theme")
        DARK = "dark", _("Dark theme")

    class Density(models.TextChoices):
        NORMAL = "normal", _("normal")
        COMPACT = "compact", _("compact")

    email = models.EmailField(_("email"), max_length=254, unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="users", verbose_name=_("team"))
    branch = models.ForeignKey(
        Branch, models.SET_NULL, null=True, blank=True, related_name="users", verbose_name=_("branch")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FA)
    calendar = models.CharField(_("calendar"), max_length=10, choices=Calendar.choices, default=Calendar.JALALI)
    digits = models.CharField(_("digits"), max_length=5, choices=Digits.choices, default=Digits.FA)
    money_unit = models.CharField(_("money unit"), max_length=3, choices=MoneyUnit.choices, default=MoneyUnit.TOMAN)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tehran")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    density = models.CharField(_("density"), max_length=7, choices=Density.choices, default=Density.NORMAL)
    first_page = models.CharField(_("first page"), max_length=40, blank=True)
    list_columns = models.JSONField(default=dict, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("first_name",)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("first_name", "last_name")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique"),)

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_absolute_url(self) -> str:
        return reverse("users:user_detail", args=[self.pk])

    def get_full_name(self) -> str:
        """First and last name with one space."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """What colleagues call the person."""
        return self.first_name

    def clean(self) -> None:
        """E-mail addresses are kept in lower case."""
        self.email = (self.email or "").strip().lower()

    @property
    def display(self) -> Display:
        """How this person wants to see things."""
        return Display(
            language=self.language,
            calendar=self.calendar,
            digits=self.digits,
            money_unit=self.money_unit,
            timezone=self.time_zone,
            theme=self.theme,
            density=self.density,
        )

    def scope_for(self, label: str, action: str) -> str:
        """The widest scope any of the user's roles gives for the action on the model (core.policies asks)."""
        return grants.scope_for(self, label, action)

    def colleagues(self, level: str) -> list[int]:
        """Ids of the users whose records the scope word covers: own, team (tree below) or branch."""
        return grants.colleagues(self, level)

    def rights_key(self) -> tuple[bool, bool, frozenset[tuple[tuple[str, str], str]]]:
        """Equal for users who may do the same: what depends on rights alone is worked out once for all of them."""
        return grants.rights_key(self)

    def field_access(self, label: str, field: str) -> str:
        """'hidden', 'read' or '' (open): what the user may do with the field of the model."""
        return field_rules.access_of(self, label, field)

    def hidden_fields(self, label: str) -> frozenset[str]:
        """The fields of the model the user may not read."""
        return field_rules.hidden_fields(self, label)
