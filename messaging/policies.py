"""Who may do what with messages, templates, channels and consent."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core import hosts
from core.fields import PhoneField
from core.policies import AdminOnlyPolicy, ParentPolicy, Policy, ReferencePolicy, policy_for, register
from messaging.choices import Purpose
from messaging.models import (
    Attachment,
    ChannelAccount,
    Consent,
    Incoming,
    Message,
    MessageAttempt,
    MessageLink,
    MessageTemplate,
    Mute,
    NoticeLine,
    NotificationPreference,
    NotificationSettings,
    SendingRules,
)
from users import field_rules


def visible_links(user: Any, links: Any, parent: str) -> Q:
    """Rows of which some link (``links`` queryset, FK ``parent``) leads to a record the user may see."""
    found = Q(pk__in=[])
    for host in hosts.all_hosts():
        scope = policy_for(host.model).scope(user, "view")
        if scope is None:
            continue
        manager = getattr(host.model, "objects", host.model._default_manager)
        seen = manager.filter(scope, pk=OuterRef("object_id")) if scope else manager.filter(pk=OuterRef("object_id"))
        kind = ContentType.objects.get_for_model(host.model)
        found |= Q(Exists(links.filter(Exists(seen), **{parent: OuterRef("pk")}, content_type=kind)))
    return found


def hidden_addresses(user: Any) -> frozenset[str]:
    """The addresses of a message, for whom a phone or an e-mail of some kind of record is hidden: they would tell it."""
    for host in hosts.all_hosts():
        hidden = user.hidden_fields(host.label)
        if any(isinstance(host.model._meta.get_field(name), PhoneField | models.EmailField) for name in hidden):
            return frozenset({"to_address", "from_address"})
    return frozenset()


field_rules.follow(Message._meta.label_lower, hidden_addresses)
field_rules.follow(
    Consent._meta.label_lower, lambda user: frozenset({"address"}) if hidden_addresses(user) else frozenset()
)


PUBLIC = Q(is_private=False) & ~Q(purpose=Purpose.INTERNAL)


@register(Message)
class MessagePolicy(Policy):
    """One's own messages, and those of records one may see. Sending is "add", sending again is "resend".

    What is written to a colleague, and what tells of a private activity, is read by its author and its recipient alone,
    whatever else a role allows; who answers for the outbox may send it again without reading it.
    """

    actions = ("view", "add", "resend", "export")
    has_owner = True

    def scope(self, user: Any, action: str) -> Q | None:
        level = self.level(user, action)
        if level == "none":
            return None
        rows = Q() if level == "all" else Q(created_by__in=[user.pk] if level == "own" else user.colleagues(level))
        if action == "resend":
            return rows
        if action == "view" and rows:
            rows |= visible_links(user, MessageLink.objects.all(), "message")
        return (rows & PUBLIC) | Q(created_by=user.pk) | Q(recipient=user.pk)


@register(MessageAttempt, MessageLink, Attachment)
class MessagePartPolicy(ParentPolicy):
    """Attempts, links and attachments go with their message."""

    parent = "message"


@register(MessageTemplate)
class MessageTemplatePolicy(ReferencePolicy):
    """Templates are used by everyone and written by granted roles."""


@register(ChannelAccount, SendingRules, Incoming)
class ChannelPolicy(AdminOnlyPolicy):
    """Providers and their secrets are an administrator's."""


@register(Consent)
class ConsentPolicy(Policy):
    """What people allowed us."""

    actions = ("view", "change")


@register(NotificationSettings, NotificationPreference, Mute)
class OwnSettingsPolicy(Policy):
    """Everyone's own."""

    actions = ()

    def level(self, user: Any, action: str) -> str:
        return "own" if getattr(user, "is_authenticated", False) and user.is_active else "none"

    def scope(self, user: Any, action: str) -> Q | None:
        return Q(user=user.pk) if self.level(user, action) == "own" else None


@register(NoticeLine)
class NoticeLinePolicy(OwnSettingsPolicy):
    """What waits to be mailed to a person is that person's own."""

    def scope(self, user: Any, action: str) -> Q | None:
        return Q(recipient=user.pk) if self.level(user, action) == "own" else None
