"""Importing calendar files: what would become of each entry, and doing it. Repeating an import makes nothing twice."""

import datetime as dt
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.choices import Kind, ReminderChannel
from activities.ics.read import Item, Parsed, Problem
from activities.models import Activity
from activities.recurrence import Frequency, Rule, next_occurrence, occurrences, parse_rule
from activities.services.activities import activity_log, activity_plan, activity_update
from activities.services.finishing import activity_cancel
from activities.services.left_out import leave_out
from activities.services.recurrence import recurrence_create
from core import audit, links
from core.errors import DomainError
from core.services import lock, require
from core.working_time import at_wall_clock, end_from

NEW, CHANGED, SAME, LEFT = "new", "changed", "same", "left"
COMPARED = ("subject", "text", "due_at", "ends_at", "all_day", "location", "is_private")
DAY = dt.timedelta(days=1)
EXCEPTIONS = 100
RECKONING = 10.0  # seconds a file's repetitions may take: some files hold thousands that began a hundred years ago
STRIDES = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
OWN = re.compile(r"(activity|series)-(\d{1,18})(-\d{8})?@(.+)")
Progress = Callable[[int, int], None]


@dataclass
class Step:
    """What becomes of one entry: NEW, CHANGED, SAME (here already) or LEFT out, with the reason."""

    item: Item
    what: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    rule: Rule | None = None
    present: Activity | None = None


@dataclass
class Result:
    """Counts of what was done, and what could not be."""

    created: int = 0
    updated: int = 0
    same: int = 0
    left: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_plan(*, user: Any, parsed: Parsed, now: dt.datetime | None = None) -> list[Step]:
    """What an import would do, entry by entry; nothing is written. Three queries."""
    _replace_occurrences(parsed.items)
    items = [*parsed.items, *(extra for item in parsed.items for extra in _extras(item))]
    keys = [key_of(item) for item in items]
    rows = Activity.objects.filter(owner=user.pk, uid__in=[key for key in keys if key])
    present = {row.uid: row for row in rows}
    own = _own_keys(user, keys)
    planner = _Planner(user, now or timezone.now(), present, own)
    seen: set[str] = set()
    steps = []
    for item, key in zip(items, keys, strict=True):
        steps.append(
            planner.step(item, key) if key not in seen else Step(item, LEFT, key, reason=_("It is twice in the file."))
        )
        seen.add(key)
    return steps


def key_of(item: Item) -> str:
    """The id under which an entry is known here: that of the file, else one made of its words and time."""
    uid = item.uid
    if not uid:
        words = f"{item.kind}|{item.summary}|{item.starts_at or item.first_day}"
        uid = f"import-{hashlib.sha256(words.encode()).hexdigest()[:32]}"
    return f"{uid}#{item.recurrence_id}" if item.recurrence_id else uid


def _replace_occurrences(items: Iterable[Item]) -> None:
    """An occurrence that the file gives by itself (RECURRENCE-ID) is left out of its repetition."""
    masters = {item.uid: item for item in items if item.rule and item.uid and not item.recurrence_id}
    for item in items:
        master = masters.get(item.uid) if item.recurrence_id else None
        if master is not None:
            moment = dt.datetime.fromisoformat(item.recurrence_id)
            master.exceptions.append(moment.date() if len(item.recurrence_id) == len("2026-12-07") else moment)


def _extras(item: Item) -> list[Item]:
    """The single extra dates (RDATE) of an entry as entries of their own."""
    found = []
    for moment in item.extras:
        if isinstance(moment, dt.datetime) and item.starts_at and moment != item.starts_at:
            end = moment + (item.ends_at - item.starts_at) if item.ends_at else None
            found.append(
                replace(item, starts_at=moment, ends_at=end, rule="", extras=[], recurrence_id=moment.isoformat())
            )
        elif not isinstance(moment, dt.datetime) and item.first_day and item.last_day and moment != item.first_day:
            last = moment + (item.last_day - item.first_day)
            found.append(
                replace(item, first_day=moment, last_day=last, rule="", extras=[], recurrence_id=moment.isoformat())
            )
    return found


def _own_keys(user: Any, keys: Iterable[str]) -> set[str]:
    """Ids that our own feed gave out for activities the user sees: they are here already."""
    found = {key: OWN.fullmatch(key) for key in keys}
    mine = {key: match for key, match in found.items() if match and match.group(4) == links.site_host()}
    pks = [int(match.group(2)) for match in mine.values() if match.group(1) == "activity"]
    seen = set(Activity.objects.for_user(user, "view").filter(pk__in=pks).values_list("pk", flat=True))
    return {key for key, match in mine.items() if match.group(1) == "series" or int(match.group(2)) in seen}


class _Planner:
    """Decides for one entry after the other."""

    def __init__(self, user: Any, now: dt.datetime, present: dict[str, Activity], own: set[str]):
        self.user, self.now, self.present, self.own = user, now, present, own
        self.zone = ZoneInfo(user.time_zone)
        self.seconds_left = RECKONING

    def step(self, item: Item, key: str) -> Step:
        """The decision for one entry."""
        if key in self.own:
            return Step(item, SAME, key)
        step = Step(item, NEW, key, self.values(item), present=self.present.get(key))
        if step.present is not None:
            return self.known(step)
        if item.status == "CANCELLED":
            return replace(step, what=LEFT, reason=_("It is cancelled."))
        if item.rule and not item.recurrence_id and step.values["due_at"]:
            self.repetition(step)
        return step

    def values(self, item: Item) -> dict[str, Any]:
        """The fields of the activity."""
        due, end = item.starts_at, item.ends_at
        if item.first_day is not None:
            due = at_wall_clock(item.first_day, dt.time(), self.zone)
            last = item.last_day or item.first_day
            end = at_wall_clock(last + DAY, dt.time(), self.zone) if last > item.first_day else None
        return {
            "kind": Kind.TASK if item.kind == "task" else Kind.MEETING,
            "subject": item.summary or item.text[:200],
            "text": item.text,
            "due_at": due,
            "ends_at": end,
            "all_day": item.all_day,
            "location": item.location,
            "is_private": item.is_private,
            "priority": item.priority,
        }

    def known(self, step: Step) -> Step:
        """An entry that was imported before: brought up to date while it is open."""
        row = step.present
        if row is None or row.recurrence_id or not row.is_open:
            return replace(step, what=SAME)
        if step.item.status == "CANCELLED":
            return replace(step, what=CHANGED)
        same = all(_equal(getattr(row, name), step.values[name]) for name in COMPARED)
        return replace(step, what=SAME if same else CHANGED)

    def repetition(self, step: Step) -> None:
        """Take the rule over, from its next time on; one we cannot follow leaves the first time alone."""
        item, due = step.item, step.values["due_at"]
        try:
            rule = _rule(item.rule)
            zone = ZoneInfo(item.zone) if item.zone and not item.all_day else self.zone
            coming = self._next(rule, due, zone, self.now - (DAY if item.all_day else dt.timedelta()))
        except (DomainError, ValueError, KeyError, OSError) as error:
            reason = str(error) if isinstance(error, DomainError) else ""
            item.warnings.append(
                _("Its repetition is not supported, so only the first time is imported.") + f" {reason}".rstrip()
            )
            return
        if coming is None:
            return
        if rule.count:
            gone = sum(1 for moment in occurrences(rule, due, zone, before=coming) if moment < coming)
            rule = replace(rule, count=rule.count - gone)
        if step.values["ends_at"]:
            step.values["ends_at"] = end_from(
                coming, due_at=due, ends_at=step.values["ends_at"], all_day=item.all_day, zone=self.zone
            )
        step.values["due_at"], step.rule = coming, rule

    def _next(self, rule: Rule, due: dt.datetime, zone: ZoneInfo, after: dt.datetime) -> dt.datetime | None:
        """The first time after the moment, as long as the file's time for reckoning lasts. Raises DomainError then."""
        if self.seconds_left <= 0:
            raise DomainError(_("The file holds too many repetitions that began long ago."))
        began = time.monotonic()
        try:
            return next_occurrence(rule, _strode(rule, due, zone, after), zone, after=after)
        finally:
            self.seconds_left -= time.monotonic() - began


def _strode(rule: Rule, due: dt.datetime, zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """A later time with which an endless rule of days or weeks goes on as with its first; it need not be one of its times."""
    stride = STRIDES.get(rule.freq, 0) * rule.interval
    if not stride or rule.count is not None or rule.by_set_pos:
        return due
    local = due.astimezone(zone)
    strides = max(0, (after - due).days // stride - 1)
    return at_wall_clock(local.date() + dt.timedelta(days=strides * stride), local.time(), zone)


def _equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.split() == theirs.split()
    return bool(ours == theirs)


def _rule(text: str) -> Rule:
    """The rule of a file: Gregorian, or Jalali when it says RSCALE=PERSIAN."""
    parts = [part for part in text.upper().split(";") if part and not part.startswith("RSCALE=")]
    scale = next((part for part in text.upper().split(";") if part.startswith("RSCALE=")), "RSCALE=GREGORIAN")
    if scale not in {"RSCALE=GREGORIAN", "RSCALE=PERSIAN"}:
        raise DomainError(_("The calendar of the rule is not known here."))
    return parse_rule(";".join(parts), "jalali" if scale == "RSCALE=PERSIAN" else "gregorian")


def calendar_import(*, actor: Any, parsed: Parsed, file: str, progress: Progress | None = None) -> Result:
    """Import the entries as the actor's own activities, each in a transaction of its own, so that one that is refused
    spoils no other and a killed import goes on where it stopped. Past events are recorded as done.

    Nobody is invited and no mail is sent. Raises PermissionRefused.
    """
    require(actor, "add", Activity)
    steps = import_plan(user=actor, parsed=parsed)
    result = Result(problems=list(parsed.problems))
    for number, step in enumerate(steps):
        if progress is not None and number % 10 == 0:
            progress(number, len(steps))
        try:
            _do(actor, step, result)
        except DomainError as error:
            result.problems.append(Problem(step.item.number, step.item.summary, str(error)))
    if result.created or result.updated:
        _note(actor, result.created + result.updated, file)
    return result


@transaction.atomic
def _note(actor: Any, count: int, file: str) -> None:
    with audit.action("calendar.imported", actor=actor, params={"count": count, "file": file[:100]}):
        pass


@transaction.atomic
def _do(actor: Any, step: Step, result: Result) -> None:
    if step.what in {SAME, LEFT}:
        result.same += step.what == SAME
        result.left += step.what == LEFT
    elif step.what == CHANGED and step.present is not None:
        changed = _update(actor, lock(step.present), step)
        result.updated += changed
        result.same += not changed
    else:
        _create(actor, step)
        result.created += 1


def _update(actor: Any, row: Activity, step: Step) -> bool:
    """Bring the activity up to date as it is by now; one that was finished or deleted since the plan is left alone."""
    if not row.is_open or row.deleted_at:
        return False
    if step.item.status == "CANCELLED":
        activity_cancel(actor=actor, activity=row)
        return True
    for name in COMPARED:
        setattr(row, name, step.values[name])
    activity_update(actor=actor, instance=row)
    return True


def _create(actor: Any, step: Step) -> None:
    values, item = dict(step.values), step.item
    due, end = values.pop("due_at"), values.pop("ends_at")
    finished = item.completed_at or (due if item.status == "COMPLETED" else None) if item.kind == "task" else None
    over = (
        item.kind == "event"
        and due is not None
        and (end or due + (DAY if values["all_day"] else dt.timedelta())) < timezone.now()
    )
    if finished or over or item.status == "COMPLETED":
        moment = min(finished or due or timezone.now(), timezone.now())
        activity_log(actor=actor, at=moment, uid=step.key, ends_at=end if over else None, **values)
        return
    reminders: Sequence[tuple[str, int]] | None = [(ReminderChannel.APP, m) for m in item.alarms] or None
    activity = activity_plan(actor=actor, due_at=due, ends_at=end, reminders=reminders, uid=step.key, **values)
    if step.rule is not None:
        recurrence = recurrence_create(actor=actor, activity=activity, rule=step.rule)
        _leave_out(recurrence, activity, item)


def _leave_out(recurrence: Any, activity: Activity, item: Item) -> None:
    """The times that the file excepts."""
    zone, start = recurrence.zone, activity.due_at
    moments = {
        moment if isinstance(moment, dt.datetime) else at_wall_clock(moment, dt.time(), zone)
        for moment in item.exceptions
    }
    wanted = sorted(moment for moment in moments if start is not None and moment >= start)
    leave_out(recurrence, activity, wanted[:EXCEPTIONS])
