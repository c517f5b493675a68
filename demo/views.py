"""The page that removes the sample data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import jobs
from core.models import AuditEntry
from core.views.base import AccessMixin, PageView
from demo.services import demo_exists


class DemoRemoveView(AccessMixin, PageView):
    """Says what will go and what stays; the work itself is a job with progress."""

    model = AuditEntry
    permission = "delete"
    title = gettext_lazy("Sample data")
    template_name = "demo/remove.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(exists=demo_exists()))

    def post(self, request: HttpRequest) -> HttpResponse:
        job = jobs.start(actor=request.user, kind="demo.remove", title=_("Remove the sample data"))
        return redirect(job.get_absolute_url())
