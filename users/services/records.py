"""Handing a record over to somebody else."""

from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, notifications
from core.errors import DomainError
from core.policies import can
from core.services import lock, require
from users.models import OwnedRecord, User

T = TypeVar("T", bound=OwnedRecord)


@transaction.atomic
def record_assign(*, actor: User, record: T, owner: User) -> T:
    """Make ``owner`` responsible for the record, and tell him or her.

    Right: "assign" on this very record. The record may leave the actor's sight by it; that is the point. The new
    owner must be active and have some right to see such records.
    """
    model = type(record)
    current = lock(record)
    require(actor, "assign", model, current)
    if not owner.is_active or not can(owner, "view", model):
        raise DomainError(_("%(owner)s cannot work with such records.") % {"owner": owner}, field="owner")
    if current.owner_id == owner.pk:
        return current
    before = current.owner
    current.owner, current.team = owner, owner.team or current.team
    params = {"owner": str(owner), "from": str(before or "")}
    with audit.action("record.assigned", actor=actor, obj=current, params=params):
        current.save(update_fields=["owner", "team"])
    if owner != actor:
        notifications.notify(
            recipients=[owner],
            code="record.assigned",
            url=current.get_absolute_url(),
            params={"actor": str(actor), "name": str(current)},
        )
    return current
