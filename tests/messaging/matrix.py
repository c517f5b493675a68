"""Who gets into the pages of this app."""

from messaging.links import unsubscribe_token
from tests.matrix import EVERYBODY, public, row

OTHERS = "nobody teammate outsider manager executive marketer support admin"

ADMINS = "admin"
CONSENT = "manager marketer admin"
SENDERS = "rep teammate outsider manager executive marketer support admin"

READERS = "rep teammate manager executive marketer support admin"
WRITERS = "manager marketer admin"
ACCOUNT = ("=email", "=accounts.account", "account")
STRANGERS = "teammate outsider executive marketer support"

MATRIX = {
    "messaging:channelaccount_add": row(ADMINS),
    "messaging:channelaccount_default": row(ADMINS, "channel", post=True),
    "messaging:channelaccount_delete": row(ADMINS, "channel"),
    "messaging:channelaccount_detail": row(ADMINS, "channel"),
    "messaging:channelaccount_edit": row(ADMINS, "channel"),
    "messaging:channelaccount_list": row(ADMINS),
    "messaging:channelaccount_messages": row(ADMINS, "channel"),
    "messaging:channelaccount_test": row(ADMINS, "channel"),
    "messaging:channelaccount_token": row(ADMINS, "channel", post=True),
    "messaging:consent_add": row(CONSENT),
    "messaging:consent_edit": row(CONSENT, "consent"),
    "messaging:consent_list": row(CONSENT),
    "messaging:outbox": row(SENDERS),
    "messaging:outbox_cancel": row(SENDERS, post=True),
    "messaging:outbox_resend": row(SENDERS, post=True),
    "messaging:sending_rules": row(ADMINS),
    "messaging:attachment": row(READERS, "attachment", missing="outsider"),
    "messaging:compose": row(READERS, *ACCOUNT, missing="outsider"),
    "messaging:compose_fill": row(READERS, *ACCOUNT, missing="outsider"),
    "messaging:message_cancel": row("rep manager admin", "message", missing=STRANGERS, post=True),
    "messaging:message_detail": row(READERS, "message", missing="outsider"),
    "messaging:message_list": row(f"{READERS} outsider"),
    "messaging:message_resend": row("rep manager admin", "message", missing=STRANGERS, post=True),
    "messaging:messagetemplate_add": row(WRITERS),
    "messaging:messagetemplate_delete": row(WRITERS, "message_template"),
    "messaging:messagetemplate_detail": row(EVERYBODY, "message_template"),
    "messaging:messagetemplate_edit": row(WRITERS, "message_template"),
    "messaging:messagetemplate_list": row(EVERYBODY),
    "messaging:messagetemplate_preview": row(WRITERS, post=True),
    "messaging:mute": row("rep", "heard", missing=OTHERS, post=True),
    "messaging:preferences": row(EVERYBODY),
    "messaging:unmute": row("rep", "mute", missing=OTHERS, post=True),
    "provider_hook": public("channel.webhook_token"),
    "unsubscribe": public(f"={unsubscribe_token('ali@example.com')}"),
}
