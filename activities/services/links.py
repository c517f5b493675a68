"""The records an activity is about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from activities.choices import Status
from activities.models import Activity, ActivityLink
from activities.selectors.activities import activity_records
from activities.services.base import MAX_RECORDS
from activities.services.next_step import next_step_refresh
from core import audit, hosts
from core.errors import DomainError
from core.querysets import ScopedQuerySet

Key = tuple[int, int]


def key_of(record: models.Model) -> Key:
    """How a link names the record."""
    return ContentType.objects.get_for_model(record).pk, record.pk


def check_records(actor: Any, records: Iterable[models.Model]) -> list[models.Model]:
    """The records once each, when each is a host that the actor may see. No actor: the system sees all."""
    unique = {key_of(record): record for record in records if record is not None}
    if len(unique) > MAX_RECORDS:
        raise DomainError(_("Choose %(limit)s records at most.") % {"limit": MAX_RECORDS}, field="records")
    groups: dict[type[models.Model], set[int]] = defaultdict(set)
    for record in unique.values():
        if hosts.find(record._meta.label_lower) is None:
            raise DomainError(_("Activities cannot be planned on such records."), field="records", code="no_host")
        groups[record._meta.model].add(record.pk)
    for model, keys in groups.items():
        rows: ScopedQuerySet = model._default_manager.filter(pk__in=keys)  # type: ignore[assignment]
        if actor is not None:
            rows = rows.for_user(actor, "view")
        if rows.count() != len(keys):
            raise DomainError(_("One of the records is not there, or you may not see it."), field="records")
    return list(unique.values())


def links_add(activity: Activity, records: Iterable[models.Model]) -> None:
    """Link the records that are not linked yet."""
    rows = []
    for position, record in enumerate(records):
        kind, pk = key_of(record)
        rows.append(
            ActivityLink(activity=activity, content_type_id=kind, object_id=pk, position=position, at=activity.moment)
        )
    ActivityLink.objects.bulk_create(rows, ignore_conflicts=True)


def links_set(actor: Any, activity: Activity, records: Iterable[models.Model]) -> list[models.Model]:
    """Make these the activity's records, in this order; those the actor cannot see stay. Returns what came or went."""
    wanted = {key_of(record): record for record in check_records(actor, records)}
    seen = {key_of(record): record for record in activity_records(activity, user=actor)}
    gone = {key: record for key, record in seen.items() if key not in wanted}
    for kind, pk in gone:
        ActivityLink.objects.filter(activity=activity, content_type_id=kind, object_id=pk).delete()
    links_add(activity, wanted.values())
    for position, (kind, pk) in enumerate(wanted):
        rows = ActivityLink.objects.filter(activity=activity, content_type_id=kind, object_id=pk)
        rows.exclude(position=position).update(position=position)
    return [*gone.values(), *(record for key, record in wanted.items() if key not in seen)]


def _link_all(activities: Iterable[Activity], record: models.Model) -> None:
    """Link the record to each activity that is not linked to it yet."""
    kind, pk = key_of(record)
    rows = [ActivityLink(activity=one, content_type_id=kind, object_id=pk, at=one.moment) for one in activities]
    ActivityLink.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def activities_move(*, actor: Any, source: models.Model, target: models.Model) -> int:
    """Link the open activities of ``source`` to ``target`` too (a lead that became a deal). Returns how many.

    The old links stay: the story of the source is told as it was. The caller has asked the policies of both records.
    """
    kind, pk = key_of(source)
    rows = Activity.objects.filter(
        status=Status.PLANNED,
        pk__in=ActivityLink.objects.filter(content_type_id=kind, object_id=pk).values("activity"),
    )
    moved = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if moved:
        with audit.action("activities.moved", actor=actor, obj=target, related=[source], params={"count": len(moved)}):
            _link_all(moved, target)
    next_step_refresh([source, target])
    return len(moved)
