"""What imports leave in the audit log."""

from django.utils.translation import gettext_lazy as _

from core import audit

audit.register("data.imported", _("imported %(count)s rows into %(target)s"))
