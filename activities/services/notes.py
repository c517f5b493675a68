"""Notes: activities that only say something. Everyone who sees the record may write one, only the author changes it."""

from typing import Any

from django.db import models, transaction

from activities.choices import Kind
from activities.models import Activity
from activities.services.activities import activity_log, activity_update
from activities.services.base import check_author, locked
from activities.services.finishing import activity_delete
from activities.services.pins import timeline_pin


@transaction.atomic
def note_add(*, actor: Any, record: models.Model, text: str, pinned: bool = False) -> Activity:
    """Write a note on a host the actor sees, on top of its story if ``pinned``. Raises PermissionRefused or DomainError."""
    note = activity_log(actor=actor, kind=Kind.NOTE, text=text.strip(), records=[record])
    if pinned:
        timeline_pin(actor=actor, record=record, item=f"activity:{note.pk}")
    return note


@transaction.atomic
def note_edit(*, actor: Any, note: Activity, text: str, expected_version: int | None = None) -> Activity:
    """Change the words of one's own note. Raises PermissionRefused, StaleRecord or DomainError."""
    current = locked(actor, note, expected_version=expected_version)
    check_author(actor, current)
    current.text = text.strip()
    return activity_update(actor=actor, instance=current)


@transaction.atomic
def note_delete(*, actor: Any, note: Activity) -> None:
    """Move one's own note to the bin. Raises PermissionRefused."""
    check_author(actor, note)
    activity_delete(actor=actor, activity=note)
