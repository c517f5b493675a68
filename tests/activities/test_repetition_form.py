"""Repetition in the activity's form, told while it is filled in, changed and ended."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from activities.forms.recurrence import KEEP, kind_of, repetition_fields, rule_from
from activities.models import Activity, Recurrence
from activities.recurrence import parse_rule
from activities.services import activity_plan, recurrence_create
from core import display
from core.calendar.jalali import from_jalali
from core.errors import DomainError
from core.models import Holiday, Organisation

TEHRAN = ZoneInfo("Asia/Tehran")
START = from_jalali(1405, 9, 10)  # the second Tuesday of Azar
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def working_week(db):
    Organisation.objects.update(working_days=[0, 1, 2, 3, 4])
    Holiday.objects.all().delete()


CHOSEN = [
    ({"repeat": ""}, None),
    ({"repeat": "daily", "repeat_every": 3}, "FREQ=DAILY;INTERVAL=3"),
    ({"repeat": "daily", "repeat_day_off": "NEXT"}, "FREQ=DAILY;X-WORKDAY=NEXT"),
    ({"repeat": "workdays", "repeat_every": 3}, "FREQ=DAILY;X-WORKDAY=ONLY"),
    ({"repeat": "weekly"}, "FREQ=WEEKLY"),
    ({"repeat": "weekly", "repeat_every": 2, "repeat_weekdays": [2, 0]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO"),
    ({"repeat": "monthly"}, "FREQ=MONTHLY"),
    ({"repeat": "monthly", "repeat_day": 5}, "FREQ=MONTHLY;BYMONTHDAY=5"),
    (
        {"repeat": "monthly", "repeat_day": 31, "repeat_skip": "BACKWARD", "repeat_day_off": "PREVIOUS"},
        "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD;X-WORKDAY=PREVIOUS",
    ),
    ({"repeat": "monthly_weekday"}, "FREQ=MONTHLY;BYDAY=2TU"),
    ({"repeat": "month_end"}, "FREQ=MONTHLY;BYSETPOS=-1;X-WORKDAY=ONLY"),
    ({"repeat": "yearly", "repeat_skip": "BACKWARD"}, "FREQ=YEARLY;SKIP=BACKWARD"),
    ({"repeat": "year_end"}, "FREQ=YEARLY;BYMONTH=9;BYSETPOS=-1;X-WORKDAY=ONLY"),
    ({"repeat": "daily", "repeat_ends": "count", "repeat_count": 4}, "FREQ=DAILY;COUNT=4"),
    ({"repeat": "daily", "repeat_ends": "until", "repeat_until": dt.date(2026, 12, 31)}, "FREQ=DAILY;UNTIL=20261231"),
]


@pytest.mark.parametrize(("data", "expected"), CHOSEN)
def test_what_is_chosen_becomes_a_rule_and_is_shown_again(data, expected):
    with display.use(display.Display()):
        rule = rule_from(data, START)
        assert (str(rule) if rule else None) == expected
        if rule is not None:
            assert kind_of(rule) == data["repeat"]
            again = {name: field.initial for name, field in repetition_fields(rule, START).items()}
            assert str(rule_from(again, START)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1",
        "FREQ=WEEKLY;X-WORKDAY=ONLY",
        "FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1",
        "FREQ=DAILY;BYMONTH=12",
    ],
)
def test_a_rule_from_elsewhere_stays_as_it_is(text):
    rule = parse_rule(text)
    assert kind_of(rule) == KEEP
    choices = dict(repetition_fields(rule, START)["repeat"].choices)
    assert KEEP in choices
    assert rule_from({"repeat": KEEP}, START, rule) == rule


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"repeat_ends": "until"}, "repeat_until"),
        ({"repeat_ends": "until", "repeat_until": from_jalali(1405, 9, 9)}, "repeat_until"),
        ({"repeat_ends": "count"}, "repeat_count"),
    ],
)
def test_an_end_that_is_missing_or_past(data, field):
    with pytest.raises(DomainError) as refusal:
        rule_from({"repeat": "daily", **data}, START)
    assert refusal.value.field == field


def form_data(**values):
    return {
        "kind": "call",
        "subject": "پیگیری",
        "due_at": "1405/09/10 09:00",
        "priority": "2",
        "repeat_every": "1",
        "repeat_ends": "never",
        **values,
    }


class TestForm:
    def test_a_new_activity_repeats(self, client, rep):
        client.force_login(rep)
        response = client.post(
            reverse("activities:activity_add"), form_data(repeat="monthly", repeat_day="۵", repeat_skip="OMIT")
        )
        assert response.status_code == 302, response.context["form"].errors
        recurrence = Recurrence.objects.get()
        first = Activity.objects.filter(recurrence=recurrence).earliest("occurrence")
        assert recurrence.rule == "FREQ=MONTHLY;BYMONTHDAY=5"
        assert first.due_at == dt.datetime.combine(from_jalali(1405, 10, 5), dt.time(9), tzinfo=TEHRAN)
        page = client.get(first.get_absolute_url()).content.decode()
        assert "هر ماه، روز ۵" in page

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"repeat": "hourly"}, "repeat"),
            ({"repeat": "daily", "repeat_every": "0"}, "repeat_every"),
            ({"repeat": "daily", "repeat_ends": "count", "repeat_count": "1000000000"}, "repeat_count"),
            ({"repeat": "daily", "repeat_ends": "until", "repeat_until": "1405/12/31"}, "repeat_until"),
            ({"repeat": "daily", "repeat_ends": "until", "repeat_until": "1400/01/01"}, "repeat_until"),
            ({"repeat": "monthly", "repeat_day": "32"}, "repeat_day"),
            ({"repeat": "weekly", "repeat_weekdays": ["9"]}, "repeat_weekdays"),
            ({"repeat": "daily", "due_at": "", "kind": "task"}, "due_at"),
        ],
    )
    def test_nonsense_is_said_beside_its_field(self, client, rep, values, field):
        client.force_login(rep)
        response = client.post(reverse("activities:activity_add"), form_data(**values))
        assert response.status_code == 422
        assert field in response.context["form"].errors
        assert not Activity.objects.exists()

    @pytest.fixture
    def weekly(self, rep):
        due_at = dt.datetime.now(TEHRAN).replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
        activity = activity_plan(actor=rep, kind="call", subject="پیگیری", due_at=due_at)
        recurrence_create(actor=rep, activity=activity, rule=parse_rule("FREQ=WEEKLY"))
        return Activity.objects.get(pk=activity.pk)

    def edit(self, client, activity, **values):
        url = reverse("activities:activity_edit", args=[activity.pk])
        form = client.get(url).context["form"]
        data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False, [])}
        data["due_at"] = activity.due_at.isoformat()
        response = client.post(url, data | values)
        assert response.status_code == 302, response.context["form"].errors

    def test_a_change_of_one_leaves_the_others(self, client, rep, weekly):
        client.force_login(rep)
        self.edit(client, weekly, subject="این بار حضوری")
        subjects = set(Activity.objects.exclude(pk=weekly.pk).values_list("subject", flat=True))
        assert subjects == {"پیگیری"}
        assert Recurrence.objects.get().is_active

    def test_a_change_of_those_after_it(self, client, rep, weekly):
        client.force_login(rep)
        self.edit(client, weekly, subject="تماس هفتگی", repeat_scope="following")
        assert set(Activity.objects.values_list("subject", flat=True)) == {"تماس هفتگی"}
        assert Recurrence.objects.filter(is_active=True).count() == 1

    def test_a_new_rule_is_for_those_after_it(self, client, rep, weekly):
        client.force_login(rep)
        self.edit(client, weekly, repeat="monthly")
        assert Recurrence.objects.get(is_active=True).rule == "FREQ=MONTHLY"
        assert Activity.objects.count() < 5

    def test_choosing_none_ends_it(self, client, rep, weekly):
        client.force_login(rep)
        self.edit(client, weekly, repeat="")
        assert list(Activity.objects.all()) == [weekly]
        assert not Recurrence.objects.filter(is_active=True).exists()

    def test_the_button_ends_it(self, client, rep, weekly):
        client.force_login(rep)
        url = reverse("activities:repetition_stop", args=[weekly.pk])
        assert url in client.get(weekly.get_absolute_url()).content.decode()
        client.post(url)
        assert list(Activity.objects.all()) == [weekly]
        assert url not in client.get(weekly.get_absolute_url()).content.decode()

    def test_a_step_of_a_sequence_has_no_repetition(self, client, rep):
        from activities.services import sequence_start
        from tests.activities.test_sequences import call_mail_call, open_step
        from tests.leads.factories import LeadFactory

        client.force_login(rep)
        run = sequence_start(actor=rep, sequence=call_mail_call(), record=LeadFactory(owner=rep))
        form = client.get(reverse("activities:activity_edit", args=[open_step(run).pk])).context["form"]
        assert "repeat" not in form.fields


class TestPreview:
    def preview(self, client, **values):
        response = client.get(reverse("activities:repetition_preview"), values)
        assert response.status_code == 200
        return response.content.decode()

    def test_words_and_dates(self, client, rep):
        client.force_login(rep)
        html = self.preview(client, due_at="1405/09/10 09:00", repeat="monthly", repeat_day="5")
        assert "هر ماه، روز ۵" in html
        assert "۵ دی ۱۴۰۵" in html
        assert "data-may-lack" not in html

    def test_it_says_when_a_month_lacks_the_day(self, client, rep):
        client.force_login(rep)
        assert "data-may-lack" in self.preview(client, due_at="1405/06/31 09:00", repeat="monthly")

    @pytest.mark.parametrize(
        "values", [{}, {"repeat": "x"}, {"repeat": KEEP}, {"repeat": "daily", "repeat_every": "9" * 50}]
    )
    def test_nonsense_says_nothing(self, client, rep, values):
        client.force_login(rep)
        assert "pv-repetition" not in self.preview(client, due_at="1405/09/10 09:00", **values)

    def test_it_waits_for_the_first_time(self, client, rep):
        client.force_login(rep)
        assert "<p" in self.preview(client, repeat="daily")
