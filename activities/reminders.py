"""Reminders of important dates of customers, and the app's parts of the morning digest."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, ImportantDate
from accounts.selectors import important_date_next
from activities import digest_sections
from activities.digest_sections import MAX_LINES, Line, Part
from activities.models import Activity, Mention
from activities.reminder_sources import Occasion, Source, days_of, morning_of, register
from activities.selectors.activities import words_for
from activities.selectors.mine import late_q, to_do
from core import display

DAYS_BEFORE = (3, 0)


def date_occasions(party: str) -> Any:
    """Occasions of the important dates of accounts or of contacts, told to who answers for the party."""

    def occasions(start: dt.datetime, end: dt.datetime) -> Iterable[Occasion]:
        first, last = days_of(start, end)
        rows = ImportantDate.objects.filter(
            **{f"{party}__deleted_at": None, f"{party}__owner__is_active": True}
        ).select_related(party, f"{party}__owner")
        for row in rows.iterator(chunk_size=2000):
            record = getattr(row, party)
            for days in DAYS_BEFORE:
                day = day_of(row, first + dt.timedelta(days=days))
                if day is None or day - dt.timedelta(days=days) > last:
                    continue
                due_at = morning_of(day - dt.timedelta(days=days), record.owner.time_zone)
                if start <= due_at < end:
                    params = {"title": row.title, "name": str(record), "on": day.isoformat()}
                    yield Occasion(record.owner_id, record.pk, due_at, f"{row.pk}:{day}:{days}", params)

    return occasions


def day_of(row: ImportantDate, today: dt.date) -> dt.date | None:
    """When the date falls, on or after the day: every year in its own calendar, or once."""
    if row.every_year:
        return important_date_next(row.date, row.calendar, today)  # type: ignore[arg-type]
    return row.date if row.date >= today else None


def alive(model: Any) -> Any:
    """Those of the records that are still there."""

    def holds(keys: Collection[int]) -> Collection[int]:
        return set(model.objects.filter(pk__in=keys).values_list("pk", flat=True))

    return holds


for _party, _model in (("account", Account), ("contact", Contact)):
    register(
        Source(code=f"date.{_party}", model=_model, occasions=date_occasions(_party), holds=alive(_model)),
        _("%(title)s of “%(name)s”: %(on)s"),
        label=_("Important dates of my accounts") if _party == "account" else _("Important dates of my contacts"),
    )


def plain_lines(rows: Any, now: dt.datetime, *, day_too: bool) -> Part:
    """Activities as lines of the digest, with their time, or with day and time."""
    found = list(rows[:MAX_LINES])
    lines = [Line(str(row)[:200], row.get_absolute_url(), _when(row, day_too=day_too)) for row in found]
    return Part(lines, len(found) if len(found) < MAX_LINES else rows.count())


def _when(row: Activity, *, day_too: bool) -> str:
    if day_too:
        return display.format_date(row.due_at, "day")
    return "" if row.all_day else display.format_time(row.due_at)


def late(user: Any, now: dt.datetime) -> Part:
    """What should be done already."""
    return plain_lines(to_do(user).filter(late_q(now)), now, day_too=True)


def today(user: Any, now: dt.datetime) -> Part:
    """What the person's day holds, in its order."""
    zone = display.current().tz
    midnight = dt.datetime.combine(now.astimezone(zone).date(), dt.time.min, zone)
    rows = to_do(user).filter(due_at__gte=midnight, due_at__lt=midnight + dt.timedelta(days=1)).exclude(late_q(now))
    return plain_lines(rows, now, day_too=False)


def calls(user: Any, now: dt.datetime) -> Part:
    """Where somebody called the person by name and waits."""
    rows = Mention.objects.filter(user=user.pk, seen_at=None, activity__deleted_at=None)
    rows = rows.select_related("activity", "by").order_by("-created_at")
    lines = [
        Line(
            f"{row.by or ''}: {words_for(row.activity, user=user)[:120]}",
            reverse("activities:mention", args=[row.pk]),
        )
        for row in rows[:MAX_LINES]
    ]
    return Part(lines, len(lines) if len(lines) < MAX_LINES else rows.count())


def dates(user: Any, now: dt.datetime) -> Part:
    """Important dates of the person's own customers on this day."""
    day = now.astimezone(display.current().tz).date()
    mine = Q(account__owner=user.pk, account__deleted_at=None) | Q(contact__owner=user.pk, contact__deleted_at=None)
    rows = ImportantDate.objects.filter(mine).select_related("account", "contact")
    lines = []
    for row in rows.iterator(chunk_size=2000):
        party = row.account or row.contact
        if party is not None and day_of(row, day) == day:
            lines.append(Line(f"{row.title}: {party}", party.get_absolute_url()))
    return Part(lines[:MAX_LINES], len(lines))


for _code, _title, _find, _urgent in (
    ("late", _("Late"), late, True),
    ("today", _("Today"), today, True),
    ("mentions", _("Waiting for you"), calls, True),
    ("dates", _("Important dates"), dates, True),
):
    digest_sections.register(digest_sections.Section(code=_code, title=_title, find=_find, urgent=_urgent))
