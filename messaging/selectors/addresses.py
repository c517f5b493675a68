"""Who has an address: hosts are searched by their own fields of that kind, whatever they are called."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from accounts.choices import ChannelKind
from accounts.models import ContactPoint
from core import hosts
from core.fields import PhoneField
from messaging.choices import Channel

MOST = 20


def records_at(channel: str, address: str) -> list[tuple[int, int]]:
    """(kind, key) of the records reached at an e-mail address or a number in E.164, at most 20 of each kind.

    Unscoped: it links what comes in to whomever it concerns; who may see those links is asked where they are shown.
    """
    return list(dict.fromkeys([*_hosts_at(channel, address), *_contact_points_at(channel, address)]))


def _hosts_at(channel: str, address: str) -> Iterator[tuple[int, int]]:
    wanted = PhoneField if channel == Channel.SMS else models.EmailField
    for host in hosts.all_hosts():
        found = Q(pk__in=[])
        for field in host.model._meta.concrete_fields:
            if isinstance(field, wanted):
                found |= _same(field.name, channel, address)
        kind = ContentType.objects.get_for_model(host.model).pk
        rows = host.model._default_manager.filter(found).order_by("-pk").values_list("pk", flat=True)[:MOST]
        yield from ((kind, pk) for pk in rows)


def _same(name: str, channel: str, address: str) -> Q:
    if channel == Channel.SMS:
        return Q(**{name: address}) | Q(**{f"{name}__startswith": f"{address};ext="})
    return Q(**{f"{name}__iexact": address})


def _contact_points_at(channel: str, address: str) -> Iterator[tuple[int, int]]:
    kind = ChannelKind.MOBILE if channel == Channel.SMS else ChannelKind.EMAIL
    for point in ContactPoint.objects.filter(kind=kind, value=address)[:MOST]:
        for name in ("account", "contact"):
            owner = getattr(point, f"{name}_id")
            if owner is not None:
                model = ContactPoint._meta.get_field(name).related_model
                yield ContentType.objects.get_for_model(model).pk, owner
