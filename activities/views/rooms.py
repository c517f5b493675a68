"""Which rooms are free at the time that stands in a form."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from activities.forms.rooms import SpanForm
from activities.models import Activity
from core.parsing import read_key, read_keys
from core.views.base import ModelMixin, PageView


class RoomsFreeView(ModelMixin, PageView):
    """The rooms of the activity's form, with who has them; the form's fields are the query."""

    model = Activity
    template_name = "activities/rooms/free.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SpanForm(request.GET)
        states = form.states(request.user, self._activity())
        chosen = set(read_keys(request.GET.getlist("resources")))
        context: dict[str, Any] = {
            "states": states,
            "chosen": chosen,
            "has_time": form.cleaned_data.get("due_at") is not None,
        }
        return self.render_to_response(context)

    def _activity(self) -> Activity | None:
        """The activity that is being changed: its own booking does not count."""
        key = read_key(self.request.GET.get("activity", ""))
        if key is None:
            return None
        rows = Activity.objects.for_user(self.request.user, "view").select_related("owner")
        return rows.filter(pk=key).first()
