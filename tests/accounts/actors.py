"""People with a scope, for the tests of accounts."""

from django.contrib.auth.models import Group

from users.models import Role, RoleGrant, User

PARTIES = ("accounts.account", "accounts.contact")
ACTIONS = ("view", "add", "change", "delete", "export", "assign")


def grant(user: User, scope: str, *, models=PARTIES, actions=ACTIONS) -> User:
    """Give the user a role with ``scope`` for the actions on the models."""
    group = Group.objects.create(name=f"{user.pk}-{scope}-{models[0]}-{actions[0]}")
    role = Role.objects.create(group=group, code=f"r{group.pk}", name_fa="نقش", name_en="Role")
    RoleGrant.objects.bulk_create(
        RoleGrant(role=role, model=model, action=action, scope=scope) for model in models for action in actions
    )
    user.groups.add(group)
    return User.objects.get(pk=user.pk)
