"""Sentences of the sample data's actions, and its job."""

from django.utils.translation import gettext_lazy as _

from core import audit, jobs
from demo.services import run_remove

audit.register("demo.created", _("made the sample data"))
audit.register("demo.removed", _("removed the sample data"))
jobs.register("demo.remove", run_remove)
