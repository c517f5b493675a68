"""What the users app does: people, roles and rights, preferences, the organisation, handing records over."""

from users.services.organisation import currency_delete, currency_save, organisation_save
from users.services.people import (
    user_activate,
    user_deactivate,
    user_invite,
    user_invite_again,
    user_reset_second_step,
    user_save,
    user_sign_out_everywhere,
)
from users.services.preferences import own_page_save, preferences_set, profile_save
from users.services.records import record_assign
from users.services.roles import (
    field_rule_set,
    field_rules_set,
    role_delete,
    role_grant_set,
    role_grants_set,
    role_save,
)

__all__ = [
    "currency_delete",
    "currency_save",
    "field_rule_set",
    "field_rules_set",
    "organisation_save",
    "own_page_save",
    "preferences_set",
    "profile_save",
    "record_assign",
    "role_delete",
    "role_grant_set",
    "role_grants_set",
    "role_save",
    "user_activate",
    "user_deactivate",
    "user_invite",
    "user_invite_again",
    "user_reset_second_step",
    "user_save",
    "user_sign_out_everywhere",
]
