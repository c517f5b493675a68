"""Accounts and contacts as hosts of activities, messages and timelines."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import ChannelKind
from accounts.models import Account, Contact, ContactPoint, Employment
from core.hosts import Address, Host, MergeField, Relatives, register

WAYS = (("email", "email"), ("sms", "mobile"))
POINTS = {ChannelKind.EMAIL: "email", ChannelKind.MOBILE: "sms"}
MAX_PEOPLE = 200


def own_addresses(obj: Any) -> list[Address]:
    """E-mail and mobile of the row itself."""
    return [Address(channel, value, str(obj), name, obj) for channel, name in WAYS if (value := getattr(obj, name))]


def _addresses(obj: Any) -> list[Address]:
    points = ContactPoint.objects.filter(**{obj._meta.model_name: obj}, kind__in=POINTS).order_by("pk")
    further = (Address(POINTS[p.kind], p.value, str(obj), p.kind, obj) for p in points)  # type: ignore[index]
    return [*own_addresses(obj), *further]


def _account_addresses(obj: Account) -> list[Address]:
    """Those of the account and of the people who work there now."""
    people = Contact.objects.filter(
        pk__in=Employment.objects.filter(account=obj, ends_on=None).values("contact")
    ).order_by("pk")
    return [*_addresses(obj), *(address for person in people[:MAX_PEOPLE] for address in own_addresses(person))]


def _account_family(user: Any, obj: Account) -> Sequence[Relatives]:
    people = Contact.objects.for_user(user, "view").filter(
        pk__in=Employment.objects.filter(account=obj).values("contact")
    )
    return [Relatives(Contact, people)]


def _text(name: str) -> Any:
    return lambda obj: getattr(obj, name)


def _field(name: str, label: Any) -> MergeField:
    return MergeField(name, label, _text(name), name)


REACHABLE = (
    _field("email", _("email")),
    _field("mobile", _("mobile")),
    _field("phone", _("phone")),
    _field("city", _("city")),
    _field("address", _("address")),
)

register(
    Host(
        model=Account,
        icon="building",
        family=_account_family,
        addresses=_account_addresses,
        merge_fields=(_field("name", _("name")), *REACHABLE),
    )
)
register(
    Host(
        model=Contact,
        icon="user",
        addresses=_addresses,
        language=_text("language"),
        merge_fields=(
            _field("salutation", _("salutation")),
            _field("first_name", _("first name")),
            _field("last_name", _("last name")),
            MergeField("name", _("full name"), str, "last_name"),
            *REACHABLE,
        ),
    )
)
