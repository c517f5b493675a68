"""Who does an activity, who answers for it, and who follows it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from activities.events import ActivityHandedOver
from activities.models import Activity, Assignment, Watch
from activities.selectors.activities import activity_records
from activities.services.base import actor_key, check_people, locked, shown_on, store, tell, title
from core import audit, events
from core.errors import DomainError
from core.policies import can
from core.services import require


def assignments_set(activity: Activity, people: Iterable[Any]) -> list[Any]:
    """Make these the assignees; who stays keeps his own state. The owner alone needs no row. Returns who is new."""
    wanted = {person.pk: person for person in people}
    if set(wanted) == {activity.owner_id}:
        wanted = {}
    present = set(Assignment.objects.filter(activity=activity).values_list("user", flat=True))
    Assignment.objects.filter(activity=activity, user__in=present - set(wanted)).delete()
    new = [person for pk, person in wanted.items() if pk not in present]
    Assignment.objects.bulk_create(Assignment(activity=activity, user=person) for person in new)
    return new


def watchers_set(activity: Activity, people: Iterable[Any]) -> None:
    """Make these the people who follow the activity."""
    kind = ContentType.objects.get_for_model(Activity)
    keys = {person.pk for person in people}
    rows = Watch.objects.filter(content_type=kind, object_id=activity.pk)
    rows.exclude(user__in=keys).delete()
    Watch.objects.bulk_create(
        [Watch(user_id=pk, content_type=kind, object_id=activity.pk) for pk in sorted(keys)], ignore_conflicts=True
    )


def check_owner(actor: Any, owner: Any) -> None:
    """Who answers for it must be able to; giving it to another person is a right ("assign")."""
    check_people([owner], "owner")
    if actor is not None and owner.pk != actor.pk and not can(actor, "assign", Activity):
        raise DomainError(_("You may only plan activities of your own."), field="owner", code="assign")


@transaction.atomic
def activity_hand_over(*, actor: Any, activity: Activity, user: Any) -> Activity:
    """Give the activity to a colleague, who is told and takes the actor's place among the assignees.

    Right: "assign" on this activity. Raises PermissionRefused or DomainError.
    """
    current = locked(actor, activity, "change")
    if actor is not None:
        require(actor, "assign", Activity, current)
    check_people([user], "user")
    if current.owner_id == user.pk:
        return current
    before = current.owner
    current.owner, current.team = user, user.team or current.team
    params = {"subject": title(current), "person": str(user)}
    related = shown_on(current, activity_records(current, user=None))
    with audit.action("activity.handed_over", actor=actor, obj=current, related=related, params=params):
        store(current, ["owner", "team"])
        take_place(current, before, user)
    tell(current, [user], "activity.handed_over", actor)
    events.publish(
        ActivityHandedOver(
            activity_id=current.pk,
            actor_id=actor_key(actor),
            user_id=user.pk,
            before_id=before.pk if before else None,
        )
    )
    return current


def take_place(activity: Activity, before: Any, user: Any) -> None:
    """The new owner does what the old one did; with nobody else left, no assignees are needed."""
    people = [row.user for row in Assignment.objects.filter(activity=activity).select_related("user").order_by("pk")]
    if not people:
        return
    kept = [person for person in people if before is None or person.pk != before.pk]
    assignments_set(activity, {person.pk: person for person in [*kept, user]}.values())
