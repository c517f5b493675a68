"""In-app notifications: sent by services, shown by the bell."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.models import Notification

_sentences: dict[str, Any] = {}


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
def notify(*, recipients: Iterable[Any], code: str, url: str = "", params: dict[str, Any] | None = None) -> None:
    """Tell each recipient once; part of the caller's transaction."""
    if code not in _sentences:
        raise LookupError(f"notification code {code!r} is not registered")
    unique = {user.pk: user for user in recipients if user is not None and user.is_active}
    Notification.objects.bulk_create(
        Notification(recipient=user, code=code, url=url, params=params or {}) for user in unique.values()
    )


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
