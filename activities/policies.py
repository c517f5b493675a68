"""Who may do what with activities and what belongs to them."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from activities.models import (
    Activity,
    ActivityLink,
    ActivityOutcome,
    Assignment,
    Booking,
    ChecklistItem,
    Digest,
    FeedToken,
    Guest,
    Invitation,
    Mention,
    Pin,
    Recurrence,
    Reminder,
    Resource,
    Sequence,
    SequenceRun,
    SequenceStep,
    Watch,
)
from core.policies import ParentPolicy, Policy, ReferencePolicy, register
from messaging.policies import OwnSettingsPolicy, hidden_addresses, visible_links
from users import field_rules
from users.policies import OwnedPolicy


@register(Activity)
class ActivityPolicy(OwnedPolicy):
    """Activities belong to their owner; assignees see and change them, and who sees a record sees what is done on it.

    A private one is for its owner and assignees alone, whatever else a role allows.
    """

    def scope(self, user: Any, action: str) -> Q | None:
        base = super().scope(user, action)
        if base is None:
            return None
        mine = Q(owner=user.pk) | Q(Exists(Assignment.objects.filter(activity=OuterRef("pk"), user=user.pk)))
        public = Q(is_private=False)
        if not base:
            return public | mine
        if action == "view":
            base |= visible_links(user, ActivityLink.objects.all(), "activity")
        return (base & public) | (mine if action in {"view", "change"} else Q(owner=user.pk) & base)

    def allows(self, user: Any, action: str, obj: models.Model) -> bool:
        """Asked of the database: assignees and linked records decide too."""
        return Policy.allows(self, user, action, obj)


@register(ActivityLink, Assignment, ChecklistItem, Guest, Invitation, Booking, Mention)
class ActivityPartPolicy(ParentPolicy):
    """What belongs to an activity goes with it."""

    parent = "activity"


field_rules.follow(
    Guest._meta.label_lower, lambda user: frozenset({"email"}) if hidden_addresses(user) else frozenset()
)


@register(Recurrence, Pin, SequenceRun)
class ReachedThroughPolicy(Policy):
    """A repetition is reached through its activities, pins and runs of sequences through their record; never by themselves."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        return "none"


@register(Reminder, FeedToken, Watch, Digest)
class OwnRowsPolicy(OwnSettingsPolicy):
    """Reminders, feeds and what one follows are everyone's own."""


@register(ActivityOutcome, Resource)
class ActivityListPolicy(ReferencePolicy):
    """Outcomes, rooms and resources are known to all."""


@register(Sequence)
class SequencePolicy(ReferencePolicy):
    """Sequences are used by everyone and written by granted roles."""


@register(SequenceStep)
class SequenceStepPolicy(ParentPolicy):
    """Steps go with their sequence."""

    parent = "sequence"
