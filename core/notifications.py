"""Notifications: kinds with their sentences, sending, and what the bell reads."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.utils import timezone

from core import display
from core.models import Notification
from core.purging import delete_in_batches

APP, EMAIL, SMS = "app", "email", "sms"
Router = Callable[[list[Notification]], list[Notification]]
KEEP_READ, KEEP_UNREAD = dt.timedelta(days=90), dt.timedelta(days=365)
BELL_ROWS = 100
ISOLATE, POP = "\u2068", "\u2069"


@dataclass(frozen=True)
class Kind:
    """A kind of notification: its sentence, its name on the preferences page, and where it is heard by default.

    An urgent one goes by e-mail at once; others wait a few minutes for each other.
    """

    code: str
    sentence: Any
    label: Any
    channels: frozenset[str]
    urgent: bool = False


@dataclass
class Folded:
    """Notifications about one record as one line: the newest of them, how many there are and how many are unread."""

    latest: Notification
    count: int = 1
    unread: int = 0
    others: list[Notification] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The newest one's sentence for a page."""
        return sentence(self.latest, isolate=True)

    @property
    def more(self) -> int:
        """How many there are beside the one shown."""
        return self.count - 1


_kinds: dict[str, Kind] = {}
_routers: list[Router] = []


def register(
    code: str, sentence: Any, *, label: Any = "", channels: Iterable[str] = (APP,), urgent: bool = False
) -> None:
    """Declare a kind of notification.

    ``%(name)s`` places of the sentence are filled from the params: "at" and "on" hold a moment and a day in ISO form and
    are shown in the reader's calendar, a list is shown item by item. A function is called with the params instead.
    ``channels`` are on by default.
    """
    _kinds[code] = Kind(code, sentence, label or sentence, frozenset(channels), urgent)


def kinds() -> list[Kind]:
    """Every kind, in the order of the apps."""
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    """The kind; LookupError for a code nobody registered."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"notification code {code!r} is not registered") from None


def sentence(notification: Notification, *, isolate: bool = False) -> str:
    """The notification in the reader's language and calendar.

    ``isolate`` puts each name into Unicode isolates, so that on a page a Persian name does not turn an English sentence
    round; mails and SMS go without.
    """
    kind = _kinds.get(notification.code)
    if kind is None:
        return notification.code
    params = {name: _shown(name, value) for name, value in notification.params.items()}
    if isolate:
        params = {k: f"{ISOLATE}{v}{POP}" if isinstance(v, str) and k != "did" else v for k, v in params.items()}
    try:
        if callable(kind.sentence):
            return str(kind.sentence(params))
        return str(kind.sentence) % params if params else str(kind.sentence)
    except (KeyError, TypeError, ValueError):
        return str(kind.label)


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return display.listed(value)
    try:
        if name == "at" and value:
            return display.format_datetime(dt.datetime.fromisoformat(value), "long")
        if name == "on" and value:
            return display.format_date(dt.date.fromisoformat(value), "long")
    except (TypeError, ValueError):
        return value
    return value


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
    """Tell each recipient once; part of the caller's transaction. Returns the rows that are new in the product.

    ``obj`` is the record it is about. A second notification with the same ``key`` to the same person is not made.
    """
    kind_of(code)
    about = ContentType.objects.get_for_model(obj) if obj is not None else None
    unique = {user.pk: user for user in recipients if user is not None and user.is_active}
    return send(
        rows=[
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
    )


@transaction.atomic
def send(*, rows: Sequence[Notification]) -> list[Notification]:
    """Send many notifications, of any kinds and to any people, with a fixed number of statements.

    Those told before (by their key) are left out; the others pass the routers, and what these give back is kept for the
    bell. Recipients must be active; the caller sees to it.
    """
    fresh = _untold(rows)
    for route in _routers:
        fresh = route(fresh) if fresh else fresh
    return keep(fresh)


def keep(rows: Sequence[Notification]) -> list[Notification]:
    """Show notifications in the bell without asking any router; one whose key was told meanwhile is not kept twice."""
    return Notification.objects.bulk_create(rows, ignore_conflicts=any(row.key for row in rows), batch_size=1000)


def _untold(rows: Sequence[Notification]) -> list[Notification]:
    keyed = [row for row in rows if row.key]
    told: set[tuple[int, str]] = set()
    if keyed:
        found = Notification.objects.filter(
            recipient__in={row.recipient_id for row in keyed}, key__in=[row.key for row in keyed]
        )
        told = set(found.values_list("recipient_id", "key"))
    return [row for row in rows if not row.key or (row.recipient_id, row.key) not in told]


def deliver_with(router: Router) -> None:
    """Let ``router`` see new notifications before they are kept, inside the sender's transaction.

    It hands them to further channels as it sees fit and returns those that the bell shall show.
    """
    if router not in _routers:
        _routers.append(router)


def mark_read(*, user: Any, pks: Iterable[int] | None = None) -> int:
    """Mark the user's notifications (all unread, or those) as read; says how many."""
    rows = Notification.objects.for_user(user).filter(read_at=None)
    if pks is not None:
        rows = rows.filter(pk__in=list(pks))
    return rows.update(read_at=timezone.now())


def mark_line_read(*, user: Any, notification: Notification) -> int:
    """Mark the notification and all others about the same record as read: they were folded into one line."""
    if notification.content_type_id is None:
        return mark_read(user=user, pks=[notification.pk])
    return mark_about_read(user=user, kind=notification.content_type_id, pk=notification.object_id or 0)


def mark_about_read(*, user: Any, kind: int, pk: int) -> int:
    """Mark all of the user's notifications about a record (key of its content type, own key) as read."""
    rows = Notification.objects.for_user(user).filter(read_at=None, content_type=kind, object_id=pk)
    return rows.update(read_at=timezone.now())


UNREAD_SQL = (
    "SELECT count(*), coalesce(max(id), 0) FROM (SELECT id FROM core_notification "
    "WHERE recipient_id = %s AND read_at IS NULL ORDER BY id DESC LIMIT 100) rows"
)


def unread_state(user: Any) -> tuple[int, int]:
    """How many of the user's own notifications are unread (at most 100), and the key of the newest.

    Plain SQL over one index: every page asks, and building the query cost more.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNREAD_SQL, [user.pk])
        count, newest = cursor.fetchone()
        return int(count), int(newest)


def fold(rows: Iterable[Notification]) -> list[Folded]:
    """Rows, newest first, with those about one record folded into one line at the place of the newest."""
    lines: dict[tuple[int, int], Folded] = {}
    for row in rows:
        # a row about no record stands alone: no content type has the key 0
        about = (row.content_type_id, row.object_id or 0) if row.content_type_id else (0, row.pk)
        line = lines.get(about)
        if line is None:
            lines[about] = Folded(row, unread=int(row.read_at is None))
        else:
            line.count += 1
            line.unread += int(row.read_at is None)
            line.others.append(row)
    return list(lines.values())


def bell(user: Any, limit: int = 15) -> list[Folded]:
    """The newest lines of the bell's menu, out of the last hundred notifications."""
    rows = Notification.objects.for_user(user).order_by("-created_at", "-pk")[:BELL_ROWS]
    return fold(rows)[:limit]


def purge(now: dt.datetime | None = None) -> int:
    """Forget notifications read 90 days ago and unread ones after a year; says how many. Called by beat."""
    now = now or timezone.now()
    old = models.Q(read_at__lt=now - KEEP_READ) | models.Q(created_at__lt=now - KEEP_UNREAD)
    return delete_in_batches(Notification.objects.filter(old))
