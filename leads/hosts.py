"""Leads as hosts of activities, messages and timelines, and as the beginning of their customers' stories."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.hosts import own_addresses
from accounts.models import Account, Contact
from core import hosts
from core.hosts import Host, MergeField, Relatives
from leads.models import Lead
from opportunities.models import Opportunity


def _with_leads(known: Callable[[Any, Any], Sequence[Relatives]], field: str) -> Callable[[Any, Any], list[Relatives]]:
    def family(user: Any, obj: Any) -> list[Relatives]:
        return [*known(user, obj), Relatives(Lead, Lead.objects.for_user(user, "view").filter(**{field: obj}))]

    return family


for _model, _link in ((Account, "account"), (Contact, "contact"), (Opportunity, "opportunity")):
    _host = hosts.find(_model._meta.label_lower)
    if _host is not None:
        hosts.register(replace(_host, family=_with_leads(_host.family, _link)))


def _field(name: str, label: Any) -> MergeField:
    return MergeField(name, label, lambda lead: getattr(lead, name), name)


hosts.register(
    Host(
        model=Lead,
        icon="user-plus",
        has_next_step=True,
        is_open=lambda lead: bool(lead.is_open),
        addresses=own_addresses,
        merge_fields=(
            _field("first_name", _("first name")),
            _field("last_name", _("last name")),
            MergeField("name", _("full name"), lambda lead: lead.person_name, "last_name"),
            _field("company", _("company")),
            _field("email", _("email")),
            _field("mobile", _("mobile")),
            _field("city", _("city")),
            _field("interest", _("interest")),
        ),
    )
)
