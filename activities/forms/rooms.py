"""Booking rooms and resources in the activity's form, with who has them at the time that is typed there."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.choices import Kind
from activities.forms.parts import FormPart, register
from activities.models import Activity, Resource
from activities.selectors.rooms import MAX_ROOMS, RoomState, booking_span, rooms_between, rooms_of
from activities.services.resources import bookings_sync
from core.forms.fields import LocalDateTimeField, LocalIntegerField

MAX_MINUTES = 60 * 24 * 366


class RoomsSelect(forms.SelectMultiple):
    """Boxes to tick, each with who has the room; asked anew whenever the form's times change."""

    template_name = "activities/rooms/choose.html"
    activity: Activity | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        url = reverse("activities:resource_free")
        context["free_url"] = f"{url}?activity={self.activity.pk}" if self.activity else url
        return context


class SpanForm(forms.Form):
    """The times of the activity's form as they are typed; what cannot be read counts as not yet typed."""

    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    due_at = LocalDateTimeField(required=False)
    ends_at = LocalDateTimeField(required=False)
    duration = LocalIntegerField(required=False, min_value=1, max_value=MAX_MINUTES)
    all_day = forms.BooleanField(required=False)

    def states(self, user: Any, activity: Activity | None) -> list[RoomState]:
        """Every room in use, with who has it then; nothing is said of a span that cannot be."""
        self.is_valid()
        data = self.cleaned_data
        due, end = data.get("due_at"), data.get("ends_at")
        draft = Activity(
            kind=data.get("kind") or Kind.MEETING,
            due_at=due,
            ends_at=end if due and end and end > due else None,
            duration=data.get("duration"),
            all_day=bool(data.get("all_day")),
            owner=activity.owner if activity else user,
        )
        span = booking_span(draft)
        if span is None:
            return [RoomState(room) for room in Resource.objects.filter(is_active=True).order_by("position", "pk")]
        return rooms_between(user=user, start=span[0], end=span[1], but=activity.pk if activity else None)


@register
class RoomsPart(FormPart):
    """The rooms and resources an activity takes."""

    key: ClassVar[str] = "resources"
    title: ClassVar[Any] = _("Rooms and resources")
    order: ClassVar[int] = 30

    def fields(self, user: Any, activity: Activity | None) -> dict[str, forms.Field]:
        booked = [room.pk for room in rooms_of(activity)] if activity else []
        rooms = Resource.objects.filter(Q(is_active=True) | Q(pk__in=booked)).order_by("position", "pk")
        if not rooms:
            return {}
        widget = RoomsSelect()
        widget.activity = activity
        label = _("Book")
        return {
            "resources": forms.ModelMultipleChoiceField(
                rooms, label=label, required=False, initial=booked, widget=widget
            )
        }

    def clean(self, form: Any) -> None:
        chosen = form.cleaned_data.get("resources") or ()
        if len(chosen) > MAX_ROOMS:
            text = _("Book %(limit)s rooms and resources at most for one activity.")
            form.add_error("resources", text % {"limit": MAX_ROOMS})
        elif chosen and not form.cleaned_data.get("due_at") and "due_at" not in form.errors:
            form.add_error("due_at", _("Say when: a room is booked for a time."))

    def saving(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        """Rooms that are given up must not hold the activity back from its new time."""
        if "resources" in data:
            kept = {room.pk for room in data["resources"]}
            bookings_sync(actor=actor, activity=activity, resources=[r for r in rooms_of(activity) if r.pk in kept])

    def saved(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        if "resources" in data:
            bookings_sync(actor=actor, activity=activity, resources=data["resources"])
