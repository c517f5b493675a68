"""Offices, teams and people as targets of an import (the users app stands below this one)."""

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.staging import BATCH, Context, Row
from exchange.targets import LOOKUP, TEXT, Column, Refused, Target, columns_of, default_lookup, register
from users.models import Branch, Role, Team, User


def _prepare_user(row: Row, context: Context) -> None:
    """Split a full name; nobody gets a password by import: an administrator sends an invitation."""
    full_name = row.virtual.pop("full_name", "")
    if full_name and not row.values.get("first_name"):
        row.values["first_name"], _space, last_name = full_name.partition(" ")
        row.values.setdefault("last_name", last_name.strip())
    if not row.values.get("first_name"):
        raise Refused("first_name", _("This column must not be empty."))
    row.values["email"] = row.values["email"].lower()
    if len(row.values.get("first_name", "")) > 80 or len(row.values.get("last_name", "")) > 80:
        raise Refused("first_name", _("The name is too long."))


def _finish_users(context: Context) -> None:
    """Put people into the groups of their roles, and take the password away from those who never had one."""
    members = User.groups.through
    groups = dict(Role.objects.values_list("pk", "group_id"))
    members._default_manager.bulk_create(
        [
            members(user_id=row.pk, group_id=groups[row.virtual["role"]])
            for row in (*context.created, *context.updated)
            if row.virtual.get("role")
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    User.objects.filter(pk__in=[row.pk for row in context.created], password="").update(
        password=make_password(None)  # an unusable one
    )


register(
    Target(
        "branches",
        Branch,
        tuple(columns_of(Branch, "name", "city", "is_active", required=("name",))),
        keys=("name",),
        label=gettext_lazy("Branches"),
    )
)
register(
    Target(
        "teams",
        Team,
        tuple(columns_of(Team, "name", "parent", "branch", "leader", "is_active", required=("name",))),
        keys=("name",),
        label=gettext_lazy("Teams"),
    )
)
register(
    Target(
        "users",
        User,
        (
            *columns_of(
                User,
                "email",
                "first_name",
                "last_name",
                "mobile",
                "job_title",
                "team",
                "branch",
                "is_active",
                "language",
                "calendar",
                "digits",
                "money_unit",
                "time_zone",
                required=("email",),
            ),
            Column("full_name", gettext_lazy("full name"), TEXT, virtual=True),
            Column("role", gettext_lazy("role"), LOOKUP, virtual=True, lookup=default_lookup(Role)),
        ),
        keys=("email",),
        label=gettext_lazy("Users"),
        prepare=_prepare_user,
        finish=_finish_users,
    )
)
