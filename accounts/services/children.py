"""What hangs on a party: jobs, ways to reach it, relations, important dates. The party's rights decide."""

import datetime as dt
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, ContactPoint, Employment, ImportantDate, Relation, RelationType
from core import audit
from core.errors import DomainError
from core.services import lock, object_save, require

Party = Account | Contact
Child = TypeVar("Child", Employment, ContactPoint, ImportantDate, Relation)

STEMS: dict[type[models.Model], str] = {
    Employment: "employment",
    ContactPoint: "contact_point",
    ImportantDate: "important_date",
    Relation: "relation",
}


def parties_of(child: models.Model) -> list[Party]:
    """The accounts and contacts the row belongs to, the one whose rights decide first."""
    names = ("contact", "account", "from_account", "from_contact", "to_account", "to_contact")
    return [party for name in names if (party := getattr(child, name, None)) is not None]


@transaction.atomic
def child_save(*, actor: Any, instance: Child) -> Child:
    """Add or change a job, contact point, date or relation of a party the actor may change.

    Raises PermissionRefused or DomainError.
    """
    parties = parties_of(instance)
    require_parties(actor, parties)
    if isinstance(instance, Relation):
        _guard_relation(instance)
    verb = "added" if instance._state.adding else "changed"
    saved = object_save(actor=actor, instance=instance, code=f"{STEMS[type(instance)]}.{verb}", related=parties)
    if isinstance(saved, Employment) and saved.is_primary:
        Employment.objects.filter(account=saved.account_id, is_primary=True).exclude(pk=saved.pk).update(
            is_primary=False
        )
    return saved


def require_parties(actor: Any, parties: list[Party]) -> None:
    """Refuse unless the actor may change one of the parties and see them all."""
    for party in parties:
        require(actor, "view", type(party), party)
        if party.deleted_at:
            raise DomainError(_("“%(name)s” is in the bin. Restore it first.") % {"name": party}, code="in_bin")
    owner = parties[0]
    if len(parties) == 1 or not _may_change(actor, parties[1:]):
        require(actor, "change", type(owner), owner)


def _may_change(actor: Any, parties: list[Party]) -> bool:
    from core.policies import allows

    return any(allows(actor, "change", party) for party in parties)


@transaction.atomic
def child_delete(*, actor: Any, instance: models.Model) -> None:
    """Remove a job, contact point, date or relation; its row stays in the history.

    Raises PermissionRefused, or DomainError when it is gone already.
    """
    current = lock(instance)
    parties = parties_of(current)
    require_parties(actor, parties)
    code, name = f"{STEMS[type(current)]}.removed", str(current)[:120]
    with audit.action(code, actor=actor, obj=parties[0], related=parties[1:], params={"name": name}):
        type(current)._default_manager.filter(pk=current.pk).delete()


@transaction.atomic
def relation_create(
    *,
    actor: Any,
    type: RelationType,  # noqa: A002 - the model's own word
    from_party: Party,
    to_party: Party,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    note: str = "",
) -> Relation:
    """Relate two parties ("from_party is TYPE of to_party"); the other side reads the inverse name.

    Raises PermissionRefused, or DomainError for a party with itself or a relation that is known already.
    """
    relation = Relation(type=type, starts_on=starts_on, ends_on=ends_on, note=note)
    for side, party in (("from", from_party), ("to", to_party)):
        setattr(relation, f"{side}_account" if isinstance(party, Account) else f"{side}_contact", party)
    return child_save(actor=actor, instance=relation)


def _guard_relation(relation: Relation) -> None:
    source, target = relation.from_party, relation.to_party
    if source is None or target is None:
        raise DomainError(_("Choose the other party: an account or a contact."))
    if source == target:
        raise DomainError(_("A party cannot be related to itself."))
    ends = {
        name: getattr(relation, f"{name}_id") for name in ("from_account", "from_contact", "to_account", "to_contact")
    }
    same = Q(**ends)
    if relation.type.is_symmetric:
        flipped = {name.replace("from", "@").replace("to", "from").replace("@", "to"): pk for name, pk in ends.items()}
        same |= Q(**flipped)
    if Relation.objects.filter(same, type=relation.type_id).exclude(pk=relation.pk).exists():
        raise DomainError(_("This relation is recorded already."), code="known")
