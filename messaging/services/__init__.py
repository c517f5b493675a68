"""What is done with messages: queue, send, resend."""

from messaging.addresses import normalise_address
from messaging.services.consent import consent_of, consent_set, consents_of, is_allowed
from messaging.services.queue import AttachedFile, message_cancel, message_queue, message_resend, messages_queue

__all__ = [
    "AttachedFile",
    "consent_of",
    "consent_set",
    "consents_of",
    "is_allowed",
    "message_cancel",
    "message_queue",
    "message_resend",
    "messages_queue",
    "normalise_address",
]
