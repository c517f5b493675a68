"""In-app notifications: sent by services, shown by the bell."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from core.models import Notification

_sentences: dict[str, Any] = {}
_deliverers: list[Callable[[list[Notification]], None]] = []


def register(code: str, sentence: Any) -> None:
    """Give the kind of notification its translated sentence; ``%(name)s`` places are filled from the params."""
    _sentences[code] = sentence


def sentence(notification: Notification) -> str:
    """The notification in the reader's language."""
    text = str(_sentences.get(notification.code, notification.code))
    try:
        return text % notification.params if notification.params else text
    except (KeyError, TypeError, ValueError):
        return text


@transaction.atomic
def notify(
    *,
    recipients: Iterable[Any],
    code: str,
    url: str = "",
    params: dict[str, Any] | None = None,
    obj: models.Model | None = None,
    key: str = "",
) -> list[Notification]:
    """Tell each recipient once; part of the caller's transaction. Returns the rows that are new.

    ``obj`` is the record it is about. A second notification with the same ``key`` to the same person is not made.
    """
    if code not in _sentences:
        raise LookupError(f"notification code {code!r} is not registered")
    unique = {user.pk: user for user in recipients if user is not None and user.is_active}
    if key:
        told = Notification.objects.filter(recipient__in=unique, key=key).values_list("recipient_id", flat=True)
        unique = {pk: user for pk, user in unique.items() if pk not in set(told)}
    about = ContentType.objects.get_for_model(obj) if obj is not None else None
    rows = [
        Notification(
            recipient=user,
            code=code,
            url=url,
            params=params or {},
            content_type=about,
            object_id=obj.pk if obj is not None else None,
            key=key,
        )
        for user in unique.values()
    ]
    made = Notification.objects.bulk_create(rows, ignore_conflicts=bool(key))
    for deliver in _deliverers:
        deliver(made)
    return made


def deliver_with(handler: Callable[[list[Notification]], None]) -> None:
    """Call ``handler`` with new notifications, inside the sender's transaction: further channels hang on here."""
    if handler not in _deliverers:
        _deliverers.append(handler)


def mark_read(*, user: Any, pks: Iterable[int] | None = None) -> int:
    """Mark the user's notifications (all unread, or those) as read; says how many."""
    rows = Notification.objects.for_user(user).filter(read_at=None)
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    return rows.update(read_at=timezone.now())


UNREAD_SQL = (
    "SELECT count(*) FROM (SELECT 1 FROM core_notification WHERE recipient_id = %s AND read_at IS NULL LIMIT 100) rows"
)


def unread_count(user: Any) -> int:
    """The user's own unread notifications, at most 100. Plain SQL: every page asks, and building the query cost more."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD_SQL, [user.pk])
        return int(cursor.fetchone()[0])
