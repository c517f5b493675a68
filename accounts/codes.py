"""Sentences of the audit log that belong to accounts and contacts."""

from django.utils.translation import gettext_lazy as _

from core import audit

audit.register("account.became_customer", _("made the account a customer"))
audit.register("contact.attached", _("recorded a job"))
audit.register("employment.added", _("recorded a job"))
audit.register("employment.changed", _("changed a job"))
audit.register("employment.removed", _("removed the job “%(name)s”"))
audit.register("contact_point.added", _("added a way to reach the party"))
audit.register("contact_point.changed", _("changed a way to reach the party"))
audit.register("contact_point.removed", _("removed “%(name)s” from the ways to reach the party"))
audit.register("relation.added", _("added a relation"))
audit.register("relation.changed", _("changed a relation"))
audit.register("relation.removed", _("removed the relation “%(name)s”"))
audit.register("important_date.added", _("added an important date"))
audit.register("important_date.changed", _("changed an important date"))
audit.register("important_date.removed", _("removed the important date “%(name)s”"))
