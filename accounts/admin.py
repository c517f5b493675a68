"""Accounts, contacts and their lists of values in Django admin."""

from django.contrib import admin

from accounts.models import (
    Account,
    AccountKind,
    BuyingRole,
    Contact,
    ContactPoint,
    Employment,
    ImportantDate,
    Industry,
    LifecycleStage,
    Province,
    Relation,
    RelationType,
    Source,
)
from core.admin import NamedValueAdmin, TracedModelAdmin

admin.site.register([AccountKind, BuyingRole, Industry, LifecycleStage], NamedValueAdmin)


@admin.register(RelationType)
class RelationTypeAdmin(NamedValueAdmin):
    """Kinds of relation with their inverse."""

    list_display = ("code", "name_fa", "inverse_fa", "name_en", "inverse_en", "position", "is_active")


@admin.register(Source)
class SourceAdmin(NamedValueAdmin):
    """Where leads come from."""

    list_display = (*NamedValueAdmin.list_display, "needs_referrer")


@admin.register(Account)
class AccountAdmin(TracedModelAdmin):
    """Organisations and persons."""

    list_display = ("name", "party_type", "stage", "owner", "city", "created_at", "deleted_at")
    list_filter = ("party_type", "stage", "kinds", "industry", "is_sample")
    list_select_related = ("stage", "owner")
    search_fields = ("name",)


@admin.register(Contact)
class ContactAdmin(TracedModelAdmin):
    """People."""

    list_display = ("__str__", "mobile", "email", "owner", "created_at", "deleted_at")
    list_filter = ("gender", "province", "is_sample")
    list_select_related = ("owner",)
    search_fields = ("last_name",)


@admin.register(Employment)
class EmploymentAdmin(TracedModelAdmin):
    """Who works where."""

    list_display = ("contact", "account", "job_title", "buying_role", "is_primary", "starts_on", "ends_on")
    list_filter = ("is_primary", "buying_role")
    list_select_related = ("contact", "account", "buying_role")
    search_fields = ("job_title", "department")


@admin.register(ContactPoint)
class ContactPointAdmin(TracedModelAdmin):
    """Further numbers and addresses."""

    list_display = ("value", "kind", "account", "contact", "label")
    list_filter = ("kind",)
    list_select_related = ("account", "contact")
    search_fields = ("value",)


@admin.register(Relation)
class RelationAdmin(TracedModelAdmin):
    """Typed relations."""

    list_display = ("type", "from_account", "from_contact", "to_account", "to_contact", "starts_on", "ends_on")
    list_filter = ("type",)
    list_select_related = ("type", "from_account", "from_contact", "to_account", "to_contact")
    search_fields = ("note",)


@admin.register(ImportantDate)
class ImportantDateAdmin(TracedModelAdmin):
    """Birthdays, anniversaries, renewals."""

    list_display = ("title", "date", "calendar", "every_year", "account", "contact")
    list_filter = ("calendar", "every_year")
    list_select_related = ("account", "contact")
    search_fields = ("title",)


@admin.register(Province)
class ProvinceAdmin(TracedModelAdmin):
    """Provinces of Iran."""

    list_display = ("name_fa", "name_en")
    list_filter = ()
    search_fields = ("name_fa", "name_en")
