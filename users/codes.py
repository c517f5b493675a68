"""Sentences of the audit log and of notifications that belong to people and their rights."""

from django.utils.translation import gettext_lazy as _

from core import audit, notifications

audit.register("user.created", _("added the person"))
audit.register("user.changed", _("changed the person's data"))
audit.register("user.invited", _("invited the person by e-mail"))
audit.register("user.deactivated", _("closed the person's access"))
audit.register("user.activated", _("opened the person's access again"))
audit.register("user.signed_in", _("signed in"))
audit.register("user.signed_out", _("ended all sessions of the person"))
audit.register("user.password_changed", _("changed the password"))
audit.register("user.password_reset", _("reset the password by e-mail"))
audit.register("user.second_step_added", _("set up two-step sign-in"))
audit.register("user.second_step_removed", _("removed two-step sign-in"))
audit.register("user.second_step_reset", _("reset the person's two-step sign-in"))
audit.register("user.preferences_set", _("changed the preferences: %(names)s"))
audit.register("user.profile_saved", _("changed the profile: %(names)s"))
audit.register("role.created", _("added the role"))
audit.register("role.changed", _("changed the role"))
audit.register("role.deleted", _("deleted the role"))
audit.register("role.rights_changed", _("changed rights: %(rights)s"))
audit.register("role.fields_changed", _("changed field rules: %(fields)s"))
audit.register("currency.saved", _("saved the currency %(code)s with the rate %(rate)s"))
audit.register("currency.deleted", _("deleted the currency %(code)s"))

notifications.register(
    "record.assigned",
    _("%(actor)s handed “%(name)s” over to you"),
    label=_("Somebody hands a record over to me"),
    channels=("app", "email"),
)
