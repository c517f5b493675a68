"""What is done with messages: queue, send, resend."""

from messaging.addresses import normalise_address
from messaging.services.accounts import (
    account_make_default,
    account_new_token,
    account_save,
    account_test,
    rules_save,
    secrets_reseal,
)
from messaging.services.checks import messages_check
from messaging.services.consent import consent_of, consent_set, consents_of, is_allowed
from messaging.services.incoming import incoming_fetch, incoming_keep, incoming_work
from messaging.services.notices import notices_run
from messaging.services.outbox import outbox_run
from messaging.services.preferences import (
    choices_of,
    is_muted,
    mute_end,
    mute_set,
    notification_settings_save,
    preferences_save,
    settings_of,
)
from messaging.services.purging import attempts_purge, incoming_purge, notices_purge
from messaging.services.queue import (
    AttachedFile,
    NewMessage,
    message_cancel,
    message_queue,
    message_resend,
    messages_queue,
)

__all__ = [
    "AttachedFile",
    "NewMessage",
    "account_make_default",
    "account_new_token",
    "account_save",
    "account_test",
    "attempts_purge",
    "choices_of",
    "consent_of",
    "consent_set",
    "consents_of",
    "incoming_fetch",
    "incoming_keep",
    "incoming_purge",
    "incoming_work",
    "is_allowed",
    "is_muted",
    "message_cancel",
    "message_queue",
    "message_resend",
    "messages_check",
    "messages_queue",
    "mute_end",
    "mute_set",
    "normalise_address",
    "notices_purge",
    "notices_run",
    "notification_settings_save",
    "outbox_run",
    "preferences_save",
    "rules_save",
    "secrets_reseal",
    "settings_of",
]
