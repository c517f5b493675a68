"""The calendar's pages: what they show to whom, moving events, taking a move back, booking in the form."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.calendar.state import MAX_CALENDARS, read
from activities.models import Activity, Booking, Resource
from activities.services import activity_move, activity_plan, bookings_sync
from core.models import Holiday, Organisation
from core.testing import form_data
from tests.accounts.test_contracts import ListContract

pytestmark = pytest.mark.django_db

URL = "/activities/calendar/"
TEHRAN = ZoneInfo("Asia/Tehran")
DAY = dt.date(2027, 1, 10)  # ۲۰ دی ۱۴۰۵, a Sunday
HOUR = dt.timedelta(hours=1)


class TestResource(ListContract):
    model = Resource
    values = {**ListContract.values, "capacity": "۱۲", "place": "طبقهٔ دوم"}
    exempt = (*ListContract.exempt, "capacity", "place")


def at(hour: int, minute: int = 0, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=TEHRAN)


def plan(person, subject="جلسه با فولاد", **values) -> Activity:
    values = {"kind": "meeting", "due_at": at(10), "ends_at": at(11), **values}
    return activity_plan(actor=person, subject=subject, **values)


@pytest.fixture
def room() -> Resource:
    return Resource.objects.create(code="big", name_fa="اتاق بزرگ", name_en="Big room")


@pytest.fixture
def get(client, rep):
    client.force_login(rep)

    def page(user=None, **query) -> str:
        if user is not None:
            client.force_login(user)
        answer = client.get(URL, {"date": DAY.isoformat(), **query})
        assert answer.status_code == 200
        return answer.content.decode()

    return page


@pytest.fixture
def drop(client, rep):
    client.force_login(rep)

    def post(activity, **fields):
        url = reverse("activities:calendar_move", args=[activity.pk])
        query = f"?view=week&date={DAY.isoformat()}"
        return client.post(url + query, fields, headers={"HX-Request": "true"})

    return post


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["month", "week", "day", "agenda"])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_each_view_shows_the_event_and_both_calendars(get, rep, view, language):
    rep.language, rep.calendar = language, "jalali" if language == "fa" else "gregorian"
    rep.digits = "fa" if language == "fa" else "latin"
    rep.save()
    plan(rep)
    html = get(view=view)
    assert "جلسه با فولاد" in html
    words = {"fa": ("۱۴۰۵", "۲۰۲۷"), "en": ("2027", "1405")}[language]
    assert all(word in html for word in words)


def test_htmx_gets_the_calendar_alone(client, rep):
    client.force_login(rep)
    answer = client.get(URL, headers={"HX-Request": "true", "HX-Target": "calendar"})
    assert answer.content.decode().lstrip().startswith("<section")
    assert "<html" not in answer.content.decode()


def test_the_view_is_remembered_and_a_phone_begins_with_the_day(client, rep):
    client.force_login(rep)
    assert 'data-view="week"' in client.get(URL).content.decode()
    phone = client.get(URL, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile Safari"})
    assert 'data-view="day"' in phone.content.decode()
    client.get(URL, {"view": "agenda"})
    assert 'data-view="agenda"' in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("typed", "date", "bad"),
    [
        ("2027-01-10", DAY, False),
        ("۱۴۰۵/۱۰/۲۰", DAY, False),
        ("۲۰ دی ۱۴۰۵", DAY, False),
        ("", dt.date(2026, 6, 1), False),
        ("1405/12/30", dt.date(2026, 6, 1), True),
        ("yesterday's news", dt.date(2026, 6, 1), True),
        ("9999-99-99", dt.date(2026, 6, 1), True),
    ],
)
def test_a_date_is_read_in_either_calendar(typed, date, bad):
    data = QueryDict(mutable=True)
    data["date"] = typed
    state = read(data, today=dt.date(2026, 6, 1), calendar="jalali", default="month")
    assert (state.date, state.bad_date, state.view) == (date, bad, "month")


def test_nonsense_in_the_address_is_left_out(client, rep):
    client.force_login(rep)
    junk = {"view": "<blink>", "date": "۱۴۰۵/۱۳/۰۱", "people": ["x", "-1", "9" * 30], "resources": ["٣", "1e9"]}
    answer = client.get(URL, junk)
    assert answer.status_code == 200
    assert "<blink>" not in answer.content.decode()
    many = QueryDict("&".join(f"people={n}" for n in range(1, 50)))
    assert len(read(many, today=DAY, calendar="jalali", default="").people) == MAX_CALENDARS


def test_the_state_goes_through_its_own_address(rep, teammate):
    query = QueryDict(f"view=day&date=2027-01-10&people={rep.pk}&people={teammate.pk}&resources=3")
    state = read(query, today=DAY, calendar="jalali", default="week")
    assert QueryDict(state.query()) == query
    assert "view=month" in state.query(view="month")


def test_holidays_days_off_and_todays_mark(get):
    Holiday.objects.update_or_create(date=DAY, defaults={"name": "روز آزمون"})
    Organisation.objects.update(working_days=[0, 1, 2, 3, 4])
    html = get(view="month")
    assert "روز آزمون" in html
    assert re.search(rf'is-off[^>]*data-date="{DAY}"', html)
    assert not re.search(r'is-off[^>]*data-date="2027-01-11"', html)


@pytest.mark.parametrize(("first", "header"), [(None, "شنبه"), (2, "دوشنبه")])
def test_the_week_begins_where_the_company_says(get, first, header):
    Organisation.objects.update(week_starts_on=first)
    head = get(view="month").split('class="pv-month-head"')[1]
    assert re.search(r'data-x="0"><span[^>]*>([^<]+)<', head)[1] == header


def test_a_full_day_of_a_month_is_counted(get, rep):
    for number in range(9):
        plan(rep, f"کار {number}")
    html = get(view="month")
    assert html.count('class="pv-ev ') == 3
    assert "۶ مورد دیگر" in html


def test_a_crowded_hour_is_counted(get, rep):
    for number in range(9):
        plan(rep, f"کار {number}")
    assert get(view="week").count('class="pv-ev ') == 3
    assert get(view="day").count('class="pv-ev ') == 9


def test_a_private_event_says_nothing_to_others(get, rep, teammate, manager):
    plan(teammate, "مذاکرهٔ پنهان", is_private=True, location="برج میلاد")
    for reader in (rep, manager):
        for view in ("month", "week", "day", "agenda"):
            html = get(reader, view=view, people=[teammate.pk])
            assert "پنهان" not in html
            assert "برج میلاد" not in html
            assert "is-busy" in html
    assert "پنهان" in get(teammate, view="day")


def test_several_people_stand_side_by_side(get, rep, teammate, room):
    bookings_sync(actor=rep, activity=plan(rep), resources=[room])
    html = get(view="day", people=[rep.pk, teammate.pk], resources=[room.pk])
    assert html.count('class="pv-hourcol') == 3
    assert html.count('data-pk="') == 2  # in the person's column and in the room's
    assert "اتاق بزرگ" in html


def test_a_rooms_week_shows_who_has_it(get, rep, teammate, manager, room):
    bookings_sync(actor=teammate, activity=plan(teammate, "بازدید"), resources=[room])
    assert "بازدید" in get(manager, view="week", resources=[room.pk])
    html = get(rep, view="week", resources=[room.pk])
    assert "بازدید" not in html
    assert "is-busy" in html


def test_html_in_a_subject_stays_text(get, rep):
    plan(rep, "<script>alert(1)</script>", location='"><img src=x>')
    for view in ("month", "week", "agenda"):
        html = get(view=view)
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize("view", ["month", "week", "day", "agenda"])
def test_the_number_of_queries_does_not_grow(client, rep, teammate, room, view):
    client.force_login(rep)
    query = {"view": view, "date": DAY.isoformat(), "people": [rep.pk, teammate.pk], "resources": [room.pk]}
    counts = []
    for more in (3, 20):
        for number in range(more):
            plan(rep, f"کار {number}", due_at=at(8, number), ends_at=at(9, number), assignees=[rep, teammate])
        client.get(URL, query)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, query)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 18, counts


# Moving --------------------------------------------------------------------------------------------------------------


def times(activity: Activity) -> tuple[dt.datetime | None, dt.datetime | None, bool]:
    activity.refresh_from_db()
    return activity.due_at, activity.ends_at, activity.all_day


@pytest.mark.parametrize(
    ("fields", "due", "ends"),
    [
        ({"date": "2027-01-12"}, at(10, day=dt.date(2027, 1, 12)), at(11, day=dt.date(2027, 1, 12))),
        ({"date": "2027-01-10", "minute": "855"}, at(14, 15), at(15, 15)),
        ({"date": "2027-01-10", "until": "2027-01-10", "until_minute": "750"}, at(10), at(12, 30)),
        (
            {"date": "2027-01-10", "until": "2027-01-10", "until_minute": "1440"},
            at(10),
            at(0, day=dt.date(2027, 1, 11)),
        ),
        ({"date": "2027-01-10", "minute": "1425"}, at(23, 45), at(0, 45, day=dt.date(2027, 1, 11))),
    ],
)
def test_an_event_is_dropped_or_stretched(drop, rep, fields, due, ends):
    activity = plan(rep)
    answer = drop(activity, version=activity.version, **fields)
    assert answer.status_code == 200
    assert times(activity) == (due, ends, False)
    body = answer.json()
    assert body["pk"] == activity.pk
    assert "جلسه با فولاد" in body["html"]
    assert "token=" in body["toast"]["undo"]


def test_an_event_goes_above_the_hours_and_back(drop, rep):
    activity = plan(rep)
    drop(activity, date="2027-01-11", all_day="1")
    assert times(activity) == (at(0, day=dt.date(2027, 1, 11)), None, True)
    drop(activity, date="2027-01-12", minute="540")
    assert times(activity) == (at(9, day=dt.date(2027, 1, 12)), at(10, day=dt.date(2027, 1, 12)), False)


def test_days_keep_their_number_also_when_the_clocks_change(drop, rep):
    rep.time_zone = "Europe/Berlin"
    rep.save(update_fields=["time_zone"])
    berlin = ZoneInfo("Europe/Berlin")
    first = dt.datetime(2027, 3, 22, tzinfo=berlin)
    activity = plan(rep, kind="task", due_at=first, ends_at=dt.datetime(2027, 3, 25, tzinfo=berlin), all_day=True)
    drop(activity, date="2027-03-27")
    assert times(activity) == (
        dt.datetime(2027, 3, 27, tzinfo=berlin),
        dt.datetime(2027, 3, 30, tzinfo=berlin),
        True,
    )
    drop(activity, date="2027-03-27", until="2027-03-27")
    assert times(activity) == (dt.datetime(2027, 3, 27, tzinfo=berlin), None, True)


def test_a_drop_keeps_the_clock_on_the_wall(drop, rep):
    rep.time_zone = "Europe/Berlin"
    rep.save(update_fields=["time_zone"])
    berlin = ZoneInfo("Europe/Berlin")
    activity = plan(
        rep, due_at=dt.datetime(2027, 3, 27, 9, tzinfo=berlin), ends_at=dt.datetime(2027, 3, 27, 10, tzinfo=berlin)
    )
    drop(activity, date="2027-03-28")
    assert times(activity)[0] == dt.datetime(2027, 3, 28, 9, tzinfo=berlin)
    drop(activity, date="2027-03-28", minute="150")  # half past two is skipped that night
    moved = times(activity)[0]
    assert moved
    assert moved.astimezone(berlin).hour == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"date": "1405/10/20"},
        {"date": "2027-01-10", "minute": "1440"},
        {"date": "2027-01-10", "minute": "-5"},
        {"date": "0001-01-01"},
        {"date": "9999-12-31"},
        {"date": "2027-01-10", "until": "2027-01-10", "until_minute": "30"},
        {"date": "2027-01-10", "until": "2029-01-10", "until_minute": "30"},
        {"date": ""},
    ],
)
def test_what_cannot_be_is_refused_and_shown_as_it_is(drop, rep, fields):
    activity = plan(rep)
    before = times(activity)
    answer = drop(activity, **fields)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert "pv-cal" in answer.json()["html"]
    assert times(activity) == before


def test_a_stale_drop_shows_what_it_is_now(drop, rep, manager):
    activity = plan(rep)
    version = activity.version
    activity_move(actor=manager, activity=activity, due_at=at(16))
    answer = drop(activity, date="2027-01-12", version=version)
    assert answer.status_code == 409
    assert "۱۶:۰۰" in answer.json()["html"]
    assert times(activity)[0] == at(16)


def test_a_taken_room_holds_the_drop_back(drop, rep, teammate, room):
    activity = plan(rep)
    bookings_sync(actor=rep, activity=activity, resources=[room])
    bookings_sync(actor=teammate, activity=plan(teammate, due_at=at(14), ends_at=at(15)), resources=[room])
    answer = drop(activity, date="2027-01-10", minute="870")
    assert answer.status_code == 422
    assert "اتاق بزرگ" in answer.json()["message"]
    assert times(activity)[0] == at(10)


def test_a_move_is_taken_back_to_the_letter(client, drop, rep):
    activity = plan(rep, kind="call", ends_at=None)
    before = times(activity)
    toast = drop(activity, date="2027-01-10", until="2027-01-10", until_minute="720").json()["toast"]
    assert times(activity) != before
    answer = client.post(toast["undo"], headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert times(activity) == before
    assert activity.duration is None
    assert client.post(toast["undo"], headers={"HX-Request": "true"}).status_code == 409


def test_undo_is_for_who_moved_and_as_long_as_nobody_else_did(client, drop, rep, manager):
    activity = plan(rep)
    toast = drop(activity, date="2027-01-12").json()["toast"]
    client.force_login(manager)
    assert client.post(toast["undo"], headers={"HX-Request": "true"}).status_code == 422
    activity_move(actor=manager, activity=activity, due_at=at(18))
    client.force_login(rep)
    answer = client.post(toast["undo"], headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert times(activity)[0] == at(18)
    plain = client.post(reverse("activities:calendar_undo", args=[activity.pk]), {"token": "x"})
    assert plain.status_code == 302


def test_all_is_done_by_the_dialog_too(client, rep):
    client.force_login(rep)
    activity = plan(rep)
    url = reverse("activities:calendar_move", args=[activity.pk])
    form = client.get(url).context["form"]
    data = form_data(form)
    assert data["day"] in {"1405/10/20", "۱۴۰۵/۱۰/۲۰"}
    answer = client.post(
        url, {**data, "day": "۱۴۰۵/۱۰/۲۲", "until_day": "۱۴۰۵/۱۰/۲۲", "time": "۱۵:۳۰", "until_time": "۱۷:۰۰"}
    )
    assert answer.status_code == 204
    trigger = json.loads(answer.headers["HX-Trigger"])
    assert trigger["calendar:changed"]
    assert trigger["dialog:close"]
    assert times(activity)[:2] == (at(15, 30, dt.date(2027, 1, 12)), at(17, 0, dt.date(2027, 1, 12)))
    assert client.post(url, data).status_code == 409  # opened before that


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "۱۴۰۵/۱۲/۳۰"}, "day"),
        ({"time": ""}, "time"),
        ({"time": "25:00"}, "time"),
        ({"until_day": "1405/10/19"}, "until_day"),
        ({"until_time": "09:00"}, "until_day"),
        ({"all_day": "on", "until_day": "1405/10/18"}, "until_day"),
    ],
)
def test_the_dialog_says_what_is_wrong(client, rep, changed, field):
    client.force_login(rep)
    activity = plan(rep)
    before = times(activity)
    url = reverse("activities:calendar_move", args=[activity.pk])
    answer = client.post(url, {**form_data(client.get(url).context["form"]), **changed})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert times(activity) == before, field


def test_the_dialog_of_whole_days_keeps_the_last_day(client, rep):
    client.force_login(rep)
    activity = plan(rep, kind="task", due_at=at(0), ends_at=at(0, day=dt.date(2027, 1, 13)), all_day=True)
    url = reverse("activities:calendar_move", args=[activity.pk])
    data = form_data(client.get(url).context["form"])
    assert client.post(url, {**data, "day": "1405/10/21", "until_day": "1405/10/21"}).status_code == 204
    assert times(activity) == (at(0, day=dt.date(2027, 1, 11)), None, True)


def test_an_events_summary_says_where_when_and_with_whom(client, rep, teammate, room):
    activity = plan(rep, location="برج میلاد", assignees=[rep, teammate])
    bookings_sync(actor=rep, activity=activity, resources=[room])
    client.force_login(rep)
    html = client.get(reverse("activities:calendar_event", args=[activity.pk])).content.decode()
    for word in ("برج میلاد", "اتاق بزرگ", str(teammate), "۲۰ دی ۱۴۰۵"):
        assert word in html


# Rooms in the form ---------------------------------------------------------------------------------------------------


def test_free_and_taken_rooms_are_told_for_the_time_that_is_typed(client, rep, teammate, room):
    bookings_sync(actor=teammate, activity=plan(teammate, "پنهان", is_private=True), resources=[room])
    mine = plan(rep, due_at=at(14), ends_at=at(15))
    client.force_login(rep)
    url = reverse("activities:resource_free")

    def answer(**query) -> str:
        return client.get(url, query).content.decode()

    assert "bg-red-lt" in answer(due_at="1405/10/20 10:30")
    assert "پنهان" not in answer(due_at="1405/10/20 10:30")
    assert "bg-green-lt" in answer(due_at="1405/10/20 11:00", duration="۳۰")
    assert "bg-red-lt" in answer(due_at="1405/10/20 09:00", ends_at="1405/10/20 10:30")
    assert "bg-red-lt" in answer(due_at="1405/10/20", all_day="on")
    for nonsense in ({}, {"due_at": "x" * 500}, {"due_at": "1405/10/20 11:00", "duration": "9" * 40}):
        assert "bg-red-lt" not in answer(**nonsense)
    bookings_sync(actor=rep, activity=mine, resources=[room])
    assert "bg-green-lt" in answer(due_at="1405/10/20 14:00", activity=str(mine.pk))
    assert "bg-red-lt" in answer(due_at="1405/10/20 14:00")
    assert f'value="{room.pk}" checked' in answer(due_at="1405/10/20 14:00", resources=str(room.pk))


def form_of(client, url: str) -> dict[str, object]:
    return form_data(client.get(url).context["form"])


def test_a_room_is_booked_with_the_meetings_form(client, rep, teammate, room):
    client.force_login(rep)
    url = reverse("activities:activity_add")
    data = {
        **form_of(client, url),
        "kind": "meeting",
        "subject": "جلسه",
        "due_at": "1405/10/20 10:00",
        "resources": [room.pk],
    }
    assert client.post(url, data).status_code == 302
    booking = Booking.objects.get()
    assert (booking.span.lower, booking.span.upper) == (at(10), at(11))
    again = client.post(url, {**data, "due_at": "1405/10/20 10:30"})
    assert again.status_code == 422
    assert "اتاق بزرگ" in again.content.decode()
    assert Activity.objects.count() == 1  # refused as a whole
    assert client.post(url, {**data, "kind": "task", "due_at": ""}).status_code == 422


def test_time_and_room_are_changed_in_one_go(client, rep, teammate, room):
    other = Resource.objects.create(code="small", name_fa="اتاق کوچک", name_en="Small room")
    mine = plan(rep)
    bookings_sync(actor=rep, activity=mine, resources=[room])
    bookings_sync(actor=teammate, activity=plan(teammate, due_at=at(14), ends_at=at(15)), resources=[room])
    client.force_login(rep)
    url = reverse("activities:activity_edit", args=[mine.pk])
    times_ = {"due_at": "1405/10/20 14:00", "ends_at": "1405/10/20 15:00"}
    assert client.post(url, {**form_of(client, url), **times_}).status_code == 422  # the old room is taken then
    assert client.post(url, {**form_of(client, url), **times_, "resources": [other.pk]}).status_code == 302
    assert [row.resource for row in Booking.objects.filter(activity=mine)] == [other]
