"""What the leads app reminds of: a lead that waits for its first answer."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from activities.choices import Kind, Status
from activities.models import ActivityLink
from activities.reminder_sources import Occasion, Source, register
from core import working_time
from leads.choices import LeadStatus
from leads.models import Lead

ANSWER_WITHIN: Final = dt.timedelta(hours=24)
LONGEST_BREAK: Final = dt.timedelta(days=21)  # new year's holidays


def unanswered(start: dt.datetime, end: dt.datetime) -> Iterable[Occasion]:
    """New leads a day after they came, at the next moment the company works."""
    time = working_time.current()
    rows = Lead.objects.filter(
        status=LeadStatus.NEW,
        owner__is_active=True,
        created_at__gte=start - ANSWER_WITHIN - LONGEST_BREAK,
        created_at__lt=end - ANSWER_WITHIN,
    ).select_related("owner")
    for row in rows.iterator(chunk_size=2000):
        due_at = time.next_working_moment(row.created_at + ANSWER_WITHIN, row.owner.display.tz)
        if start <= due_at < end:
            yield Occasion(row.owner_id, row.pk, due_at, str(row.pk), {"name": str(row)})


def still_unanswered(keys: Collection[int]) -> Collection[int]:
    """Those of the leads that are new and with whom nothing was done."""
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
    _("Nobody has answered the lead “%(name)s” for a day."),
    label=_("A new lead of mine waits for an answer for a day"),
)
