"""What the opportunities app reminds of: a closing date that comes near, and deals that begin to rot."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from activities import digest_sections
from activities.digest_sections import MAX_LINES, Line, Part
from activities.reminder_sources import Occasion, Source, days_of, morning_of, register
from core import display
from opportunities.models import Opportunity

DAYS_BEFORE = (3, 0)
SOON = dt.timedelta(days=7)
DAY = Value(dt.timedelta(days=1), output_field=DurationField())


def closing(start: dt.datetime, end: dt.datetime) -> Iterable[Occasion]:
    """Open deals whose expected close date is three days away, or today."""
    first, last = days_of(start, end)
    rows = (
        Opportunity.objects.open()
        .filter(owner__is_active=True, expected_close_on__gte=first, expected_close_on__lte=last + dt.timedelta(days=3))
        .select_related("owner")
    )
    for row in rows.iterator(chunk_size=2000):
        for days in DAYS_BEFORE:
            due_at = morning_of(row.expected_close_on - dt.timedelta(days=days), row.owner.time_zone)
            if start <= due_at < end:
                day = row.expected_close_on.isoformat()
                yield Occasion(row.owner_id, row.pk, due_at, f"{row.pk}:{day}:{days}", {"name": row.name, "on": day})


def rotting(start: dt.datetime, end: dt.datetime) -> Iterable[Occasion]:
    """Open deals at the moment they begin to rot: their time in the stage is over and nothing is planned any more."""
    over = ExpressionWrapper(F("stage_entered_at") + F("stage__expected_days") * DAY, output_field=DateTimeField())
    rows = (
        Opportunity.objects.open()
        .filter(owner__is_active=True, stage__expected_days__isnull=False)
        .annotate(rots_at=Greatest(over, F("next_step_at")))
        .filter(rots_at__gte=start, rots_at__lt=end)
    )
    for pk, owner, name, moment in rows.values_list("pk", "owner", "name", "rots_at").iterator(chunk_size=2000):
        yield Occasion(owner, pk, moment, f"{pk}:{int(moment.timestamp())}", {"name": name})


def still_open(keys: Collection[int]) -> Collection[int]:
    """Those of the deals that are being worked on."""
    return set(Opportunity.objects.open().filter(pk__in=keys).values_list("pk", flat=True))


def still_rotting(keys: Collection[int]) -> Collection[int]:
    """Those of the deals that stay too long where they are."""
    return set(Opportunity.objects.rotting().filter(pk__in=keys).values_list("pk", flat=True))


register(
    Source(code="opportunity.closing", model=Opportunity, occasions=closing, holds=still_open),
    _("“%(name)s” should close on %(on)s."),
    label=_("The closing date of a deal of mine comes near"),
)
register(
    Source(code="opportunity.rotting", model=Opportunity, occasions=rotting, holds=still_rotting),
    _("“%(name)s” has stood in its stage for too long, and nothing is planned."),
    label=_("A deal of mine begins to rot"),
)


def closing_soon(user: Any, now: dt.datetime) -> Part:
    """The person's own open deals that should close within a week or should be closed already."""
    day = now.astimezone(display.current().tz).date()
    rows = Opportunity.objects.open().filter(owner=user.pk, expected_close_on__lte=day + SOON)
    rows = rows.order_by("expected_close_on", "pk")
    lines = [
        Line(row.name, row.get_absolute_url(), display.format_date(row.expected_close_on, "day"))
        for row in rows[:MAX_LINES]
    ]
    return Part(lines, len(lines) if len(lines) < MAX_LINES else rows.count())


digest_sections.register(
    digest_sections.Section(code="closing", title=_("Deals to close"), find=closing_soon, urgent=False)
)
