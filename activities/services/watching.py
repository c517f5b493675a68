"""Following a record: who follows, and what the followers are told.

Every audit entry of a person on a followed record is told to those who follow it, except to who did it. The owner of a
record follows it without saying so; muting ends that. Nobody is told of what he or she may not see.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Assignment, Watch
from core import audit, hosts, notifications, rich_text
from core.errors import DomainError
from core.models import AuditEntry, Notification
from core.policies import allows
from core.services import require
from users.models import User

CODE: Final = "watch.changed"
WITHIN: Final = 600  # seconds in which the same person's same doing on a record is told once
MAX_RECORDS: Final = 20
TOLD_BY_THEMSELVES: Final = frozenset(
    {
        "activity.created",
        "activity.moved",
        "activity.cancelled",
        "activity.done",
        "activity.done_with_outcome",
        "activity.handed_over",
    }
)
SILENT: Final = frozenset({"record.exported", "message.queued"})


def can_watch(record: models.Model) -> bool:
    """Whether records of this kind can be followed: hosts and activities."""
    return isinstance(record, Activity) or hosts.find(record._meta.label_lower) is not None


def kind_of(record: models.Model) -> ContentType:
    """The content type by which the record is followed and muted."""
    return ContentType.objects.get_for_model(record)


@transaction.atomic
def record_watch(*, actor: Any, record: models.Model) -> None:
    """Follow a record the actor sees; twice is once. Raises PermissionRefused or DomainError."""
    require(actor, "view", type(record), record)
    if not can_watch(record):
        raise DomainError(_("Records of this kind cannot be followed."))
    kind = ContentType.objects.get_for_model(record)
    Watch.objects.get_or_create(user_id=actor.pk, content_type=kind, object_id=record.pk)


@transaction.atomic
def record_unwatch(*, actor: Any, record: models.Model) -> None:
    """Follow a record no longer."""
    kind = ContentType.objects.get_for_model(record)
    Watch.objects.filter(user=actor.pk, content_type=kind, object_id=record.pk).delete()


def watches(*, user: Any, record: models.Model) -> bool:
    """Whether the person follows the record, by choice or as its owner."""
    if getattr(record, "owner_id", None) == user.pk:
        return True
    kind = ContentType.objects.get_for_model(record)
    return Watch.objects.filter(user=user.pk, content_type=kind, object_id=record.pk).exists()


def tell_followers(entry: AuditEntry, related: Sequence[models.Model]) -> None:
    """Tell of a new audit entry; called inside the transaction of the service that left it.

    One statement where nobody follows; a doing that touches more than twenty records is told to nobody.
    """
    if entry.actor_id is None or entry.code in SILENT:
        return
    target = entry.obj
    records = _followable([target, *related])
    if not records or len(records) > MAX_RECORDS:
        return
    followers = _followers(entry, target, records)
    followers.pop(entry.actor_id, None)
    if not followers:
        return
    _leave_out_told(entry, target, followers)
    people = User.objects.filter(pk__in=followers, is_active=True).in_bulk()
    seeing = [user for user in people.values() if _may_see(user, target, followers[user.pk])]
    if seeing:
        notifications.send(rows=[_notice(entry, user, followers[user.pk]) for user in seeing])


def _followable(found: Iterable[models.Model | None]) -> list[models.Model]:
    unique = {(row._meta.label_lower, row.pk): row for row in found if row is not None and row.pk}
    return [row for row in unique.values() if can_watch(row)]


def _followers(
    entry: AuditEntry, target: models.Model | None, records: Sequence[models.Model]
) -> dict[int, models.Model]:
    """User → the record through which the person hears of it; the target itself comes first."""
    kinds = {type(record): ContentType.objects.get_for_model(record).pk for record in records}
    by_key = {(kinds[type(record)], record.pk): record for record in records}
    where = Q(pk__in=[])
    for kind, pk in by_key:
        where |= Q(content_type=kind, object_id=pk)
    found: dict[int, models.Model] = {}
    for user, kind, pk in Watch.objects.filter(where).values_list("user", "content_type", "object_id"):
        found[user] = _nearer(found.get(user), by_key[kind, pk], target)
    for record in records:
        owner = getattr(record, "owner_id", None)
        if owner and not (record is target and _is_new(entry)):
            found[owner] = _nearer(found.get(owner), record, target)
    return found


def _nearer(known: models.Model | None, record: models.Model, target: models.Model | None) -> models.Model:
    return record if known is None or record is target else known


def _is_new(entry: AuditEntry) -> bool:
    """Whether the owner hears of the record by another notification: it is new, or newly given to him or her."""
    return entry.code.endswith((".created", ".captured", ".logged")) or entry.code == "record.assigned"


def _leave_out_told(entry: AuditEntry, target: models.Model | None, followers: dict[int, models.Model]) -> None:
    """The people of an activity hear of it from its own service, those called in its text by the call."""
    if not isinstance(target, Activity):
        return
    for match in rich_text.MENTION.finditer(target.text):
        followers.pop(int(match[2]), None)
    if entry.code not in TOLD_BY_THEMSELVES:
        return
    followers.pop(target.owner_id or 0, None)
    for user in Assignment.objects.filter(activity=target).values_list("user", flat=True):
        followers.pop(user, None)


def _may_see(user: User, target: models.Model | None, record: models.Model) -> bool:
    """Both what was done and the record it was done on; what nobody wrote a policy for is told to nobody."""
    rows = [record] if target is None or target is record else [target, record]
    try:
        return all(allows(user, "view", row) for row in rows)
    except ImproperlyConfigured:
        return False


def _notice(entry: AuditEntry, user: User, record: models.Model) -> Notification:
    kind = ContentType.objects.get_for_model(record)
    what = zlib.crc32(json.dumps(entry.params, sort_keys=True, default=str).encode())
    moment = int(entry.at.timestamp()) // WITHIN
    tells = entry.obj is not None and audit.shows_fields(entry.code)
    hidden = user.hidden_fields(entry.obj._meta.label_lower) if tells else ()
    return Notification(
        recipient=user,
        code=CODE,
        url=record.get_absolute_url() if hasattr(record, "get_absolute_url") else "",
        params={
            "actor": str(entry.actor),
            "name": str(record)[:200],
            "did": entry.code,
            "params": audit.masked(entry.code, entry.params, hidden),
        },
        content_type=kind,
        object_id=record.pk,
        key=f"watch:{kind.pk}:{record.pk}:{entry.code}:{what}:{entry.actor_id}:{moment}"[:160],
    )
