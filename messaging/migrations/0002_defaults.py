"""What the roles of every installation may do with messages, and the rules of sending."""

from typing import Any

from django.db import migrations

MESSAGE = ("view", "add", "resend", "export")
TEMPLATE = ("add", "change", "delete")


def message(scope: str, actions: Any = MESSAGE) -> dict[tuple[str, str], str]:
    """The same scope for each action on messages."""
    return {("messaging.message", action): scope for action in actions}


def lists() -> dict[tuple[str, str], str]:
    """Templates and consent."""
    return {
        **{("messaging.messagetemplate", action): "all" for action in TEMPLATE},
        **{("messaging.consent", action): "all" for action in ("view", "change")},
    }


ROLES: dict[str, dict[tuple[str, str], str]] = {
    "executive": {**message("own"), **message("all", ("view", "export"))},
    "sales-manager": {**message("team"), **lists()},
    "sales-rep": message("own", ("view", "add", "resend")),
    "marketing-rep": {**message("own", ("view", "add", "resend")), **lists()},
    "customer-rep": message("own", ("view", "add", "resend")),
    "admin": {**message("all"), **lists()},
}


def seed(apps: Any, schema_editor: Any) -> None:
    """Grants of the roles that are there, and the one row of rules."""
    role_model, grant_model = apps.get_model("users", "Role"), apps.get_model("users", "RoleGrant")
    for role in role_model.objects.filter(code__in=ROLES):
        for (model, action), scope in ROLES[role.code].items():
            grant_model.objects.get_or_create(role=role, model=model, action=action, defaults={"scope": scope})
    rules = apps.get_model("messaging", "SendingRules")
    if not rules.objects.exists():
        rules.objects.create()


def unseed(apps: Any, schema_editor: Any) -> None:
    """Take the grants away."""
    apps.get_model("users", "RoleGrant").objects.filter(model__startswith="messaging.").delete()


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("users", "0004_default_roles")]

    operations = [migrations.RunPython(seed, unseed)]
