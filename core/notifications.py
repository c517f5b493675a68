"""In-app notifications: sent by services, shown by the bell."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
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
