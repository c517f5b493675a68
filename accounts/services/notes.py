"""Notes on a party."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, Note
from core import audit
from core.errors import PermissionRefused
from core.services import check_version, lock, object_save, require


@transaction.atomic
def note_add(*, actor: Any, party: Account | Contact, text: str, is_pinned: bool = False) -> Note:
    """Write a note on an account or contact the actor may change. Raises PermissionRefused or DomainError."""
    require(actor, "change", type(party), party)
    note = Note(text=text, is_pinned=is_pinned)
    if isinstance(party, Account):
        note.account = party
    else:
        note.contact = party
    return object_save(actor=actor, instance=note, code="note.added", related=[party])


@transaction.atomic
def note_edit(*, actor: Any, note: Note, text: str, expected_version: int | None = None) -> Note:
    """Change the words of one's own note. Raises PermissionRefused, StaleRecord or DomainError."""
    current = lock(note)
    _require_author(actor, current)
    check_version(current, expected_version)
    current.text = text
    return object_save(actor=actor, instance=current, code="note.changed", related=[_party(current)])


@transaction.atomic
def note_pin(*, actor: Any, note: Note, pinned: bool = True) -> Note:
    """Put a note on top, or take it down again. Raises PermissionRefused."""
    current = lock(note)
    party = _party(current)
    require(actor, "change", type(party), party)
    if current.is_pinned == pinned:
        return current
    current.is_pinned = pinned
    with audit.action("note.pinned" if pinned else "note.unpinned", actor=actor, obj=current, related=[party]):
        current.save(update_fields=["is_pinned"])
    return current


@transaction.atomic
def note_delete(*, actor: Any, note: Note) -> Note:
    """Move one's own note to the bin. Raises PermissionRefused."""
    current = lock(note)
    _require_author(actor, current)
    current.deleted_at, current.deleted_by = timezone.now(), actor
    with audit.action("note.removed", actor=actor, obj=current, related=[_party(current)]):
        current.save(update_fields=["deleted_at", "deleted_by"])
    return current


def may_edit(actor: Any, note: Note) -> bool:
    """Whether the note is the actor's own; administrators may change any."""
    return bool(actor.is_superuser or note.created_by_id == actor.pk)


def _require_author(actor: Any, note: Note) -> None:
    party = _party(note)
    require(actor, "change", type(party), party)
    if not may_edit(actor, note):
        raise PermissionRefused(_("Only the author may change a note."))


def _party(note: Note) -> Account | Contact:
    party = note.account or note.contact
    if party is None:  # the table's check constraint forbids it
        raise LookupError("a note belongs to an account or a contact")
    return party
