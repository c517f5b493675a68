"""Sentences of the audit log and of notifications that belong to the frame. Every app has such a room."""

from django.utils.translation import gettext_lazy as _

from core import audit

audit.register("record.created", _("created the record"))
audit.register("record.changed", _("changed the record"))
audit.register("record.deleted", _("moved the record to the bin"))
audit.register("record.restored", _("restored the record from the bin"))
audit.register("record.assigned", _("handed the record to %(owner)s"), shows={"owner": "owner"})
audit.register("record.exported", _("exported %(count)s rows"))
audit.register("records.changed", _("changed %(count)s records"))
audit.register("settings.changed", _("changed the settings"))
audit.register("admin.saved", _("saved the row in the administration: %(fields)s"))
audit.register("admin.deleted", _("deleted the row in the administration"))
