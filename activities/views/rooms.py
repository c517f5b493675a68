"""Which rooms are free at the time that stands in a form."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from activities.forms.rooms import MAX_DIGITS, SpanForm
from activities.models import Activity
from core.views.base import ModelMixin, PageView


class RoomsFreeView(ModelMixin, PageView):
    """The rooms of the activity's form, with who has them; the form's fields are the query."""

    model = Activity
    template_name = "activities/rooms/free.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SpanForm(request.GET)
        states = form.states(request.user, self._activity())
        chosen = {int(key) for key in request.GET.getlist("resources") if _is_key(key)}
        context: dict[str, Any] = {
            "states": states,
            "chosen": chosen,
            "has_time": form.cleaned_data.get("due_at") is not None,
        }
        return self.render_to_response(context)

    def _activity(self) -> Activity | None:
        """The activity that is being changed: its own booking does not count."""
        key = self.request.GET.get("activity", "")
        if not _is_key(key):
            return None
        rows = Activity.objects.for_user(self.request.user, "view").select_related("owner")
        return rows.filter(pk=int(key)).first()


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
