"""Navigation of the demo app."""

from django.utils.translation import gettext_lazy as _

from core import navigation
from core.models import AuditEntry

navigation.register(
    navigation.Item(
        "sample-data",
        _("Sample data"),
        "demo:remove",
        "database",
        "settings",
        order=990,
        model=AuditEntry,
        action="delete",
        group=_("Company"),
    )
)
