"""What a person wants to hear: kinds by channel, quiet hours, muted records. All of it is one's own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notifications
from core.errors import DomainError
from core.services import domain_error
from messaging.models import Mute, NotificationPreference, NotificationSettings
from messaging.services.delivery import CHANNELS

SETTINGS = ("quiet_from", "quiet_until", "only_working_days", "digest", "digest_at")


def settings_of(user: Any) -> NotificationSettings:
    """The person's settings, with the defaults as long as nothing was saved."""
    return NotificationSettings.objects.filter(user=user.pk).first() or NotificationSettings(user_id=user.pk)


def choices_of(user: Any) -> dict[tuple[str, str], bool]:
    """(kind, channel) → on or off, for every kind: the person's choice or the kind's default."""
    found = {(kind.code, channel): channel in kind.channels for kind in notifications.kinds() for channel in CHANNELS}
    rows = NotificationPreference.objects.filter(user=user.pk).values_list("code", "channel", "is_on")
    return found | {(code, channel): on for code, channel, on in rows if (code, channel) in found}


@transaction.atomic
def notification_settings_save(*, actor: Any, **values: Any) -> NotificationSettings:
    """Keep quiet hours, working days and digest of the actor."""
    unknown = set(values) - set(SETTINGS)
    if unknown:
        raise DomainError(_("There is no such preference: %(name)s") % {"name": ", ".join(sorted(unknown))[:80]})
    row, _made = NotificationSettings.objects.select_for_update().get_or_create(user_id=actor.pk)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean(exclude=["user"])
    except ValidationError as error:
        raise domain_error(error) from error
    row.save()
    return row


@transaction.atomic
def preferences_save(*, actor: Any, choices: Mapping[tuple[str, str], bool]) -> int:
    """Keep what the actor wants to hear where; (kind, channel) pairs left out stay as they are. Says how many changed.

    A choice that equals the default leaves no row, so that a better default of a later release is not held back.
    """
    known = {kind.code: kind for kind in notifications.kinds()}
    strange = [code for code, channel in choices if code not in known or channel not in CHANNELS]
    if strange:
        raise DomainError(_("There is no such kind of notification: %(name)s") % {"name": strange[0][:60]})
    before = choices_of(actor)
    changed = {pair: on for pair, on in choices.items() if before[pair] != on}
    for (code, channel), on in changed.items():
        rows = NotificationPreference.objects.filter(user=actor.pk, code=code, channel=channel)
        if on == (channel in known[code].channels):
            rows.delete()
        else:
            NotificationPreference.objects.update_or_create(
                user_id=actor.pk, code=code, channel=channel, defaults={"is_on": on}
            )
    return len(changed)


@transaction.atomic
def mute_set(*, actor: Any, kind: int, pk: int, until: dt.datetime | None = None) -> Mute:
    """Tell the actor nothing more about a record (key of its content type, own key), until a moment or for good.

    Muting twice is one row. What the bell holds about it counts as read. Nothing is asked about the record: one may
    also mute what one no longer sees.
    """
    row, _made = Mute.objects.update_or_create(
        user_id=actor.pk, content_type_id=kind, object_id=pk, defaults={"until": until}
    )
    notifications.mark_about_read(user=actor, kind=kind, pk=pk)
    return row


@transaction.atomic
def mute_end(*, actor: Any, kind: int, pk: int) -> bool:
    """Tell the actor about the record again; whether it was muted."""
    return bool(Mute.objects.filter(user=actor.pk, content_type=kind, object_id=pk).delete()[0])


def is_muted(*, user: Any, record: models.Model) -> bool:
    """Whether the person hears nothing about the record at the moment."""
    kind = ContentType.objects.get_for_model(record)
    rows = Mute.objects.filter(user=user.pk, content_type=kind, object_id=record.pk)
    return rows.filter(models.Q(until=None) | models.Q(until__gt=timezone.now())).exists()
