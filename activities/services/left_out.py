"""Times that a repetition leaves out: rows in the bin that keep their place, so that nothing is made there."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils import timezone

from activities.choices import Status
from activities.models import Activity, Recurrence
from activities.recurrence import occurrences


def leave_out(recurrence: Recurrence, activity: Activity, moments: Iterable[dt.datetime]) -> None:
    """Put these times of a repetition into the bin, those made already and those that would be made later.

    ``activity`` is an occurrence of it, after which the rows in the bin are called.
    """
    wanted, now = sorted(moments), timezone.now()
    rows = Activity.objects.filter(recurrence=recurrence, occurrence__in=wanted, status=Status.PLANNED)
    present = set(rows.values_list("occurrence", flat=True))
    rows.update(deleted_at=now)
    Activity.objects.bulk_create(
        Activity(
            kind=activity.kind,
            subject=activity.subject,
            text=activity.text,
            owner=activity.owner,
            team_id=activity.team_id,
            is_private=activity.is_private,
            due_at=moment,
            recurrence=recurrence,
            occurrence=moment,
            deleted_at=now,
        )
        for moment in wanted
        if moment not in present
    )


def days_without(activity: Activity, recurrence: Recurrence) -> set[dt.date]:
    """The days after this occurrence on which nothing is to do any more: done ahead of time, cancelled or deleted."""
    later = Activity.all_objects.filter(recurrence=recurrence).exclude(status=Status.PLANNED, deleted_at=None)
    if activity.occurrence is not None:
        later = later.filter(occurrence__gt=activity.occurrence)
    moments = later.exclude(occurrence=None).values_list("occurrence", flat=True)
    return {moment.astimezone(recurrence.zone).date() for moment in moments}


def leave_out_days(recurrence: Recurrence, activity: Activity, days: Collection[dt.date]) -> None:
    """Leave out what a repetition that has just begun would bring on these days; the activity itself stays."""
    if not days:
        return
    end = dt.datetime.combine(max(days) + dt.timedelta(days=1), dt.time(), recurrence.zone)
    coming = occurrences(recurrence.parsed, recurrence.starts_at, recurrence.zone, before=end)
    found = [moment for moment in coming if moment.astimezone(recurrence.zone).date() in days]
    leave_out(recurrence, activity, [moment for moment in found if moment != activity.occurrence])
