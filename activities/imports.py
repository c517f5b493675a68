"""The next step of imported records: two columns of a file that become an activity."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.choices import Kind, Status
from activities.models import ActivityLink
from activities.services import Draft, activities_write, kind_of_step
from core import hosts, text
from exchange.staging import Context, Row
from exchange.targets import DATETIME, TEXT, Column

NEXT_STEP_COLUMNS = (
    Column("next_step", gettext_lazy("next step"), TEXT, virtual=True),
    Column("next_step_at", gettext_lazy("date of the next step"), DATETIME, virtual=True),
)
SUBJECT_LENGTH = 200
Key = tuple[int, str, Any]


def steps_write(context: Context) -> None:
    """Plan the steps named in the file, each once however often it is imported; a closed record's step is cancelled.

    A step without a date is a task without one, a date alone is a follow-up. Four statements beside the streams.
    """
    rows = [row for row in (*context.created, *context.updated) if row.pk and _has_step(row)]
    if not rows:
        return
    model: Any = context.target.model
    host = hosts.find(model._meta.label_lower)
    records = {record.pk: record for record in model.all_objects.filter(pk__in=[row.pk for row in rows])}
    known = _known(context, [row.pk for row in rows if row.existing and row.pk])
    drafts = []
    for row in rows:
        record = records[row.pk]
        subject, due_at = _step(row)
        if (record.pk, subject, due_at) not in known:
            is_open = host is None or host.is_open(record)
            drafts.append(_draft(context, record, subject, due_at, is_open=is_open))
    activities_write(actor=context.actor, drafts=drafts)


def _has_step(row: Row) -> bool:
    return bool(row.virtual.get("next_step") or row.virtual.get("next_step_at"))


def _step(row: Row) -> tuple[str, Any]:
    words = text.clean(str(row.virtual.get("next_step") or ""))[:SUBJECT_LENGTH]
    return words or _("Follow up"), row.virtual.get("next_step_at")


def _known(context: Context, keys: list[int]) -> set[Key]:
    """What is on the records already, done or not."""
    links = ActivityLink.objects.filter(
        content_type=ContentType.objects.get_for_model(context.target.model),
        object_id__in=keys,
        activity__deleted_at=None,
    )
    return set(links.values_list("object_id", "activity__subject", "activity__due_at")) if keys else set()


def _draft(context: Context, record: Any, subject: str, due_at: Any, *, is_open: bool) -> Draft:
    values = {
        "kind": kind_of_step(subject) if due_at else Kind.TASK,
        "subject": subject,
        "due_at": due_at,
        "status": Status.PLANNED if is_open else Status.CANCELLED,
        "owner_id": record.owner_id or (context.actor.pk if context.actor is not None else None),
        "team_id": record.team_id,
        "created_by_id": context.actor.pk if context.actor is not None else None,
        "created_at": context.now,
        "updated_at": context.now,
    }
    return Draft(values, [(type(record), record.pk)])
