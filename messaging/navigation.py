"""Where messages stand in the menus."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.navigation import Item, register
from core.policies import policy_for
from messaging.models import ChannelAccount, Consent, Message, MessageTemplate, SendingRules

MESSAGES = _("Messages")


def answers_for_others(user: Any) -> bool:
    """Whether the user answers for the messages of others too."""
    return policy_for(Message).level(user, "resend") not in {"none", "own"}


def may_change_templates(user: Any) -> bool:
    """Whether the user writes templates."""
    return policy_for(MessageTemplate).can(user, "change")


register(
    Item("messages", _("Messages"), "messaging:message_list", "mail", "work", 40, Message, shortcut="g m"),
    Item(
        "message-templates",
        _("Message templates"),
        "messaging:messagetemplate_list",
        "template",
        "settings",
        105,
        check=may_change_templates,
        group=MESSAGES,
    ),
    Item(
        "channels",
        _("Channels"),
        "messaging:channelaccount_list",
        "antenna",
        "settings",
        110,
        ChannelAccount,
        "change",
        group=MESSAGES,
    ),
    Item(
        "sending-rules",
        _("Rules of sending"),
        "messaging:sending_rules",
        "moon",
        "settings",
        120,
        SendingRules,
        "change",
        group=MESSAGES,
    ),
    Item("consent", _("Consent"), "messaging:consent_list", "checkbox", "settings", 130, Consent, group=MESSAGES),
    Item("outbox", _("Outbox"), "messaging:outbox", "send", "settings", 140, check=answers_for_others, group=MESSAGES),
)
