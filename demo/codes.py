"""Sentences of the sample data's actions."""

from django.utils.translation import gettext_lazy as _

from core import audit

audit.register("demo.created", _("made the sample data"))
audit.register("demo.removed", _("removed the sample data"))
