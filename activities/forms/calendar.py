"""Forms of the calendar: whose calendars are shown, and another time for an event, dropped or typed."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Resource
from activities.selectors.calendar import end_of
from core import display
from core.forms.fields import LocalDateField, LocalTimeField
from core.forms.typeahead import TypeaheadSelectMultiple
from core.working_time import at_wall_clock
from users.models import User

if TYPE_CHECKING:
    from activities.calendar.page import CalendarPage

DAY_MINUTES = 24 * 60
HOUR = dt.timedelta(hours=1)
_ONE_DAY = dt.timedelta(days=1)


class CalendarsForm(forms.Form):
    """Whose calendars and which rooms are laid over each other."""

    people = forms.ModelMultipleChoiceField(label=_("Colleagues"), queryset=User.objects.none(), required=False)
    resources = forms.ModelMultipleChoiceField(
        label=_("Rooms and resources"),
        queryset=Resource.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )

    @classmethod
    def of(cls, page: "CalendarPage") -> Self:
        """The form with the page's choice; the colleagues offered are asked for while typing."""
        form = cls(initial={"people": page.people, "resources": page.rooms}, auto_id="calendars-%s")
        form.fields["people"].widget = TypeaheadSelectMultiple(User)
        form.fields["people"].widget.choices = [(person.pk, str(person)) for person in page.people]
        form.fields["resources"].choices = [(room.pk, str(room)) for room in page.all_rooms]
        return form


def wall_moment(day: dt.date, minutes: int, zone: ZoneInfo) -> dt.datetime:
    """The moment the clocks of the zone show that many minutes after midnight; 24:00 is the next midnight."""
    days, rest = divmod(minutes, DAY_MINUTES)
    return at_wall_clock(day + _ONE_DAY * days, dt.time(*divmod(rest, 60)), zone)


class DropForm(forms.Form):
    """Where an event was dropped: on a day, at a minute of it (without one it keeps its time), or stretched until.

    ``all_day`` puts it above the hours. ``until`` is the last day of a stretched all-day event.
    """

    date = forms.DateField()
    minute = forms.IntegerField(min_value=0, max_value=DAY_MINUTES - 1, required=False)
    until = forms.DateField(required=False)
    until_minute = forms.IntegerField(min_value=0, max_value=DAY_MINUTES, required=False)
    all_day = forms.BooleanField(required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity = activity

    def clean(self) -> dict[str, Any]:
        """What has no time cannot be dropped, and days are those of this age."""
        data = super().clean() or {}
        days = [data[name] for name in ("date", "until") if data.get(name)]
        if self.activity.due_at is None or any(not 1700 <= day.year <= 2300 for day in days):
            raise ValidationError(_("It cannot be put there."))
        return data

    def times(self) -> dict[str, Any]:
        """The arguments of ``activity_move``."""
        data, row, zone = self.cleaned_data, self.activity, display.current().tz
        minute = data.get("minute")
        if data["all_day"] or (row.all_day and minute is None):
            return self._whole_days()
        now = row.due_at or timezone.now()  # clean() has refused one without a time
        local = now.astimezone(zone)
        start = wall_moment(data["date"], local.hour * 60 + local.minute if minute is None else minute, zone)
        length = HOUR if row.all_day else end_of(row.kind, now, row.ends_at, row.duration) - now
        end: dt.datetime | None = start + length if row.all_day else None
        if data.get("until_minute") is not None:
            end = wall_moment(data.get("until") or data["date"], data["until_minute"], zone)
        return {"due_at": start, "ends_at": end, "all_day": False}

    def _whole_days(self) -> dict[str, Any]:
        data, row = self.cleaned_data, self.activity
        zone, first = row.zone, data["date"]
        last = first
        if data.get("until"):
            last = data["until"]
        elif row.all_day and row.ends_at and row.due_at:
            last = first + ((row.ends_at.astimezone(zone).date() - _ONE_DAY) - row.due_at.astimezone(zone).date())
        end = wall_moment(last, DAY_MINUTES, zone) if last >= first else wall_moment(last, 0, zone)
        return {"due_at": wall_moment(first, 0, zone), "ends_at": end, "all_day": True}


class MoveForm(forms.Form):
    """Day and time typed by hand: all that can be done with the mouse."""

    day = LocalDateField(label=_("Date"))
    time = LocalTimeField(label=_("Time"), required=False)
    until_day = LocalDateField(label=_("Until date"), required=False)
    until_time = LocalTimeField(label=_("Until time"), required=False)
    all_day = forms.BooleanField(label=_("All day"), required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        self.activity = activity
        kwargs["initial"] = {**self._now(activity), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    @staticmethod
    def _now(row: Activity) -> dict[str, Any]:
        if row.due_at is None:
            return {}
        zone = row.zone if row.all_day else display.current().tz
        start = row.due_at.astimezone(zone)
        end = (row.ends_at or end_of(row.kind, row.due_at, row.ends_at, row.duration)).astimezone(zone)
        if row.all_day:
            last = (end - _ONE_DAY / 2).date() if end > start else start.date()
            return {"day": start.date(), "until_day": last, "all_day": True}
        shown = {"day": start.date(), "time": start.time()}
        return shown if end <= start else {**shown, "until_day": end.date(), "until_time": end.time()}

    @property
    def helper(self) -> FormHelper:
        """Beginning and end side by side."""
        helper = FormHelper(self)
        helper.form_tag, helper.disable_csrf = False, True
        rows = [
            Row(Column(first, css_class="col-6"), Column(second, css_class="col-6"))
            for first, second in (("day", "time"), ("until_day", "until_time"))
        ]
        helper.layout = Layout(*rows, "all_day", "version")
        return helper

    def clean(self) -> dict[str, Any]:
        """A time is needed unless it is all day, and the end comes after the beginning."""
        data = super().clean() or {}
        if not data.get("all_day") and data.get("day") and not data.get("time") and "time" not in self.errors:
            raise ValidationError({"time": _("Say at what time, or that it takes all day.")})
        if not self.errors:
            times = self.times()
            if times["ends_at"] and times["ends_at"] < times["due_at"]:
                raise ValidationError({"until_day": _("The end is before the beginning.")})
        return data

    def times(self) -> dict[str, Any]:
        """The arguments of ``activity_move``; without an end it keeps its length."""
        data = self.cleaned_data
        zone = self.activity.zone if data.get("all_day") else display.current().tz
        last = data.get("until_day") or data["day"]
        if data.get("all_day"):
            due, end = wall_moment(data["day"], 0, zone), wall_moment(last, DAY_MINUTES, zone)
            return {"due_at": due, "ends_at": end if last >= data["day"] else due - _ONE_DAY, "all_day": True}
        due = at_wall_clock(data["day"], data["time"], zone)
        end = at_wall_clock(last, data["until_time"], zone) if data.get("until_time") else None
        return {"due_at": due, "ends_at": end, "all_day": False}
