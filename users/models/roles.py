"""Roles: Django groups with a scope per model and action."""

from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import TimeStamped
from core.querysets import ScopedManager


@audit.tracked()
class Role(TimeStamped):
    """What a role is called, and what it demands; its members are the users of its group."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="role", verbose_name=_("group"))
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_fa = models.CharField(_("Persian name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    description_fa = models.CharField(_("Persian description"), max_length=300, blank=True)
    description_en = models.CharField(_("English description"), max_length=300, blank=True)
    mfa_required = models.BooleanField(_("requires two-step sign-in"), default=False)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en

    def get_absolute_url(self) -> str:
        return reverse("users:role_edit", args=[self.pk])

    @property
    def description(self) -> str:
        """What the role is for, in the reader's language."""
        return self.description_fa if (get_language() or "fa").startswith("fa") else self.description_en


@audit.tracked()
class RoleGrant(models.Model):
    """One cell of the role's table: on this model, this action, this far."""

    class Scope(models.TextChoices):
        NONE = "none", _("none")
        OWN = "own", _("own")
        TEAM = "team", _("team")
        BRANCH = "branch", _("branch")
        ALL = "all", _("all")

    role = models.ForeignKey(Role, models.CASCADE, related_name="grants", verbose_name=_("role"))
    model = models.CharField(_("kind of record"), max_length=80)
    action = models.CharField(_("action"), max_length=30)
    scope = models.CharField(_("scope"), max_length=6, choices=Scope.choices)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = (models.UniqueConstraint(fields=["role", "model", "action"], name="grant_unique"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.model}.{self.action} = {self.scope}"


@audit.tracked()
class FieldRule(models.Model):
    """A field a role may not read, or may read but not write."""

    class Access(models.TextChoices):
        HIDDEN = "hidden", _("hidden")
        READ = "read", _("read only")

    role = models.ForeignKey(Role, models.CASCADE, related_name="field_rules", verbose_name=_("role"))
    model = models.CharField(_("kind of record"), max_length=80)
    field = models.CharField(_("field"), max_length=80)
    access = models.CharField(_("access"), max_length=6, choices=Access.choices)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("field rule")
        verbose_name_plural = _("field rules")
        constraints = (models.UniqueConstraint(fields=["role", "model", "field"], name="field_rule_unique"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.model}.{self.field} = {self.access}"
