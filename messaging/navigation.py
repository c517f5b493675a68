"""Where messages stand in the menus."""
"""What the messaging app adds to the menus."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.navigation import Item, register
from core.policies import policy_for
from messaging.models import ChannelAccount, Consent, Message, SendingRules

MESSAGES = _("Messages")


def answers_for_others(user: Any) -> bool:
    """Whether the user answers for the messages of others too."""
    return policy_for(Message).level(user, "resend") not in {"none", "own"}


register(
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
from core import navigation
from core.policies import policy_for
from messaging.models import Message, MessageTemplate


def _may_change_templates(user: Any) -> bool:
    return policy_for(MessageTemplate).can(user, "change")


navigation.register(
    navigation.Item("messages", _("Messages"), "messaging:message_list", "mail", "work", 40, Message, shortcut="g m"),
    navigation.Item(
        "message-templates",
        _("Message templates"),
        "messaging:messagetemplate_list",
        "template",
        "settings",
        45,
        check=_may_change_templates,
    ),
)
