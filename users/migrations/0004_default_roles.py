"""The roles every installation starts with; all of it can be edited on the roles page."""

from typing import Any

from django.db import migrations

OWNED = ("leads.lead", "accounts.account", "accounts.contact", "opportunities.opportunity")
OWNED_ACTIONS = ("view", "add", "change", "delete", "export", "assign")
SALES_LISTS = (
    "accounts.accountkind",
    "accounts.buyingrole",
    "accounts.industry",
    "accounts.lifecyclestage",
    "accounts.relationtype",
    "accounts.source",
    "catalog.productfamily",
    "leads.disqualifyreason",
    "opportunities.closereason",
    "opportunities.salescycle",
    "opportunities.stage",
)
ADMIN_LISTS = (
    "accounts.province",
    "core.currency",
    "core.holiday",
    "core.organisation",
    "users.branch",
    "users.team",
    "users.user",
)
LIST_ACTIONS = ("add", "change", "delete")
PRODUCT = ("view", "add", "change", "delete", "export")
WEB_FORM = ("view", "add", "change", "delete")

Grants = dict[tuple[str, str], str]


def grants(models: Any, actions: Any, scope: str) -> Grants:
    """The same scope for each of the actions on each of the models."""
    return {(model, action): scope for model in models for action in actions}


def everything(scope: str) -> Grants:
    """All actions on the records of sales."""
    return {
        **grants(OWNED, OWNED_ACTIONS, scope),
        ("leads.lead", "convert"): scope,
        ("opportunities.opportunity", "reopen"): scope,
    }


PARTIES = ("accounts.account", "accounts.contact")
SEE_PRODUCTS = {("catalog.product", "view"): "all"}

ROLES: tuple[tuple[str, str, str, str, str, Grants], ...] = (
    (
        "executive",
        "مدیر اجرایی",
        "Executive",
        "همه چیز را می‌بیند و از آن خروجی می‌گیرد.",
        "Sees everything and exports it.",
        {
            **grants(OWNED, ("view", "export"), "all"),
            **grants(("catalog.product",), ("view", "export"), "all"),
            ("leads.captureform", "view"): "all",
        },
    ),
    (
        "sales-manager",
        "مدیر فروش",
        "Sales manager",
        "با همه پرونده‌های تیم خود و تیم‌های زیر آن کار می‌کند.",
        "Works on all records of the team and of the teams below it.",
        {
            **everything("team"),
            **grants(("catalog.product",), PRODUCT, "all"),
            **grants(("leads.captureform",), WEB_FORM, "all"),
            **grants(SALES_LISTS, LIST_ACTIONS, "all"),
        },
    ),
    (
        "sales-rep",
        "نماینده فروش",
        "Sales representative",
        "با سرنخ‌ها و فرصت‌های خود کار می‌کند و مشتریان تیم را می‌بیند.",
        "Works on own leads and opportunities and sees the team's customers.",
        {
            **grants(OWNED, ("view", "add", "change", "delete", "assign"), "own"),
            **grants(PARTIES, ("view",), "team"),
            ("leads.lead", "convert"): "own",
            **SEE_PRODUCTS,
        },
    ),
    (
        "marketing-rep",
        "نماینده بازاریابی",
        "Marketing representative",
        "با همه سرنخ‌ها، منابع و فرم‌های وب کار می‌کند.",
        "Works on all leads, sources and web forms.",
        {
            **grants(("leads.lead",), ("view", "add", "change", "export", "assign"), "all"),
            **grants(PARTIES, ("view",), "all"),
            ("opportunities.opportunity", "view"): "all",
            **grants(("leads.captureform",), WEB_FORM, "all"),
            **grants(("accounts.source",), ("add", "change"), "all"),
            **SEE_PRODUCTS,
        },
    ),
    (
        "customer-rep",
        "نماینده مشتری",
        "Customer representative",
        "همه مشتریان را می‌بیند، پرونده‌های خود را تغییر می‌دهد و سرنخ ثبت می‌کند.",
        "Sees all customers, changes own ones, and notes leads down.",
        {
            **grants(PARTIES, ("view",), "all"),
            **grants(PARTIES, ("add", "change"), "own"),
            **grants(("leads.lead",), ("view", "add", "change"), "own"),
            **SEE_PRODUCTS,
        },
    ),
    (
        "admin",
        "مدیر سامانه",
        "Administrator",
        "سامانه را راه می‌برد و به همه چیز دسترسی دارد.",
        "Runs the system and reaches everything.",
        {
            **everything("all"),
            **grants(("catalog.product",), PRODUCT, "all"),
            **grants(("leads.captureform",), WEB_FORM, "all"),
            **grants((*SALES_LISTS, *ADMIN_LISTS), LIST_ACTIONS, "all"),
        },
    ),
)


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the roles that are not there."""
    group_model = apps.get_model("auth", "Group")
    role_model = apps.get_model("users", "Role")
    grant_model = apps.get_model("users", "RoleGrant")
    for code, name_fa, name_en, description_fa, description_en, table in ROLES:
        if role_model.objects.filter(code=code).exists():
            continue
        group = group_model.objects.get_or_create(name=code)[0]
        role = role_model.objects.create(
            group=group,
            code=code,
            name_fa=name_fa,
            name_en=name_en,
            description_fa=description_fa,
            description_en=description_en,
        )
        grant_model.objects.bulk_create(
            grant_model(role=role, model=model, action=action, scope=scope)
            for (model, action), scope in sorted(table.items())
        )


def unseed(apps: Any, schema_editor: Any) -> None:
    """Remove the roles nobody has."""
    for role in apps.get_model("users", "Role").objects.filter(code__in=[row[0] for row in ROLES]):
        if not role.group.user_set.exists():
            role.group.delete()


class Migration(migrations.Migration):
    dependencies = [("users", "0003_role_descriptions"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(seed, unseed)]
