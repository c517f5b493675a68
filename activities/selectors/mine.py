"""Whose work an activity is, and when it is late: asked alike by lists, days, calendars and figures."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.choices import Status
from activities.models import Activity, Assignment

DAY = dt.timedelta(days=1)


def to_do_q(user: Any) -> Q:
    """Open activities the person (or the key of one) has to do: assigned with the own part not done, or owned by the
    person and assigned to nobody.

    The keys of the assigned ones are read at once (one statement), so that both halves are found by their index.
    """
    pk = getattr(user, "pk", user)
    parts = Assignment.objects.filter(user=pk, done_at=None, activity__status=Status.PLANNED, activity__deleted_at=None)
    assigned = list(parts.values_list("activity", flat=True))
    alone = Q(owner=pk) & ~Exists(Assignment.objects.filter(activity=OuterRef("pk")))
    return Q(status=Status.PLANNED) & (alone | Q(pk__in=assigned) if assigned else alone)


def late_q(now: dt.datetime | None = None) -> Q:
    """Open activities whose time is over: the end of the span, of the day for all-day ones, else the moment itself.

    The twin of ``Activity.is_late``.
    """
    now = now or timezone.now()
    whole_day = Q(ends_at=None, all_day=True, due_at__lt=now - DAY)
    over = Q(ends_at__lt=now) | Q(ends_at=None, all_day=False) | whole_day
    return Q(status=Status.PLANNED, due_at__lt=now) & over


def to_do(user: Any) -> Any:
    """The person's open activities, in the order of their time; those without one come last."""
    rows: Any = Activity.objects.for_user(user, "view")
    return rows.filter(to_do_q(user)).order_by("due_at", "pk")
