"""Lists of values: kinds of relationship, industries, life-cycle stages, relation types, provinces and cities."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import NamedValue
from core.querysets import ScopedManager


@audit.tracked()
class AccountKind(NamedValue):
    """What a party is to us: customer, supplier, partner, agent, competitor, member, sponsor…"""

    class Meta(NamedValue.Meta):
        verbose_name = _("kind of account")
        verbose_name_plural = _("kinds of account")


@audit.tracked()
class Industry(NamedValue):
    """Field of activity."""

    class Meta(NamedValue.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")


@audit.tracked()
class LifecycleStage(NamedValue):
    """How far the relation has come, from first contact to loyal customer, or past."""

    class Meta(NamedValue.Meta):
        verbose_name = _("life-cycle stage")
        verbose_name_plural = _("life-cycle stages")


@audit.tracked()
class RelationType(NamedValue):
    """What the first party of a relation is to the second, with the name of the inverse (supplier / customer)."""

    inverse_fa = models.CharField(_("Persian name of the inverse"), max_length=80)
    inverse_en = models.CharField(_("English name of the inverse"), max_length=80)

    class Meta(NamedValue.Meta):
        verbose_name = _("relation type")
        verbose_name_plural = _("relation types")

    @property
    def inverse(self) -> str:
        """The relation seen from the other side, in the reader's language."""
        return self.inverse_fa if (get_language() or "fa").startswith("fa") else self.inverse_en

    @property
    def is_symmetric(self) -> bool:
        """Whether it reads the same from both sides (spouse, partner)."""
        return self.name_fa == self.inverse_fa


@audit.tracked()
class BuyingRole(NamedValue):
    """The part a person plays in a purchase: decision maker, expert, finance manager…"""

    class Meta(NamedValue.Meta):
        verbose_name = _("buying role")
        verbose_name_plural = _("buying roles")


class Province(models.Model):
    """A province of Iran."""

    name_fa = models.CharField(_("Persian name"), max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=60, unique=True)

    objects = ScopedManager()

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        ordering = ("name_fa",)

    def __str__(self) -> str:
        return self.name_fa if (get_language() or "fa").startswith("fa") else self.name_en


@audit.tracked()
class Source(NamedValue):
    """Where leads, accounts and opportunities come from: exhibition, website, phone, referral…"""

    needs_referrer = models.BooleanField(_("asks who referred"), default=False)

    class Meta(NamedValue.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
