"""What stays on top of a record's story."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from activities.models import Pin
from activities.selectors.timeline import MAX_PINS, timeline_item
from activities.selectors.timeline_walk import type_id
from core import audit
from core.errors import DomainError
from core.services import require


@transaction.atomic
def timeline_pin(*, actor: Any, record: models.Model, item: str, pinned: bool = True) -> bool:
    """Keep an item (``activity:12``) on top of the record's story, or take it down; says whether that changed anything.

    Whoever may change the record may pin what he or she sees of its story. Raises PermissionRefused or DomainError.
    """
    require(actor, "change", type(record), record)
    place = {"content_type_id": type_id(type(record)), "object_id": record.pk}
    if not pinned:
        rows = Pin.objects.filter(**place, item=item)
        if not rows.exists():
            return False
        with audit.action("timeline.unpinned", actor=actor, obj=record):
            rows.delete()
        return True
    if timeline_item(user=actor, obj=record, item=item) is None:
        raise DomainError(_("This is not part of the record's story any more."), code="gone")
    if Pin.objects.filter(**place).count() >= MAX_PINS:
        text = _("%(limit)s things are pinned already. Take one down first.") % {"limit": MAX_PINS}
        raise DomainError(text, code="too_many")
    with audit.action("timeline.pinned", actor=actor, obj=record):
        _row, made = Pin.objects.get_or_create(**place, item=item, defaults={"by": actor})
    return made
