"""What is done with messages: queue, send, resend."""

from messaging.addresses import normalise_address
from messaging.services.consent import consent_of, consent_set, consents_of, is_allowed
from messaging.services.preferences import (
    choices_of,
    is_muted,
    mute_end,
    mute_set,
    notification_settings_save,
    preferences_save,
    settings_of,
)
from messaging.services.queue import AttachedFile, message_cancel, message_queue, message_resend, messages_queue

__all__ = [
    "AttachedFile",
    "choices_of",
    "consent_of",
    "consent_set",
    "consents_of",
    "is_allowed",
    "is_muted",
    "message_cancel",
    "message_queue",
    "message_resend",
    "messages_queue",
    "mute_end",
    "mute_set",
    "normalise_address",
    "notification_settings_save",
    "preferences_save",
    "settings_of",
]
