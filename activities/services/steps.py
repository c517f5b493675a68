"""A next step as people type it in a form: some words and a time."""

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from activities.choices import Kind
from activities.models import Activity
from activities.services.activities import activity_plan
from activities.services.next_step import COLUMNS
from core.errors import DomainError

CALL_WORDS = ("تماس", "زنگ", "تلفن", "call ", "phone ", "ring ")


def kind_of_step(words: str) -> str:
    """What a next step in a few words is: a call when it begins like one, else a follow-up."""
    return Kind.CALL if words.strip().casefold().startswith(CALL_WORDS) else Kind.FOLLOW_UP


@transaction.atomic
def step_plan(
    *, actor: Any, record: models.Model, words: str, at: dt.datetime | None, owner: Any = None
) -> Activity | None:
    """Plan what the two inputs of a form say about a record with a next step; nothing when both are empty.

    Without ``owner`` it is the actor's. Raises PermissionRefused, or DomainError on ``next_step`` or ``next_step_at``.
    """
    if not words and at is None:
        return None
    if at is None:
        raise DomainError(_("Enter the date of the next step."), field="next_step_at")
    if not words:
        raise DomainError(_("Say what the next step is."), field="next_step")
    activity = activity_plan(
        actor=actor, kind=kind_of_step(words), subject=words[:200], due_at=at, records=[record], owner=owner or actor
    )
    record.refresh_from_db(fields=COLUMNS)
    return activity
