"""Sentences of the audit log and of notifications that belong to activities."""

from django.utils.translation import gettext_lazy as _

from core import audit

audit.register("activity.created", _("planned: %(subject)s"))
audit.register("activity.logged", _("recorded: %(subject)s"))
audit.register("activity.changed", _("changed: %(subject)s"))
audit.register("activity.done", _("finished: %(subject)s"))
audit.register("activity.reopened", _("took up again: %(subject)s"))
audit.register("activity.cancelled", _("cancelled: %(subject)s"))
audit.register("activity.moved", _("moved to another time: %(subject)s"))
audit.register("activity.deleted", _("deleted: %(subject)s"))
