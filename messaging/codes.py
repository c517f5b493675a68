"""Sentences of the audit log and of notifications that belong to messages."""

from django.utils.translation import gettext_lazy as _

from core import audit, notifications

audit.register("message.queued", _("wrote a message to %(to)s"), shows={"to": "to_address"})
audit.register("message.resent", _("sent the message to %(to)s again"), shows={"to": "to_address"})
audit.register("message.cancelled", _("cancelled the message to %(to)s"), shows={"to": "to_address"})
audit.register("consent.changed", _("recorded the consent of %(address)s"), shows={"address": "address"})
audit.register("channel.made_default", _("made the channel the default"))
audit.register("channel.new_token", _("gave the channel a new address for reports"))

notifications.register(
    "message.received", _("%(name)s answered: %(text)s"), label=_("Somebody answers a message of mine")
)
