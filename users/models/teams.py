"""Branches (offices) and the tree of teams."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import TimeStamped
from core.querysets import ScopedManager

PLACE_TEAM = """
IF NEW.parent_id IS NULL THEN
    NEW.path := '/' || NEW.id || '/';
ELSE
    SELECT path || NEW.id || '/' INTO NEW.path FROM users_team WHERE id = NEW.parent_id;
    IF NEW.path LIKE '%/' || NEW.id || '/%' || NEW.id || '/' THEN
        RAISE EXCEPTION 'team % would be part of itself', NEW.id USING ERRCODE = 'check_violation';
    END IF;
END IF;
RETURN NEW;
"""
MOVE_CHILDREN = """
UPDATE users_team SET parent_id = parent_id WHERE parent_id = NEW.id;
RETURN NULL;
"""


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

    def get_absolute_url(self) -> str:
        return reverse("users:branch_detail", args=[self.pk])


@audit.tracked()
class Team(TimeStamped):
    """People who work together; ``path`` ("/1/4/") makes "the tree below" one indexed prefix search.

    Two triggers keep the paths, so that no write can leave the tree wrong: a row takes its place from its parent, and
    when its place changes its children take theirs again.
    """

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
        triggers = (
            pgtrigger.Trigger(
                name="team_place",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=PLACE_TEAM,
            ),
            pgtrigger.Trigger(
                name="team_move_children",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__path__df=pgtrigger.F("new__path")),
                func=MOVE_CHILDREN,
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("users:team_detail", args=[self.pk])

    def clean(self) -> None:
        """A team cannot be part of itself or of a team below it."""
        if self.pk and Team.objects.filter(pk=self.parent_id, path__contains=f"/{self.pk}/").exists():
            raise ValidationError({"parent": _("A team cannot be part of itself or of a team below it.")})
