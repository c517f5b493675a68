"""Opportunities and sales cycles in Django admin."""

from django.contrib import admin

from core.admin import NamedValueAdmin, ReadOnlyAdmin, TracedModelAdmin
from opportunities.models import (
    CloseReason,
    Opportunity,
    OpportunityContact,
    OpportunityLine,
    SalesCycle,
    Stage,
    StageVisit,
    Tally,
)


@admin.register(SalesCycle)
class SalesCycleAdmin(NamedValueAdmin):
    """Ways of selling."""

    list_display = (*NamedValueAdmin.list_display, "is_default")


@admin.register(CloseReason)
class CloseReasonAdmin(NamedValueAdmin):
    """Why deals are won or lost."""

    list_display = (*NamedValueAdmin.list_display, "outcome")
    list_filter = ("outcome", "is_active")


@admin.register(Stage)
class StageAdmin(TracedModelAdmin):
    """Steps of the cycles."""

    list_display = ("code", "name_fa", "name_en", "cycle", "position", "kind", "probability", "expected_days")
    list_filter = ("cycle", "kind", "is_active")
    list_select_related = ("cycle",)
    search_fields = ("code", "name_fa", "name_en")


@admin.register(Opportunity)
class OpportunityAdmin(TracedModelAdmin):
    """Deals. They are made, moved, won and lost in the CRM, where the stage history is kept."""

    list_display = ("name", "account", "stage", "status", "amount", "currency", "owner", "created_at", "deleted_at")
    list_filter = ("status", "cycle", "stage", "type", "is_sample")
    list_select_related = ("account", "stage", "owner")
    search_fields = ("name",)
    readonly_fields = ("cycle", "stage", "probability")
    add_allowed = False


@admin.register(OpportunityLine)
class OpportunityLineAdmin(ReadOnlyAdmin):
    """Products of deals; changed in the CRM, where the amount follows."""

    list_display = ("opportunity", "product", "quantity", "unit_price", "discount", "total")
    list_filter = ()
    list_select_related = ("opportunity", "product")
    search_fields = ("opportunity__name", "product__code")


@admin.register(OpportunityContact)
class OpportunityContactAdmin(TracedModelAdmin):
    """People of deals."""

    list_display = ("opportunity", "contact", "role")
    list_filter = ("role",)
    list_select_related = ("opportunity", "contact", "role")
    search_fields = ("opportunity__name", "contact__last_name")


@admin.register(StageVisit)
class StageVisitAdmin(ReadOnlyAdmin):
    """How long deals stood where."""

    list_display = ("opportunity", "stage", "entered_at", "left_at", "moved_by")
    list_filter = ("stage",)
    list_select_related = ("opportunity", "stage", "moved_by")
    search_fields = ("opportunity__name",)


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    """The running totals the database keeps."""

    list_display = ("kind", "cycle", "day", "status", "stage", "owner", "team", "deals", "amount", "settled")
    list_filter = ("kind", "status", "settled")
    list_select_related = ("cycle", "stage", "owner", "team")
    search_fields = ("cycle__code",)
