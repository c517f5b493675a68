"""The next step of a record: its earliest open activity, copied into the record's own columns so that lists sort by it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from activities.choices import Status
from activities.models import Activity, ActivityLink
from core import hosts
from core.hosts import Host

COLUMNS = ("next_step", "next_step_at", "next_activity_id")
NOTHING: tuple[str, datetime | None, int | None] = ("", None, None)
BATCH = 500
REST_OF_DAY = timedelta(days=1, seconds=-1)  # an all-day step is late when its day is over


def next_step_refresh(records: Iterable[models.Model]) -> int:
    """Bring next_step, next_step_at and next_activity_id of these records up to date; returns how many changed.

    Records of hosts without a next step are passed over, a closed record has none, and a private activity is nobody
    else's step. The rows are locked first, so that two people who finish two activities of one record leave the truth.
    Three statements per kind of record; the version of the records does not move.
    """
    groups: dict[str, set[int]] = defaultdict(set)
    for record in records:
        groups[record._meta.label_lower].add(record.pk)
    changed = 0
    for label in sorted(groups):
        host = hosts.find(label)
        if host is not None and host.has_next_step:
            keys = sorted(groups[label])
            changed += sum(_refresh(host, keys[i : i + BATCH]) for i in range(0, len(keys), BATCH))
    return changed


def _refresh(host: Host, keys: list[int]) -> int:
    model: Any = host.model
    rows = model.all_objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    locked = list(rows)
    steps = _earliest(model, [row.pk for row in locked if host.is_open(row) and not row.deleted_at])
    stale = []
    for row in locked:
        step = steps.get(row.pk, NOTHING)
        if (row.next_step, row.next_step_at, row.next_activity_id) != step:
            row.next_step, row.next_step_at, row.next_activity_id = step
            stale.append(row)
    if stale:
        model.all_objects.bulk_update(stale, COLUMNS)
    return len(stale)


def _earliest(model: type[models.Model], keys: list[int]) -> dict[int, tuple[str, datetime | None, int | None]]:
    if not keys:
        return {}
    links = ActivityLink.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=keys,
        activity__in=Activity.objects.filter(status=Status.PLANNED, is_private=False, due_at__isnull=False),
    )
    found = links.order_by("object_id", "activity__due_at", "activity_id").distinct("object_id")
    names = ("subject", "text", "due_at", "all_day")
    rows = found.values_list("object_id", "activity_id", *(f"activity__{name}" for name in names))
    return {
        pk: ((subject or text)[:200], due_at + REST_OF_DAY if all_day else due_at, activity)
        for pk, activity, subject, text, due_at, all_day in rows
    }
