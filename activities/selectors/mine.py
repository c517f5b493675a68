"""Whose work an activity is, and when it is late: asked alike by lists, days, calendars and figures."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from activities.choices import Answer, Kind, Status
from activities.models import Activity, Assignment, Mention
from core.models import Notification

DAY = dt.timedelta(days=1)
HANDED_OVER = ("activity.assigned", "activity.handed_over")
WAITING = ("mentions", "handed_over", "invitations")


def to_do_q(user: Any) -> Q:
    """Open activities the person (or the key of one) has to do: assigned with the own part not done, or owned by the
    person and assigned to nobody. Both halves are found by their index.
    """
    pk = getattr(user, "pk", user)
    assigned = Assignment.objects.filter(user=pk, done_at=None).values("activity")
    own = Q(owner=pk) & ~Q(Exists(Assignment.objects.filter(activity=OuterRef("pk"))))
    return Q(status=Status.PLANNED) & (own | Q(pk__any_of=assigned))


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


def waiting_q(user: Any, what: str, now: dt.datetime | None = None) -> Q:
    """Activities that wait for the person: texts that call him or her by name and were not dealt with, what was handed
    over and not looked at yet (its notification is unread), meetings to come without an answer. ``what`` of ``WAITING``.
    """
    if what == "mentions":
        return Q(pk__in=Mention.objects.filter(user=user.pk, seen_at=None).values("activity"))
    open_parts = Assignment.objects.filter(user=user.pk, done_at=None)
    invited = (
        Q(status=Status.PLANNED, kind=Kind.MEETING, due_at__gte=now or timezone.now())
        & Q(pk__in=open_parts.filter(answer=Answer.NONE).values("activity"))
        & ~Q(owner=user.pk)
    )
    if what == "invitations":
        return invited
    told = _handed_over(user)
    mine = Q(owner=user.pk) | Q(pk__in=open_parts.values("activity"))
    return Q(status=Status.PLANNED, pk__in=told.values("object_id")) & mine & ~invited


def _handed_over(user: Any) -> QuerySet[Notification]:
    return Notification.objects.filter(
        recipient=user.pk,
        read_at=None,
        code__in=HANDED_OVER,
        content_type=ContentType.objects.get_for_model(Activity),
    )


def handed_over_notices(user: Any) -> QuerySet[Notification]:
    """For a row of activities: the unread notifications by which it was handed over to the person, the newest first."""
    return _handed_over(user).filter(object_id=OuterRef("pk")).order_by("-pk")


def part_of_day_q(part: str, midnight: dt.datetime, now: dt.datetime | None = None) -> Q:
    """Open activities of one part of a day's list: "late", "rest" (of the day that began at ``midnight``), "ahead" (the
    seven days after it), "undated". Each open one up to then is in exactly one of them.
    """
    tomorrow = midnight + DAY
    if part == "late":
        return late_q(now)
    if part == "rest":
        return Q(status=Status.PLANNED, due_at__lt=tomorrow) & ~late_q(now)
    if part == "ahead":
        return Q(status=Status.PLANNED, due_at__gte=tomorrow, due_at__lt=tomorrow + 7 * DAY)
    return Q(status=Status.PLANNED, due_at=None)


def part_of_day(midnight: dt.datetime, now: dt.datetime) -> Case:
    """In which part of a day's list an open activity is that is due within the seven days after it: the value of which
    ``part_of_day_q`` are the conditions.
    """
    return Case(
        When(late_q(now), then=Value("late")),
        When(due_at__lt=midnight + DAY, then=Value("rest")),
        default=Value("ahead"),
    )
