"""Activities in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from activities.models import Activity, ActivityOutcome, Assignment
from core.admin import NamedValueAdmin, TracedModelAdmin


@admin.register(ActivityOutcome)
class ActivityOutcomeAdmin(NamedValueAdmin):
    """What may come of an activity."""

    list_filter = ("kind", "is_active", "is_success")  # type: ignore[assignment]


@admin.register(Activity)
class ActivityAdmin(TracedModelAdmin):
    """Activities. They are finished and moved in the CRM."""

    list_display = ("__str__", "kind", "status", "due_at", "owner", "is_private", "created_at", "deleted_at")
    list_filter = ("kind", "status", "priority", "is_private", "is_sample")
    list_select_related = ("owner",)
    search_fields = ("subject",)
    readonly_fields = ("recurrence", "run")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Private ones of others are hidden here too."""
        user: Any = request.user
        own = Q(owner=user.pk) | Q(pk__in=Assignment.objects.filter(user=user.pk).values("activity"))
        return super().get_queryset(request).filter(Q(is_private=False) | own)
