"""Reading activities: whose they are to do, and what they are about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from activities.choices import Kind, Status
from activities.models import Activity, ActivityLink, Watch
from core import hosts, rich_text


def words_for(activity: Activity, *, user: Any) -> str:
    """What the activity says, by the words the reader may read; else its kind."""
    hidden = user.hidden_fields(Activity._meta.label_lower)
    words = (getattr(activity, name) for name in ("text", "subject") if name not in hidden)
    return next((rich_text.plain(one) for one in words if one), str(activity.get_kind_display()))


def doers(activity: Activity) -> list[Any]:
    """The people who do it: its assignees, or its owner when there are none."""
    people = [row.user for row in activity.assignments.select_related("user").order_by("pk")]
    return people or ([activity.owner] if activity.owner else [])


def open_doers(activity: Activity) -> list[Any]:
    """The people whose part is still to do."""
    parts = list(activity.assignments.select_related("user").order_by("pk"))
    if not parts:
        return [activity.owner] if activity.owner and activity.is_open else []
    return [part.user for part in parts if part.done_at is None] if activity.is_open else []


def people_of(activity: Activity) -> list[Any]:
    """Owner and assignees: who should hear of what happens to it."""
    rows = activity.assignments.select_related("user").order_by("pk")
    return [person for person in (activity.owner, *(row.user for row in rows)) if person is not None]


def activity_records(activity: Activity, *, user: Any) -> list[models.Model]:
    """The records the activity is about that the user may see, in their order; all of them for no user (the system)."""
    return records_of([activity], user=user).get(activity.pk, [])


def records_of(activities: Iterable[Activity], *, user: Any) -> dict[int, list[models.Model]]:
    """The visible records of many activities: one query for the links and one per kind of record."""
    links = list(ActivityLink.objects.filter(activity__in=[a.pk for a in activities]).order_by("position", "pk"))
    wanted: dict[int, set[int]] = defaultdict(set)
    for link in links:
        wanted[link.content_type_id].add(link.object_id)
    found: dict[tuple[int, int], models.Model] = {}
    for host in hosts.all_hosts():
        kind = ContentType.objects.get_for_model(host.model).pk
        if kind in wanted:
            for record in _rows(host.model, wanted[kind], user):
                found[kind, record.pk] = record
    records: dict[int, list[models.Model]] = defaultdict(list)
    for link in links:
        if (link.content_type_id, link.object_id) in found:
            records[link.activity_id].append(found[link.content_type_id, link.object_id])
    return records


def _rows(model: type[models.Model], keys: Iterable[int], user: Any) -> Sequence[models.Model]:
    if user is None:
        manager: Any = getattr(model, "all_objects", model._default_manager)
        return list(manager.filter(pk__in=keys))
    scoped: Any = model._default_manager
    return list(scoped.for_user(user, "view").filter(pk__in=keys))


def activities_on(record: models.Model, *, user: Any) -> models.QuerySet[Activity]:
    """The activities on a record that the user may see."""
    links = ActivityLink.objects.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)
    return Activity.objects.for_user(user, "view").filter(pk__in=links.values("activity"))


def activity_watchers(activity: Activity) -> list[Any]:
    """The people who follow the activity."""
    rows = Watch.objects.filter(content_type=ContentType.objects.get_for_model(Activity), object_id=activity.pk)
    return [row.user for row in rows.select_related("user").order_by("pk")]


def activities_done_last(record: models.Model, *, user: Any, count: int) -> list[Activity]:
    """What was done last on the record, found by walking its links from the newest: quick on a record with thousands."""
    seen = Activity.objects.for_user(user, "view").filter(status=Status.DONE).exclude(kind=Kind.NOTE)
    links = ActivityLink.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=record.pk, activity__in=seen
    )
    rows = links.select_related("activity__owner", "activity__outcome").order_by("-at", "-pk")
    return [link.activity for link in rows[:count]]
