"""Repetition as a part of the activity's form: every week on …, each 5th of the month, the last working day, ….

Days and months are those of the person's calendar; a rule that is there keeps its own.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.forms.parts import FormPart, register
from activities.models import Activity
from activities.recurrence import Frequency, Rule, Skip, Workday, sentence
from activities.recurrence.expand import COMMON_YEAR, length_of_month
from activities.recurrence.rule import MAX_COUNT, MAX_INTERVAL
from activities.services.recurrence import recurrence_create, recurrence_stop, recurrence_update
from core import display
from core.calendar.jalali import WEEKDAYS_EN, WEEKDAYS_FA, weekday_index, year_month_day
from core.errors import DomainError
from core.forms.fields import LocalDateField, LocalDateTimeField, LocalIntegerField

ONE, FOLLOWING, EVERYWHERE = "one", "following", "all"
SCOPES: Final = (
    (ONE, gettext_lazy("Only this one")),
    (FOLLOWING, gettext_lazy("This one and those after it")),
    (EVERYWHERE, gettext_lazy("All open ones")),
)
REPEATS: Final = (
    ("", gettext_lazy("Does not repeat")),
    ("daily", gettext_lazy("Every day")),
    ("workdays", gettext_lazy("Every working day")),
    ("weekly", gettext_lazy("Every week")),
    ("monthly", gettext_lazy("Every month, by the day of the month")),
    ("monthly_weekday", gettext_lazy("Every month, by the day of the week")),
    ("month_end", gettext_lazy("Every month, on its last working day")),
    ("yearly", gettext_lazy("Every year, on this date")),
    ("year_end", gettext_lazy("Every year, on the last working day of the month")),
)
KEEP: Final = "keep"
SKIPS: Final = (
    (Skip.OMIT.value, gettext_lazy("It is left out")),
    (Skip.BACKWARD.value, gettext_lazy("On the last day of the month")),
    (Skip.FORWARD.value, gettext_lazy("On the day after")),
)
DAYS_OFF: Final = (
    (Workday.ANY.value, gettext_lazy("It stays")),
    (Workday.NEXT.value, gettext_lazy("On the next working day")),
    (Workday.PREVIOUS.value, gettext_lazy("On the working day before")),
)
ENDS: Final = (
    ("never", pgettext_lazy("end of a repetition", "Never")),
    ("until", pgettext_lazy("end of a repetition", "On a day")),
    ("count", pgettext_lazy("end of a repetition", "After a number of times")),
)
_FREQUENCIES: Final = {
    "daily": Frequency.DAILY,
    "workdays": Frequency.DAILY,
    "weekly": Frequency.WEEKLY,
    "monthly": Frequency.MONTHLY,
    "monthly_weekday": Frequency.MONTHLY,
    "month_end": Frequency.MONTHLY,
    "yearly": Frequency.YEARLY,
    "year_end": Frequency.YEARLY,
}


def repetition_fields(rule: Rule | None = None, anchor: dt.date | None = None) -> dict[str, forms.Field]:
    """The form fields of a repetition, filled from a rule that is there."""
    initial = _initial(rule)
    fields: dict[str, forms.Field] = {
        "repeat": forms.ChoiceField(
            label=gettext_lazy("Repeats"),
            choices=_repeats(rule, anchor, initial),
            required=False,
            widget=forms.Select({"data-behavior": "repeat", "data-preview": reverse("activities:repetition_preview")}),
        ),
        "repeat_every": LocalIntegerField(
            label=gettext_lazy("Interval"),
            min_value=1,
            max_value=MAX_INTERVAL,
            required=False,
            help_text=gettext_lazy("2 is every other day, week, month or year."),
        ),
        "repeat_weekdays": forms.TypedMultipleChoiceField(
            label=gettext_lazy("Days of the week"),
            choices=_weekdays,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "repeat_day": LocalIntegerField(
            label=gettext_lazy("Day of the month"),
            min_value=1,
            max_value=31,
            required=False,
            help_text=gettext_lazy("Empty: the day of the first time."),
        ),
        "repeat_skip": forms.ChoiceField(
            label=gettext_lazy("In a month without that day"), choices=SKIPS, required=False
        ),
        "repeat_day_off": forms.ChoiceField(label=gettext_lazy("On a day off"), choices=DAYS_OFF, required=False),
        "repeat_ends": forms.ChoiceField(label=gettext_lazy("Ends"), choices=ENDS, required=False),
        "repeat_until": LocalDateField(label=gettext_lazy("Last day"), required=False),
        "repeat_count": LocalIntegerField(
            label=gettext_lazy("How many times"), min_value=1, max_value=MAX_COUNT, required=False
        ),
    }
    for name, value in initial.items():
        fields[name].initial = value
    return fields


def _weekdays() -> list[tuple[int, str]]:
    return list(enumerate(WEEKDAYS_FA if display.current().language == "fa" else WEEKDAYS_EN))


def _repeats(rule: Rule | None, anchor: dt.date | None, initial: dict[str, Any]) -> list[tuple[str, Any]]:
    """The choices, and “as it is” for a rule that they cannot say."""
    if rule is not None and anchor is not None and initial["repeat"] == KEEP:
        return [(KEEP, sentence(rule, anchor)), *REPEATS]
    return list(REPEATS)


def _initial(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"repeat_every": 1, "repeat_ends": "never"}
    until = rule.until.date() if isinstance(rule.until, dt.datetime) else rule.until
    return {
        "repeat": kind_of(rule),
        "repeat_every": rule.interval,
        "repeat_weekdays": sorted(rule.weekdays),
        "repeat_day": rule.by_month_day[0] if rule.by_month_day else None,
        "repeat_skip": rule.skip.value,
        "repeat_day_off": rule.workday.value if rule.workday != Workday.ONLY else "",
        "repeat_ends": "count" if rule.count else "until" if until else "never",
        "repeat_until": until,
        "repeat_count": rule.count,
    }


def kind_of(rule: Rule) -> str:
    """The choice that says the rule, KEEP when none does."""
    named = (bool(rule.by_month), len(rule.by_month_day), len(rule.by_day), rule.by_set_pos, rule.workday)
    nothing = (False, 0, 0, ())
    last_of_month = (rule.by_set_pos, rule.workday, rule.by_day, rule.by_month_day) == ((-1,), Workday.ONLY, (), ())
    if rule.freq == Frequency.DAILY and named[:4] == nothing:
        return "workdays" if rule.workday == Workday.ONLY else "daily"
    if last_of_month and rule.freq == Frequency.MONTHLY and not rule.by_month:
        return "month_end"
    if last_of_month and rule.freq == Frequency.YEARLY and len(rule.by_month) == 1:
        return "year_end"
    return KEEP if rule.workday == Workday.ONLY or rule.by_set_pos or rule.by_month else _plain_kind(rule)


def _plain_kind(rule: Rule) -> str:
    """The same for a rule without months, positions and the naming of working days."""
    if rule.freq == Frequency.WEEKLY and not rule.by_month_day:
        return "weekly"
    if rule.freq == Frequency.MONTHLY and not rule.by_day and len(rule.by_month_day) <= 1:
        return "monthly" if not rule.by_month_day or rule.by_month_day[0] > 0 else KEEP
    if rule.freq == Frequency.MONTHLY and len(rule.by_day) == 1 and rule.by_day[0][0]:
        return "monthly_weekday"
    return "yearly" if rule.freq == Frequency.YEARLY and not rule.by_month_day and not rule.by_day else KEEP


def rule_from(data: dict[str, Any], start: dt.date, kept: Rule | None = None) -> Rule | None:
    """The rule that was chosen for an activity that begins on ``start``; None for no repetition.

    ``kept`` is the rule that is there: its calendar stays. Raises DomainError on a field of the form.
    """
    choice = data.get("repeat") or ""
    if not choice:
        return None
    if choice == KEEP:
        return kept
    calendar = kept.calendar if kept is not None else display.current().calendar
    values: dict[str, Any] = {"freq": _FREQUENCIES[choice], "calendar": calendar, **_ending(data, start)}
    values["interval"] = data.get("repeat_every") or 1
    values |= _DAYS[choice](data, start, calendar) if choice in _DAYS else {}
    if choice not in {"workdays", "month_end", "year_end"}:
        values["workday"] = Workday(data.get("repeat_day_off") or "")
    return Rule(**values)


def _ending(data: dict[str, Any], start: dt.date) -> dict[str, Any]:
    ends = data.get("repeat_ends") or "never"
    if ends == "until":
        until = data.get("repeat_until")
        if until is None:
            raise DomainError(_("Say which day is the last."), field="repeat_until")
        if until < start:
            raise DomainError(_("The last day is before the first time."), field="repeat_until")
        return {"until": until}
    if ends == "count":
        if not data.get("repeat_count"):
            raise DomainError(_("Say how many times."), field="repeat_count")
        return {"count": data["repeat_count"]}
    return {}


def _week(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    return {"by_day": tuple((0, day) for day in sorted(set(data.get("repeat_weekdays") or ())))}


def _month(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    day = data.get("repeat_day")
    return {"by_month_day": (day,) if day else (), "skip": Skip(data.get("repeat_skip") or Skip.OMIT)}


def _month_weekday(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    """The second Tuesday, when it begins on a second Tuesday; the fifth is the last."""
    number = (year_month_day(start, calendar).day - 1) // 7 + 1
    return {"by_day": ((number if number < 5 else -1, weekday_index(start)),)}


def _last_working_day(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    return {"workday": Workday.ONLY, "by_set_pos": (-1,)}


def _last_of_this_month(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    return {**_last_working_day(data, start, calendar), "by_month": (year_month_day(start, calendar).month,)}


def _year(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    return {"skip": Skip(data.get("repeat_skip") or Skip.OMIT)}


def _workdays(data: dict[str, Any], start: dt.date, calendar: Any) -> dict[str, Any]:
    return {"workday": Workday.ONLY, "interval": 1}


_DAYS: Final[dict[str, Callable[[dict[str, Any], dt.date, Any], dict[str, Any]]]] = {
    "workdays": _workdays,
    "weekly": _week,
    "monthly": _month,
    "monthly_weekday": _month_weekday,
    "month_end": _last_working_day,
    "yearly": _year,
    "year_end": _last_of_this_month,
}


def may_lack(data: dict[str, Any], start: dt.date) -> bool:
    """Whether some month or year lacks the chosen day, so that the form asks what happens then."""
    calendar = display.current().calendar
    _year, month, day = year_month_day(start, calendar)
    if data.get("repeat") == "monthly":
        return (data.get("repeat_day") or day) > (29 if calendar == "jalali" else 28)
    return data.get("repeat") == "yearly" and day > length_of_month(COMMON_YEAR[calendar], month, calendar)


@register
class RepetitionPart(FormPart):
    """How the activity repeats, and which occurrences a change is for."""

    key = "repeat"
    title = gettext_lazy("Repetition")
    order = 50

    def fields(self, user: Any, activity: Activity | None) -> dict[str, forms.Field]:
        if activity is not None and (activity.run_id or not activity.is_open):
            return {}
        recurrence = activity.recurrence if activity is not None else None
        if recurrence is None or not recurrence.is_active:
            return repetition_fields()
        scope = forms.ChoiceField(
            label=gettext_lazy("The change is for"), choices=SCOPES, required=False, widget=forms.RadioSelect
        )
        scope.initial = ONE
        return {**repetition_fields(recurrence.parsed, recurrence.anchor), "repeat_scope": scope}

    def rows(self) -> tuple[str | tuple[str, ...], ...]:
        return (
            ("repeat", "repeat_every"),
            "repeat_weekdays",
            ("repeat_day", "repeat_skip"),
            "repeat_day_off",
            ("repeat_ends", "repeat_until", "repeat_count"),
            "repeat_scope",
        )

    def clean(self, form: Any) -> None:
        data = form.cleaned_data
        if not data.get("repeat") or "repeat" not in form.fields:
            return
        if not data.get("due_at"):
            if "due_at" not in form.errors:
                form.add_error("due_at", _("Say when it is due first: a repetition begins on a day."))
            return
        kept = _rule_there(form.instance)
        try:
            rule_from(data, display.localtime(data["due_at"]).date(), kept)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else "repeat", str(error))

    def saved(self, actor: Any, activity: Activity, data: dict[str, Any]) -> None:
        if "repeat" not in data or activity.due_at is None:
            return
        kept = _rule_there(activity)
        rule = rule_from(data, activity.due_at.astimezone(activity.zone).date(), kept)
        try:
            _store(actor, activity, rule, kept, data.get("repeat_scope") or ONE)
        except DomainError as error:
            field = "repeat" if error.field == "rule" else error.field
            raise DomainError(error.message, field=field, code=error.code) from error


def _rule_there(activity: Activity) -> Rule | None:
    """The rule by which the activity repeats now."""
    recurrence = activity.recurrence if activity.recurrence_id else None
    return recurrence.parsed if recurrence is not None and recurrence.is_active else None


def _store(actor: Any, activity: Activity, rule: Rule | None, kept: Rule | None, scope: str) -> None:
    """Begin, change or end the repetition; a change of the rule is never for one occurrence alone."""
    if kept is None:
        if rule is not None:
            recurrence_create(actor=actor, activity=activity, rule=rule)
    elif rule is None:
        recurrence_stop(actor=actor, activity=activity)
    elif scope != ONE or str(rule) != str(kept):
        changed = rule if str(rule) != str(kept) else None
        recurrence_update(actor=actor, activity=activity, rule=changed, everywhere=scope == EVERYWHERE)


class RepetitionPreviewForm(forms.Form):
    """The fields of a repetition with the first time, for telling what they mean while they are filled in."""

    due_at = LocalDateTimeField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.update(repetition_fields())
        self.fields["repeat"].choices = [*REPEATS, (KEEP, "")]  # type: ignore[attr-defined]
