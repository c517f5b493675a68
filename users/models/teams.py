"""Branches (offices) and the tree of teams."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import TimeStamped
from core.querysets import ScopedManager


@audit.tracked()
class Branch(TimeStamped):
    """An office of the company."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


@audit.tracked()
class Team(TimeStamped):
    """People who work together; ``path`` ("/1/4/") makes "the tree below" one indexed prefix search."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name=_("branch")
    )
    leader = models.ForeignKey(
        "users.User", models.SET_NULL, null=True, blank=True, related_name="led_teams", verbose_name=_("leader")
    )
    path = models.CharField(max_length=255, editable=False, default="", db_index=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A team cannot be part of itself or of a team below it."""
        if self.pk and self.parent and self.parent.path.startswith(self.path or "-"):
            raise ValidationError({"parent": _("A team cannot be part of itself or of a team below it.")})
