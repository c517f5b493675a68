"""What the leads app reminds of: a lead that waits for its first answer."""

import datetime as dt
import math
from collections.abc import Collection, Iterable
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from activities.choices import Kind, Status
from activities.models import ActivityLink
from activities.reminder_sources import Occasion, Source, register
from core import organisation, working_time
from leads.choices import LeadStatus
from leads.models import Lead

LONGEST_BREAK: Final = dt.timedelta(days=21)  # new year's holidays


def unanswered(start: dt.datetime, end: dt.datetime) -> Iterable[Occasion]:
    """New leads after the working hours within which the company answers, by their owners' clocks."""
    limit, time = organisation.answer_within(), working_time.current()
    if limit is None:
        return
    rows = Lead.objects.filter(
        status=LeadStatus.NEW,
        owner__is_active=True,
        created_at__gte=start - _longest(limit, time),
        created_at__lt=end - limit,
    ).select_related("owner")
    for row in rows.iterator(chunk_size=2000):
        due_at = time.add_working_hours(row.created_at, limit, row.owner.display.tz)
        if start <= due_at < end:
            yield Occasion(row.owner_id, row.pk, due_at, str(row.pk), {"name": str(row)})


def _longest(limit: dt.timedelta, time: working_time.WorkingTime) -> dt.timedelta:
    """More than so many working hours ever take by the calendar."""
    weeks = limit / time.day_length / len(time.weekdays)
    return dt.timedelta(weeks=math.ceil(weeks) + 1) + LONGEST_BREAK


def still_unanswered(keys: Collection[int]) -> Collection[int]:
    """Those of the leads that are new and with whom nothing was done; none once the company sets no limit."""
    if organisation.answer_within() is None:
        return set()
    done = ActivityLink.objects.filter(
        content_type=ContentType.objects.get_for_model(Lead),
        object_id__in=keys,
        activity__status=Status.DONE,
        activity__deleted_at=None,
    ).exclude(activity__kind=Kind.NOTE)
    rows = Lead.objects.filter(pk__in=keys, status=LeadStatus.NEW).exclude(pk__in=done.values("object_id"))
    return set(rows.values_list("pk", flat=True))


register(
    Source(code="lead.unanswered", model=Lead, occasions=unanswered, holds=still_unanswered),
    _("Nobody has answered the lead “%(name)s” yet."),
    label=_("A new lead of mine waits too long for an answer"),
)
