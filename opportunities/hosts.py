"""Opportunities as hosts of activities, messages and timelines, and as part of their customers' stories."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from core import display, hosts
from core.hosts import Address, Host, MergeField, Relatives
from opportunities.models import Opportunity, OpportunityContact


def _addresses(deal: Opportunity) -> list[Address]:
    """Those of its contact, of the other people in the purchase, and of its account."""
    people = [deal.contact] if deal.contact else []
    others = OpportunityContact.objects.filter(opportunity=deal).exclude(contact=deal.contact_id).order_by("pk")
    people += [row.contact for row in others.select_related("contact")]
    found = [a for person in people for a in hosts.host_of(person).addresses(person)]
    if deal.account:
        found += hosts.host_of(deal.account).addresses(deal.account)
    return list({(a.channel, a.value): a for a in reversed(found)}.values())[::-1]


def _with_deals(known: Callable[[Any, Any], Sequence[Relatives]], field: str) -> Callable[[Any, Any], list[Relatives]]:
    def family(user: Any, obj: Any) -> list[Relatives]:
        deals = Opportunity.objects.for_user(user, "view").filter(**{field: obj})
        return [*known(user, obj), Relatives(Opportunity, deals)]

    return family


for _model, _link in ((Account, "account"), (Contact, "contact")):
    _host = hosts.find(_model._meta.label_lower)
    if _host is not None:
        hosts.register(replace(_host, family=_with_deals(_host.family, _link)))

hosts.register(
    Host(
        model=Opportunity,
        icon="target-arrow",
        has_next_step=True,
        is_open=lambda deal: bool(deal.is_open),
        addresses=_addresses,
        merge_fields=(
            MergeField("name", _("name"), lambda deal: deal.name, "name"),
            MergeField("account", _("account"), lambda deal: deal.account or "", "account"),
            MergeField("contact", _("contact"), lambda deal: deal.contact or "", "contact"),
            MergeField("amount", _("amount"), lambda deal: display.format_money(deal.amount, deal.currency), "amount"),
            MergeField(
                "expected_close_on",
                _("expected close date"),
                lambda deal: display.format_date(deal.expected_close_on) if deal.expected_close_on else "",
                "expected_close_on",
            ),
        ),
    )
)
