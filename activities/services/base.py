"""What every service of activities stands on: reading the row under lock, its guards, and what is told to whom."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import TRANSITIONS, Kind, Status
from activities.models import Activity, ActivityLink, ActivityOutcome
from core import display, notifications
from core.errors import DomainError, PermissionRefused
from core.policies import can
from core.services import check_version, domain_error, lock, refusal, require
from core.working_time import at_wall_clock

NEEDS_TIME = frozenset({Kind.CALL, Kind.MEETING, Kind.FOLLOW_UP, Kind.DEADLINE})
MAX_PEOPLE, MAX_RECORDS, MAX_LINES, MAX_TEXT = 50, 50, 100, 20_000
MAX_SPAN = dt.timedelta(days=366)
CLOCKS_DIFFER = dt.timedelta(minutes=5)
EARLIEST, LATEST = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
ONE_DAY = dt.timedelta(days=1)


def locked(actor: Any, activity: Activity, action: str = "change", expected_version: int | None = None) -> Activity:
    """The activity as it is now, locked, after asking the policy; one in the bin is refused. No actor: the system."""
    if actor is not None:
        require(actor, action, Activity, activity)
    current = lock(activity)
    if current.deleted_at:
        raise DomainError(_("This activity is in the bin. Restore it first."), code="in_bin")
    check_version(current, expected_version)
    return current


def may_edit(actor: Any, activity: Activity) -> bool:
    """Whether the words are the actor's to change: a note is its author's alone (administrators may change any)."""
    return activity.kind != Kind.NOTE or actor is None or actor.is_superuser or activity.created_by_id == actor.pk


def check_author(actor: Any, activity: Activity) -> None:
    """Refuse to change or delete another person's note."""
    if not may_edit(actor, activity):
        raise PermissionRefused(_("Only the author may change a note."))


def check_transition(activity: Activity, status: str) -> None:
    """Refuse a change of status that the table does not know."""
    if status not in TRANSITIONS[activity.status]:
        now = {"now": Status(activity.status).label, "then": Status(status).label}
        raise DomainError(_("An activity that is %(now)s cannot become %(then)s.") % now, code="transition")


def settle(activity: Activity) -> None:
    """Bring beginning, end and duration into one shape. Raises DomainError for a span that cannot be.

    Spans are half open: an all-day span begins at a midnight of the owner's zone and ends at the midnight after its last
    day (none for a single day). A meeting with a duration gets its end; a timed span gives the duration.
    """
    check_age(activity.due_at, "due_at")
    check_age(activity.ends_at, "ends_at")
    if activity.due_at is None:
        _settle_without_time(activity)
        return
    activity.due_at = in_utc(activity.due_at)
    activity.ends_at = in_utc(activity.ends_at) if activity.ends_at else None
    if activity.ends_at and activity.ends_at < activity.due_at:
        raise DomainError(_("The end is before the beginning."), field="ends_at", code="span")
    if activity.ends_at and activity.ends_at - activity.due_at > MAX_SPAN:
        raise DomainError(_("An activity lasts one year at most."), field="ends_at", code="span")
    if activity.all_day:
        _settle_days(activity)
    elif activity.ends_at:
        activity.duration = int((activity.ends_at - activity.due_at).total_seconds() // 60)
    elif activity.duration and activity.kind == Kind.MEETING:
        activity.ends_at = activity.due_at + dt.timedelta(minutes=activity.duration)


def _settle_without_time(activity: Activity) -> None:
    if activity.ends_at:
        raise DomainError(_("Say when it begins."), field="due_at")
    if activity.status == Status.PLANNED and activity.kind in NEEDS_TIME:
        raise DomainError(
            _("Say when: “%(kind)s” needs a time.") % {"kind": activity.get_kind_display()}, field="due_at"
        )
    activity.all_day = False


def _settle_days(activity: Activity) -> None:
    zone = activity.zone
    first, _exact = _day_of(activity.due_at, zone)  # type: ignore[arg-type]
    activity.due_at, activity.duration = at_wall_clock(first, dt.time(), zone), None
    if activity.ends_at:
        end, exact = _day_of(activity.ends_at, zone)
        end = end if exact else end + ONE_DAY
        activity.ends_at = at_wall_clock(end, dt.time(), zone) if end > first + ONE_DAY else None


def _day_of(moment: dt.datetime, home: dt.tzinfo) -> tuple[dt.date, bool]:
    """The day on which it lies, and whether that begins then: in the owner's zone, or in that of the person who typed it
    where the day begins there and not at the owner's."""
    local, typed = moment.astimezone(home), moment.astimezone(display.current().tz)
    if local.time() != dt.time() and typed.time() == dt.time():
        return typed.date(), True
    return local.date(), local.time() == dt.time()


def in_utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC: Python reckons with two moments of one zone by their wall clocks, not by the time that passes."""
    return moment.astimezone(dt.UTC)


def check_age(moment: dt.datetime | None, field: str) -> None:
    """Refuse a time of another age, in which clocks and calendars cannot be reckoned with."""
    if moment is not None and not EARLIEST <= moment <= LATEST:
        raise DomainError(_("This time lies too far away."), field=field, code="age")


def check_words(activity: Activity) -> None:
    """Something must be said, and not a book."""
    if not activity.subject.strip() and not activity.text.strip():
        raise DomainError(_("Say what it is about."), field="subject" if activity.kind != Kind.NOTE else "text")
    if len(activity.text) > MAX_TEXT:
        raise DomainError(_("The text is too long: %(limit)s letters at most.") % {"limit": MAX_TEXT}, field="text")


def check_people(people: Iterable[Any], field: str) -> list[Any]:
    """The people once each, when all of them can do it. Raises DomainError naming the one who cannot."""
    unique = list({person.pk: person for person in people if person is not None}.values())
    if len(unique) > MAX_PEOPLE:
        raise DomainError(_("Choose %(limit)s people at most.") % {"limit": MAX_PEOPLE}, field=field)
    for person in unique:
        if not person.is_active or not can(person, "view", Activity):
            text = _("%(person)s no longer works here or cannot work with activities.")
            raise DomainError(text % {"person": person}, field=field, code="person")
    return unique


def check_outcome(activity: Activity, outcome: ActivityOutcome | None) -> None:
    """An outcome in use, meant for this kind of activity."""
    if outcome is not None and (not outcome.is_active or outcome.kind not in {"", activity.kind}):
        raise DomainError(_("This outcome does not fit the activity."), field="outcome")


def check_past(at: dt.datetime | None) -> dt.datetime:
    """The moment something was done, now when none is given; the future is refused."""
    now = timezone.now()
    check_age(at, "at")
    if at is not None and at > now + CLOCKS_DIFFER:
        raise DomainError(_("What was done cannot lie in the future."), field="at", code="future")
    return at or now


def store(activity: Activity, update_fields: Iterable[str] | None = None) -> None:
    """Check the fields and save; what the database refuses is said in words."""
    known = {f.name for f in activity._meta.concrete_fields if f.is_relation}
    try:
        activity.full_clean(exclude=known, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise domain_error(error) from error
    try:
        with transaction.atomic():
            activity.save(update_fields=update_fields)
    except IntegrityError as error:
        raise refusal(activity, error) from error


def keep_moment(activity: Activity) -> None:
    """Bring the moment of the links up to date; timelines are ordered by it."""
    ActivityLink.objects.filter(activity=activity).exclude(at=activity.moment).update(at=activity.moment)


def actor_key(actor: Any) -> int | None:
    """Who did it, as events say it; None for the system."""
    return getattr(actor, "pk", None)


def title(activity: Activity) -> str:
    """What sentences call the activity."""
    return str(activity)[:200] or activity.get_kind_display()


def shown_on(activity: Activity, records: Iterable[models.Model]) -> list[models.Model]:
    """The records in whose history the entry stands; a private activity leaves no trace there."""
    return [] if activity.is_private else list(records)


def tell(activity: Activity, people: Iterable[Any], code: str, actor: Any, key: str = "") -> None:
    """Notify these people, except the one who did it."""
    notifications.notify(
        recipients=[person for person in people if actor is None or person.pk != actor.pk],
        code=code,
        url=activity.get_absolute_url(),
        params={"actor": str(actor or ""), "subject": title(activity)},
        obj=activity,
        key=key,
    )
