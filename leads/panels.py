"""Panels: what a lead became, who is like it, and on the other pages, the lead they came from."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.panels import Panel, register
from core.policies import policy_for
from leads.choices import LeadStatus
from leads.models import Lead
from leads.selectors import similar_to

ORIGIN_LENGTH = 10


@register
class ResultPanel(Panel):
    """What a converted lead became; each link only for those who may see the record."""

    host = "leads.lead"
    slug = "became"
    title = _("What it became")
    icon = "transform"
    order = 10
    template = "leads/panels/_result.html"
    lazy = False

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.status == LeadStatus.CONVERTED)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        rows = []
        for name, icon in (("account", "building"), ("contact", "user"), ("opportunity", "target-arrow")):
            field: Any = Lead._meta.get_field(name)
            pk = getattr(obj, f"{name}_id")
            if pk is None:
                continue
            record = field.related_model.objects.for_user(request.user, "view").filter(pk=pk).first()
            rows.append({"label": field.verbose_name, "record": record, "icon": icon})
        return {"rows": rows, "flush": True}


@register
class SimilarPanel(Panel):
    """Records that may be the same party."""

    host = "leads.lead"
    slug = "similar"
    title = _("Similar records")
    icon = "copy"
    order = 30
    template = "leads/panels/_similar.html"

    def visible(self, user: Any, obj: Any) -> bool:
        return bool(obj.status != LeadStatus.CONVERTED)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        similar = similar_to(user=request.user, lead=obj)
        hint = _("No other lead, contact or account has this phone, e-mail or name.")
        return {"similar": similar, "is_empty": not similar, "empty_hint": hint, "flush": True}


class OriginPanel(Panel):
    """The lead a record was made from. Absent where there is none."""

    slug = "origin"
    title = _("Made from lead")
    icon = "user-plus"
    order = 35
    template = "leads/panels/_origin.html"
    model = Lead
    link = ""

    def rows(self, user: Any, obj: models.Model) -> models.QuerySet[Lead]:
        """The leads, of those the user may see."""
        return Lead.objects.for_user(user, "view").filter(**{self.link: obj.pk})

    def visible(self, user: Any, obj: models.Model) -> bool:
        return policy_for(Lead).can(user, "view") and self.rows(user, obj).exists()

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        rows = self.rows(request.user, obj).select_related("source", "converted_by").order_by("-converted_at", "-pk")
        return {"leads": list(rows[:ORIGIN_LENGTH]), "flush": True}


@register
class AccountOriginPanel(OriginPanel):
    """On an account."""

    host = "accounts.account"
    link = "account"


@register
class ContactOriginPanel(OriginPanel):
    """On a contact."""

    host = "accounts.contact"
    link = "contact"


@register
class OpportunityOriginPanel(OriginPanel):
    """On an opportunity."""

    host = "opportunities.opportunity"
    link = "opportunity"
