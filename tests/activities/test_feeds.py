"""Calendar feeds: what stands in them, and how calendar programs read them."""

import datetime as dt
import http.client
from urllib.parse import urlsplit

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.choices import TasksInFeed
from activities.models import Activity, Assignment, FeedToken
from activities.recurrence import parse_rule
from activities.selectors.feeds import feed_file
from activities.services import activity_plan, feed_create, feed_revoke
from activities.services.recurrence import recurrence_create
from activities.views import feeds as feeds_module
from core import audit
from core.errors import DomainError, PermissionRefused
from tests.accounts.factories import AccountFactory
from users.models import User

DAY = dt.timedelta(days=1)


def at(days: float = 1) -> dt.datetime:
    return (timezone.now() + dt.timedelta(days=days)).replace(microsecond=0)


def plan(user, subject="جلسه", days: float = 1, kind="meeting", **values) -> Activity:
    return activity_plan(actor=user, kind=kind, subject=subject, due_at=at(days), **values)


def parts(feed, name="VEVENT"):
    calendar = icalendar.Calendar.from_ical(feed_file(feed))
    return {str(part["SUMMARY"]): part for part in calendar.walk(name)}


@pytest.fixture
def feed(rep) -> FeedToken:
    return feed_create(actor=rep, name="گوشی من")[0]


def read(token: str, **headers):
    return Client().get(reverse("calendar_feed", args=[token]), headers=headers)


@pytest.mark.django_db
def test_only_the_hash_of_the_secret_is_kept(rep):
    feed, token = feed_create(actor=rep, name="گوشی")
    assert len(token) >= 40
    assert token not in str(FeedToken.objects.filter(pk=feed.pk).values())
    assert len(feed.digest) == 64
    assert audit.entries_of(feed).get().code == "calendar_feed.created"


@pytest.mark.django_db
def test_what_is_in_it(rep, teammate, feed):
    account = AccountFactory(owner=rep, name="شرکت سپهر")
    plan(rep, "جلسهٔ من", location="تهران", text="دستور جلسه", records=[account], duration=90)
    plan(rep, "محرمانه", is_private=True)
    plan(teammate, "کار مشترک", assignees=[rep, teammate])
    plan(teammate, "کار دیگران")
    plan(rep, "کار", kind="task")
    plan(rep, "سررسید", kind="deadline", days=3, all_day=True)
    declined = plan(teammate, "نپذیرفته", assignees=[rep])
    Assignment.objects.filter(activity=declined).update(answer="declined")
    for subject, values in (
        ("لغوشده", {"status": "cancelled"}),
        ("حذف‌شده", {"deleted_at": timezone.now()}),
        ("خیلی قدیمی", {"due_at": at(-91)}),
        ("خیلی دور", {"due_at": at(366)}),
    ):
        Activity.objects.filter(pk=plan(rep, subject).pk).update(**values)
    Activity.objects.filter(pk=plan(rep, "ماه پیش").pk).update(due_at=at(-89), status="done", done_at=at(-89))
    events = parts(feed)
    assert set(events) == {"جلسهٔ من", "محرمانه", "کار مشترک", "کار", "سررسید", "✓ ماه پیش"}
    mine = events["جلسهٔ من"]
    assert mine.decoded("dtend") - mine.decoded("dtstart") == dt.timedelta(minutes=90)
    assert (mine["LOCATION"], mine["TRANSP"]) == ("تهران", "OPAQUE")
    assert "دستور جلسه" in mine["DESCRIPTION"]
    assert "شرکت سپهر" in mine["DESCRIPTION"]
    assert events["محرمانه"]["CLASS"] == "PRIVATE"
    assert events["کار"]["TRANSP"] == "TRANSPARENT"
    assert not isinstance(events["سررسید"].decoded("dtstart"), dt.datetime)


@pytest.mark.django_db
@pytest.mark.parametrize("tasks", TasksInFeed.values)
def test_tasks_as_one_likes(rep, tasks):
    feed = feed_create(actor=rep, tasks=tasks)[0]
    plan(rep, "جلسه")
    plan(rep, "کار", kind="task", priority=4)
    events, todos = parts(feed), parts(feed, "VTODO")
    assert "جلسه" in events
    assert ("کار" in events, "کار" in todos) == (tasks == "events", tasks == "tasks")
    if tasks == "tasks":
        assert (todos["کار"]["PRIORITY"], todos["کار"]["STATUS"]) == (1, "NEEDS-ACTION")


@pytest.mark.django_db
def test_a_gregorian_repetition_goes_on_as_a_rule_and_a_jalali_one_as_single_days(rep, feed):
    weekly, monthly = plan(rep, "هفتگی", duration=60), plan(rep, "پنجم هر ماه")
    recurrence_create(actor=rep, activity=weekly, rule=parse_rule("FREQ=WEEKLY;COUNT=40", "gregorian"))
    recurrence_create(actor=rep, activity=monthly, rule=parse_rule("FREQ=MONTHLY;BYMONTHDAY=5", "jalali"))
    calendar = icalendar.Calendar.from_ical(feed_file(feed))
    events = [part for part in calendar.walk("VEVENT") if str(part["SUMMARY"]) == "هفتگی"]
    made = Activity.objects.filter(subject="هفتگی")
    (series,) = [part for part in events if "RRULE" in part]
    assert len(events) == made.count() + 1
    assert series["RRULE"]["COUNT"] == [40 - made.count()]
    last = made.order_by("-due_at")[0].due_at
    assert series.decoded("dtstart") == last + 7 * DAY
    days = [part.decoded("dtstart").date() for part in calendar.walk("VEVENT") if str(part["SUMMARY"]) == "پنجم هر ماه"]
    assert 11 <= len(days) <= 13
    assert len(set(days)) == len(days)
    assert not any("RRULE" in part for part in calendar.walk("VEVENT") if str(part["SUMMARY"]) == "پنجم هر ماه")


@pytest.mark.django_db
def test_as_many_queries_with_three_as_with_sixty(rep, feed):
    account = AccountFactory(owner=rep)
    feed_file(feed)  # what is remembered for a while is remembered
    counts = []
    for number in (3, 57):
        for index in range(number):
            plan(rep, f"جلسه {index}", records=[account])
        first = plan(rep, "تکراری")
        recurrence_create(actor=rep, activity=first, rule=parse_rule("FREQ=WEEKLY", "gregorian"))
        with CaptureQueriesContext(connection) as queries:
            feed_file(FeedToken.objects.select_related("user").get(pk=feed.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


@pytest.mark.django_db
def test_programs_ask_again_only_for_news(rep):
    _feed, token = feed_create(actor=rep)
    activity = plan(rep)
    first = read(token)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert not first.cookies
    assert "private" in first.headers["Cache-Control"]
    again = read(token, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert read(token, if_modified_since=first.headers["Last-Modified"]).status_code == 304
    Activity.objects.filter(pk=activity.pk).update(deleted_at=timezone.now())
    assert read(token, if_none_match=first.headers["ETag"]).status_code == 200
    head = Client().head(reverse("calendar_feed", args=[token]))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] != first.headers["ETag"]
    assert Client().post(reverse("calendar_feed", args=[token])).status_code == 405


@pytest.mark.django_db
def test_revoked_unknown_and_left_people_are_not_found(rep, teammate, monkeypatch):
    feed, token = feed_create(actor=rep)
    with pytest.raises(PermissionRefused):
        feed_revoke(actor=teammate, feed=feed)
    assert read(token).status_code == 200
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert read(token).status_code == 404
    User.objects.filter(pk=rep.pk).update(is_active=True)
    feed_revoke(actor=rep, feed=feed)
    assert read(token).status_code == 404
    assert read("x" * 43).status_code == 404
    assert read(feed.digest).status_code == 404
    monkeypatch.setattr(feeds_module, "PER_ADDRESS", (1, 3600))
    assert read("y" * 43).status_code == 429


@pytest.mark.django_db
def test_the_last_reading_is_noted(rep):
    feed, token = feed_create(actor=rep)
    read(token)
    first = FeedToken.objects.get(pk=feed.pk).last_read_at
    read(token)
    assert FeedToken.objects.get(pk=feed.pk).last_read_at == first is not None


@pytest.mark.django_db
def test_the_page_shows_the_address_once(client, rep, teammate):
    client.force_login(rep)
    page = client.get(reverse("activities:feed_list"))
    assert page.status_code == 200
    made = client.post(reverse("activities:feed_list"), {"name": "گوشی <b>من</b>", "tasks": "events"})
    html = made.content.decode()
    address = made.context["address"]
    assert address.startswith("http://testserver/i/feed/")
    assert f'href="webcal://testserver{urlsplit(address).path}"' in html
    assert made.headers["Cache-Control"] == "no-store"
    assert Client().get(urlsplit(address).path).status_code == 200
    again = client.get(reverse("activities:feed_list")).content.decode()
    assert urlsplit(address).path not in again
    assert "&lt;b&gt;" in again
    feed = FeedToken.objects.get()
    client.force_login(teammate)
    assert client.post(reverse("activities:feed_revoke", args=[feed.pk])).status_code == 404
    client.force_login(rep)
    assert client.post(reverse("activities:feed_revoke", args=[feed.pk])).status_code == 302
    assert Client().get(urlsplit(address).path).status_code == 404


@pytest.mark.django_db
def test_there_is_an_end_to_feeds(rep):
    for _number in range(20):
        feed_create(actor=rep)
    with pytest.raises(DomainError):
        feed_create(actor=rep)


def test_a_calendar_program_reads_it_over_http(live_server, rep):
    _feed, token = feed_create(actor=rep)
    plan(rep, "جلسه با شرکت پارس؛ قیمت، تحویل")
    server = urlsplit(live_server.url)
    link = http.client.HTTPConnection(server.hostname, server.port, timeout=20)
    path = f"/i/feed/{token}.ics"
    agent = {"User-Agent": "Mac+OS+X/10.15 (19A583) CalendarAgent/930"}
    link.request("HEAD", path, headers=agent)
    head = link.getresponse()
    assert (head.status, head.read()) == (200, b"")
    link.request("GET", path, headers={**agent, "Accept-Encoding": "gzip", "Accept": "text/calendar"})
    answer = link.getresponse()
    content = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        import gzip

        content = gzip.decompress(content)
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "جلسه با شرکت پارس؛ قیمت، تحویل"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    link.request("GET", path, headers={**agent, "If-None-Match": answer.headers["ETag"]})
    again = link.getresponse()
    assert (again.status, again.read()) == (304, b"")
    link.close()
