"""Public web forms that make leads."""

import secrets

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Source
from core import audit
from core.fields import CleanTextField
from core.models import Record
from users.models import Team


def new_token() -> str:
    """An address nobody can guess: 16 random bytes."""
    return secrets.token_urlsafe(16)


@audit.tracked()
class CaptureForm(Record):
    """A form on the company's site, for one source; what it gathers goes to an owner or a team's queue."""

    name_fa = models.CharField(_("Persian title"), max_length=120)
    name_en = models.CharField(_("English title"), max_length=120)
    token = models.SlugField(_("address"), max_length=40, unique=True, default=new_token, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="forms", verbose_name=_("lead source"))
    owner = models.ForeignKey(
        "users.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner of its leads")
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team of its leads")
    )
    intro_fa = CleanTextField(_("Persian introduction"), blank=True)
    intro_en = CleanTextField(_("English introduction"), blank=True)
    thanks_fa = CleanTextField(_("Persian thanks"), blank=True)
    thanks_en = CleanTextField(_("English thanks"), blank=True)
    ask_company = models.BooleanField(_("asks the company"), default=True)
    ask_email = models.BooleanField(_("asks the email"), default=True)
    ask_heard = models.BooleanField(_("asks how they heard about us"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("web form")
        verbose_name_plural = _("web forms")

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en

    def get_public_url(self) -> str:
        """The address visitors open."""
        return reverse("capture", args=[self.token])
