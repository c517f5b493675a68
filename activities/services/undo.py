"""Taking the last doing on an activity back: finishing, a move, putting off, handing over, cancelling.

A picture is taken before the doing; what differs afterwards becomes a signed note, which the Undo of the toast sends back.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from activities.choices import Status
from activities.events import ActivityHandedOver, ActivityMoved, ActivityPartDone, ActivityReopened
from activities.models import Activity, Assignment
from activities.selectors.activities import activity_records, people_of
from activities.services.base import (
    check_people,
    check_transition,
    keep_moment,
    locked,
    shown_on,
    store,
    tell,
    title,
)
from activities.services.finishing import activity_delete
from activities.services.next_step import next_step_refresh
from core import audit, events
from core.errors import DomainError
from core.services import require
from users.models import User

SALT: Final = "activities.undo"
UNDO_SECONDS: Final = 3600
MOMENTS: Final = ("due_at", "ends_at", "done_at")
TIMES: Final = ("due_at", "ends_at", "all_day", "duration")
FIELDS: Final = (*TIMES, "owner_id", "team_id", "status", "done_at", "done_by_id", "outcome_id")
STORED: Final = tuple(name.removesuffix("_id") for name in FIELDS)
MOVED_BACK, TAKEN_BACK, REOPENED = "activity.moved_back", "activity.taken_back", "activity.reopened"
PART_REOPENED: Final = "activity.part_reopened"
TOLD: Final = {MOVED_BACK: "activity.moved", TAKEN_BACK: "activity.taken_back", REOPENED: "activity.reopened"}


@dataclass(frozen=True)
class Picture:
    """What an activity was: its version, the fields that can be put back, how much was written about its end, its people
    as (person, done at, answer)."""

    version: int
    fields: dict[str, Any]
    written: int
    people: list[list[Any]]


def picture(activity: Activity) -> Picture:
    """The activity as it is now. One query, for its people."""
    rows = Assignment.objects.filter(activity=activity).order_by("user_id").values_list("user_id", "done_at", "answer")
    return Picture(
        version=activity.version,
        fields={name: _plain(getattr(activity, name)) for name in FIELDS},
        written=len(activity.outcome_note),
        people=[[user, _plain(done_at), answer] for user, done_at, answer in rows],
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def undo_token(before: Picture, after: Activity, actor: Any, following: Activity | None = None) -> str:
    """A signed note of what the actor's doing changed, for `activity_undo`; "" when nothing did, or somebody else also.

    ``following`` was planned with it and goes with it.
    """
    now = picture(after)
    changed = {name: value for name, value in before.fields.items() if now.fields[name] != value}
    was_stored = bool(changed) or now.written != before.written
    if now.version != before.version + was_stored or not (changed or now.people != before.people):
        return ""
    note = {"pk": after.pk, "by": actor.pk, "version": now.version, "fields": changed, "written": before.written}
    if now.people != before.people:
        note |= {"people": before.people, "now": now.people}
    if following is not None:
        note["next"] = following.pk
    return signing.dumps(note, salt=SALT, compress=True)


def undo_keep(tokens: Sequence[str], actor: Any) -> str:
    """Put the notes of many away for an hour; returns the key for `undo_kept`. They are too long for an address."""
    key = secrets.token_urlsafe(16)
    cache.set(_drawer(actor, key), list(tokens), UNDO_SECONDS)
    return key


def undo_kept(key: str, actor: Any) -> list[str]:
    """The notes put away under the key, for one undo. Raises DomainError when there are none any more."""
    tokens: list[str] = cache.get(_drawer(actor, key)) or []
    if not tokens:
        raise _too_late()
    cache.delete(_drawer(actor, key))
    return tokens


def _drawer(actor: Any, key: str) -> str:
    return f"activities-undo:{actor.pk}:{key}"


def _too_late() -> DomainError:
    return DomainError(_("This can no longer be taken back."), code="undo")


@transaction.atomic
def activity_undo(*, actor: Any, token: str, activity: Activity | None = None) -> Activity:
    """Put back what the actor's last doing on an activity changed, if nobody changed it since; ``activity`` says which
    one the token must be about.

    Who handed it over needs the right "assign" and a place in what it comes back to, not in what it is now. Raises
    PermissionRefused, StaleRecord, or DomainError for a token that is old or another's.
    """
    try:
        note = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise _too_late() from error
    row = Activity.objects.filter(pk=note["pk"]).first()
    if row is None or note["by"] != actor.pk or (activity is not None and activity.pk != row.pk):
        raise _too_late()
    code = _code(note["fields"])
    if code == TAKEN_BACK:
        require(actor, "assign", Activity)
    else:
        require(actor, "change", Activity, row)
    current = locked(None, row, expected_version=note["version"])
    left_at, left_by = current.due_at, current.owner
    _put_back(current, note)
    records = activity_records(current, user=None)
    params = {"subject": title(current), "person": str(left_by or "")}
    with audit.action(code, actor=actor, obj=current, related=shown_on(current, records), params=params):
        store(current, (*STORED, "outcome_note"))
        _people_back(current, note)
        keep_moment(current)
        next_step_refresh(records)
    require(actor, "change", Activity, current)
    if code in TOLD:
        tell(current, [left_by] if code == TAKEN_BACK else people_of(current), TOLD[code], actor)
    _drop_next(actor, note.get("next"))
    _publish(code, current, actor, left_at, left_by)
    return current


def _code(changed: Iterable[str]) -> str:
    """What is taken back, in the words of the log."""
    changed = set(changed)
    if "status" in changed:
        return REOPENED
    if "owner_id" in changed:
        return TAKEN_BACK
    return MOVED_BACK if changed & set(TIMES) else PART_REOPENED


def _put_back(activity: Activity, note: dict[str, Any]) -> None:
    fields = note["fields"]
    if "status" in fields:
        check_transition(activity, fields["status"])
    activity.outcome_note = activity.outcome_note[: note["written"]]
    if fields.get("owner_id"):
        check_people([User.objects.get(pk=fields["owner_id"])], "owner")
    for name, value in fields.items():
        setattr(activity, name, parse_datetime(value) if name in MOMENTS and value else value)


def _people_back(activity: Activity, note: dict[str, Any]) -> None:
    """The people of before with their own states, when nothing happened to those of now."""
    if "people" not in note:
        return
    if picture(activity).people != note["now"]:
        raise DomainError(_("Somebody has worked on it since, so it was not taken back."), code="undo")
    rows = Assignment.objects.filter(activity=activity)
    wanted = {user: (parse_datetime(done_at) if done_at else None, answer) for user, done_at, answer in note["people"]}
    rows.exclude(user__in=wanted).delete()
    for row in rows.order_by("pk"):
        state = wanted.pop(row.user_id)
        if state != (row.done_at, row.answer):
            row.done_at, row.answer = state
            row.save(update_fields=["done_at", "answer", "updated_at"])
    Assignment.objects.bulk_create(
        Assignment(activity=activity, user_id=user, done_at=done_at, answer=answer)
        for user, (done_at, answer) in wanted.items()
    )


def _drop_next(actor: Any, key: int | None) -> None:
    """What was planned in finishing goes to the bin, as long as nobody touched it."""
    rows = Activity.objects.for_user(actor, "delete").filter(pk=key, status=Status.PLANNED, version=1, created_by=actor)
    following = rows.first() if key else None
    if following is not None:
        activity_delete(actor=actor, activity=following)


def _publish(code: str, activity: Activity, actor: Any, left_at: dt.datetime | None, left_by: Any) -> None:
    if code == REOPENED:
        events.publish(ActivityReopened(activity_id=activity.pk, actor_id=actor.pk))
    elif code == PART_REOPENED:
        events.publish(ActivityPartDone(activity_id=activity.pk, actor_id=actor.pk, user_id=actor.pk, done=False))
    elif code == TAKEN_BACK and activity.owner_id is not None:
        events.publish(
            ActivityHandedOver(
                activity_id=activity.pk,
                actor_id=actor.pk,
                user_id=activity.owner_id,
                before_id=left_by.pk if left_by else None,
            )
        )
    else:
        events.publish(
            ActivityMoved(activity_id=activity.pk, actor_id=actor.pk, before=left_at, due_at=activity.due_at)
        )
