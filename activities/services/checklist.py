"""The checklist of an activity."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ChecklistItem
from activities.services.base import MAX_LINES, locked, title
from core import audit
from core.errors import DomainError

LENGTH = 200


def check_lines(lines: Iterable[str]) -> list[str]:
    """The lines that say something, each short enough and not too many."""
    tidy = [line.strip() for line in lines if line and line.strip()]
    if len(tidy) > MAX_LINES:
        raise DomainError(_("A checklist has %(limit)s lines at most.") % {"limit": MAX_LINES}, field="checklist")
    if any(len(line) > LENGTH for line in tidy):
        text = _("A line of the checklist has %(limit)s letters at most.") % {"limit": LENGTH}
        raise DomainError(text, field="checklist")
    return tidy


def checklist_set(activity: Activity, lines: Iterable[str]) -> None:
    """Make these the lines, in this order; a line with the same words keeps its tick."""
    left = list(ChecklistItem.objects.filter(activity=activity))
    new = []
    for position, line in enumerate(check_lines(lines)):
        known = next((item for item in left if item.text == line), None)
        if known is None:
            new.append(ChecklistItem(activity=activity, text=line, position=position))
            continue
        left.remove(known)
        if known.position != position:
            ChecklistItem.objects.filter(pk=known.pk).update(position=position)
    ChecklistItem.objects.filter(pk__in=[item.pk for item in left]).delete()
    ChecklistItem.objects.bulk_create(new)


@transaction.atomic
def checklist_add(*, actor: Any, activity: Activity, text: str) -> ChecklistItem:
    """Put a line at the end of the checklist. Raises PermissionRefused or DomainError."""
    current = locked(actor, activity)
    lines = check_lines([text])
    if not lines:
        raise DomainError(_("Write what is to do."), field="text")
    present = list(ChecklistItem.objects.filter(activity=current))
    check_lines([*(item.text for item in present), *lines])
    last = present[-1].position if present else -1
    with audit.action("activity.changed", actor=actor, obj=current, params={"subject": title(current)}):
        return ChecklistItem.objects.create(activity=current, text=lines[0], position=last + 1)


@transaction.atomic
def checklist_tick(*, actor: Any, item: ChecklistItem, done: bool = True) -> ChecklistItem:
    """Tick a line, or untick it; a second tick changes nothing. Raises PermissionRefused or DomainError."""
    current = locked(actor, item.activity)
    row = ChecklistItem.objects.filter(pk=item.pk, activity=current).first()
    if row is None:
        raise DomainError(_("This line is no longer in the checklist."), code="gone")
    if bool(row.done_at) == done:
        return row
    row.done_at, row.done_by = (timezone.now(), actor) if done else (None, None)
    code = "activity.line_done" if done else "activity.line_undone"
    with audit.action(code, actor=actor, obj=current, params={"line": row.text}):
        row.save(update_fields=["done_at", "done_by", "updated_at"])
    return row


@transaction.atomic
def checklist_remove(*, actor: Any, item: ChecklistItem) -> None:
    """Take a line away. Raises PermissionRefused or DomainError."""
    current = locked(actor, item.activity)
    with audit.action("activity.changed", actor=actor, obj=current, params={"subject": title(current)}):
        ChecklistItem.objects.filter(pk=item.pk, activity=current).delete()
