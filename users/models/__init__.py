"""The tables of the users app."""

from users.models.owned import OwnedRecord
from users.models.roles import FieldRule, Role, RoleGrant
from users.models.teams import Branch, Team
from users.models.user import User, UserManager

__all__ = ["Branch", "FieldRule", "OwnedRecord", "Role", "RoleGrant", "Team", "User", "UserManager"]
