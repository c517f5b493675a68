"""Leads and web forms in Django admin."""

from django.contrib import admin

from core.admin import NamedValueAdmin, TracedModelAdmin
from leads.models import CaptureForm, DisqualifyReason, Lead

admin.site.register(DisqualifyReason, NamedValueAdmin)


@admin.register(Lead)
class LeadAdmin(TracedModelAdmin):
    """Leads. Their status moves in the CRM."""

    list_display = ("__str__", "company", "mobile", "status", "source", "owner", "created_at", "deleted_at")
    list_filter = ("status", "source", "party_type", "consent", "is_sample")
    list_select_related = ("source", "owner")
    search_fields = ("last_name",)


@admin.register(CaptureForm)
class CaptureFormAdmin(TracedModelAdmin):
    """Public web forms."""

    list_display = ("name_fa", "name_en", "source", "owner", "team", "is_active", "deleted_at")
    list_filter = ("is_active", "source")
    list_select_related = ("source", "owner", "team")
    search_fields = ("name_fa", "name_en")
    readonly_fields = ("token",)
