"""Outcomes every installation starts with, and what its roles may do with activities."""

from typing import Any

from django.db import migrations

OUTCOMES = (
    ("reached", "صحبت شد", "Talked", "call", True),
    ("no-answer", "پاسخ نداد", "No answer", "call", False),
    ("busy", "مشغول بود", "Busy", "call", False),
    ("wrong-number", "شماره اشتباه", "Wrong number", "call", False),
    ("call-back", "قرار شد دوباره تماس بگیریم", "Asked to call back", "call", True),
    ("held", "برگزار شد", "Held", "meeting", True),
    ("postponed", "به وقت دیگر افتاد", "Postponed", "meeting", False),
    ("no-show", "نیامد", "Did not show up", "meeting", False),
    ("completed", "انجام شد", "Completed", "", True),
    ("not-possible", "ممکن نشد", "Not possible", "", False),
)
OWNED = ("view", "add", "change", "delete", "export", "assign")
LIST = ("add", "change", "delete")
LISTS = ("activities.activityoutcome", "activities.resource", "activities.sequence")


def activity(scope: str, actions: Any = OWNED) -> dict[tuple[str, str], str]:
    """The same scope for each action on activities."""
    return {("activities.activity", action): scope for action in actions}


def lists() -> dict[tuple[str, str], str]:
    """All actions on the lists of values of activities."""
    return {(model, action): "all" for model in LISTS for action in LIST}


ROLES: dict[str, dict[tuple[str, str], str]] = {
    "executive": {**activity("own"), **activity("all", ("view", "export"))},
    "sales-manager": {**activity("team"), **lists()},
    "sales-rep": activity("own", ("view", "add", "change", "delete", "assign")),
    "marketing-rep": activity("own", ("view", "add", "change", "delete", "assign")),
    "customer-rep": activity("own", ("view", "add", "change", "delete", "assign")),
    "admin": {**activity("all"), **lists()},
}


def grant(apps: Any, table: dict[str, dict[tuple[str, str], str]]) -> None:
    """Add the grants that are not there to the roles that are."""
    role_model, grant_model = apps.get_model("users", "Role"), apps.get_model("users", "RoleGrant")
    for role in role_model.objects.filter(code__in=table):
        for (model, action), scope in table[role.code].items():
            grant_model.objects.get_or_create(role=role, model=model, action=action, defaults={"scope": scope})


def seed(apps: Any, schema_editor: Any) -> None:
    """Outcomes and grants."""
    outcome_model = apps.get_model("activities", "ActivityOutcome")
    for position, (code, name_fa, name_en, kind, is_success) in enumerate(OUTCOMES, start=1):
        outcome_model.objects.get_or_create(
            code=code,
            defaults={
                "name_fa": name_fa,
                "name_en": name_en,
                "kind": kind,
                "is_success": is_success,
                "position": position * 10,
            },
        )
    grant(apps, ROLES)


def unseed(apps: Any, schema_editor: Any) -> None:
    """Take the grants away; outcomes in use stay."""
    apps.get_model("users", "RoleGrant").objects.filter(model__startswith="activities.").delete()


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("users", "0004_default_roles")]

    operations = [migrations.RunPython(seed, unseed)]
