"""The tables of the messaging app."""

from messaging.models.account import ChannelAccount
from messaging.models.consent import Consent, SendingRules
from messaging.models.message import Attachment, Incoming, Message, MessageAttempt, MessageLink
from messaging.models.notice import NoticeLine
from messaging.models.preferences import Mute, NotificationPreference, NotificationSettings
from messaging.models.template import MessageTemplate

__all__ = [
    "Attachment",
    "ChannelAccount",
    "Consent",
    "Incoming",
    "Message",
    "MessageAttempt",
    "MessageLink",
    "MessageTemplate",
    "Mute",
    "NoticeLine",
    "NotificationPreference",
    "NotificationSettings",
    "SendingRules",
]
