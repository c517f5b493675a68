"""Secret addresses of calendar feeds: made, read and revoked. Only the hash of the secret is kept."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import TasksInFeed
from activities.models import FeedToken
from core import audit, text
from core.errors import DomainError
from core.services import lock, require

MAX_FEEDS = 20
NOTED_EVERY = dt.timedelta(minutes=5)


def digest_of(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def feed_create(*, actor: Any, name: str = "", tasks: str = TasksInFeed.EVENTS) -> tuple[FeedToken, str]:
    """Make a feed of the actor's own; the secret comes back this once. Raises DomainError beyond MAX_FEEDS."""
    require(actor, "add", FeedToken)
    if tasks not in TasksInFeed.values:
        raise DomainError(_("Choose how tasks are shown."), field="tasks")
    if FeedToken.objects.filter(user=actor.pk, revoked_at=None).count() >= MAX_FEEDS:
        raise DomainError(_("You have %(limit)s feeds already. Revoke one you do not use.") % {"limit": MAX_FEEDS})
    token = secrets.token_urlsafe(32)
    name = text.clean(name)[:80] or _("My calendar")
    with audit.action("calendar_feed.created", actor=actor, params={"name": name}) as entry:
        feed = FeedToken.objects.create(user_id=actor.pk, name=name, tasks=tasks, digest=digest_of(token))
        entry.obj = feed
    return feed, token


@transaction.atomic
def feed_revoke(*, actor: Any, feed: FeedToken) -> FeedToken:
    """Make the address useless at once. Raises PermissionRefused for somebody else's."""
    require(actor, "change", FeedToken, feed)
    row = lock(feed)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        with audit.action("calendar_feed.revoked", actor=actor, obj=row, params={"name": str(row)}):
            row.save(update_fields=["revoked_at", "updated_at"])
    return row


def feed_read(feed: FeedToken) -> None:
    """Note that a program read it, at most once in NOTED_EVERY: some ask every minute."""
    now = timezone.now()
    rows = FeedToken.objects.filter(pk=feed.pk)
    rows.filter(Q(last_read_at=None) | Q(last_read_at__lt=now - NOTED_EVERY)).update(last_read_at=now)
