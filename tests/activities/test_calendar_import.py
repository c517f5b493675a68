"""Importing calendar files: what comes of each entry, again and again, and of broken ones."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.ics.read import MAX_BYTES, read
from activities.models import Activity, Guest, Reminder
from activities.recurrence import occurrences
from activities.selectors.feeds import feed_file
from activities.services import activity_complete, activity_plan, feed_create
from activities.services.calendar_import import calendar_import, import_plan
from core import audit
from core.errors import PermissionRefused
from core.jobs import Cancelled
from core.models import Job
from messaging.models import Message

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ical"
TEHRAN = ZoneInfo("Asia/Tehran")
NEXT_YEAR = timezone.now().year + 1


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(uid="one@test", start=f"DTSTART:{NEXT_YEAR}0505T063000Z", *lines: str, summary="جلسه") -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", start, *lines, "END:VEVENT")


def run(user, data: bytes):
    return calendar_import(actor=user, parsed=read(data, zone=TEHRAN), file="test.ics")


def figures(result) -> tuple[int, int, int, int]:
    return result.created, result.updated, result.same, result.left


def test_events_become_meetings_and_tasks_become_tasks(rep):
    data = calendar(
        *event(
            "a", f"DTSTART;TZID=Asia/Tehran:{NEXT_YEAR}0505T100000", "DURATION:PT90M", "LOCATION:تهران", "CLASS:PRIVATE"
        ),
        *event("b", f"DTSTART;VALUE=DATE:{NEXT_YEAR}0505", f"DTEND;VALUE=DATE:{NEXT_YEAR}0508", summary="سفر"),
        *("BEGIN:VTODO", "UID:c", "SUMMARY:خرید", f"DUE:{NEXT_YEAR}0505T063000Z", "PRIORITY:1", "END:VTODO"),
        *event(
            "d", "DTSTART:20200505T063000Z", "DTEND:20200505T073000Z", "ATTENDEE:mailto:x@example.com", summary="گذشته"
        ),
        *event("e", f"DTSTART:{NEXT_YEAR}0505T063000Z", "STATUS:CANCELLED", summary="لغو"),
    )
    result = run(rep, data)
    assert figures(result) == (4, 0, 0, 1)
    rows = {row.uid: row for row in Activity.objects.filter(owner=rep)}
    assert (rows["a"].kind, rows["a"].duration, rows["a"].location, rows["a"].is_private) == (
        "meeting",
        90,
        "تهران",
        True,
    )
    assert rows["a"].due_at == dt.datetime(NEXT_YEAR, 5, 5, 6, 30, tzinfo=dt.UTC)
    begin, end = rows["b"].due_at.astimezone(TEHRAN), rows["b"].ends_at.astimezone(TEHRAN)
    assert (rows["b"].all_day, begin.hour, (end.date() - begin.date()).days) == (True, 0, 3)
    assert (rows["c"].kind, rows["c"].priority, rows["c"].status) == ("task", 4, "planned")
    assert (rows["d"].status, rows["d"].done_at.year) == ("done", 2020)
    assert not Guest.objects.exists()
    assert not Message.objects.exists()
    entry = audit.AuditEntry.objects.get(code="calendar.imported")
    assert entry.params["count"] == 4


def test_again_makes_nothing_twice_and_brings_changes(rep, teammate):
    first = calendar(*event("a"), *event("b", summary="دوم"))
    assert figures(run(rep, first)) == (2, 0, 0, 0)
    assert figures(run(rep, first)) == (0, 0, 2, 0)
    changed = calendar(*event("a", f"DTSTART:{NEXT_YEAR}0506T063000Z"), *event("b", summary="دوم"))
    assert figures(run(rep, changed)) == (0, 1, 1, 0)
    assert Activity.objects.get(uid="a").due_at.day == 6
    activity_complete(actor=rep, activity=Activity.objects.get(uid="a"))
    assert figures(run(rep, first)) == (0, 0, 2, 0)
    gone = calendar(*event("b", f"DTSTART:{NEXT_YEAR}0505T063000Z", "STATUS:CANCELLED", summary="دوم"))
    assert figures(run(rep, gone)) == (0, 1, 0, 0)
    assert Activity.objects.get(uid="b").status == "cancelled"
    assert figures(run(teammate, first)) == (2, 0, 0, 0)


def test_entries_without_an_id_are_known_again(rep):
    data = calendar("BEGIN:VEVENT", "SUMMARY:بی‌شناسه", f"DTSTART:{NEXT_YEAR}0505T063000Z", "END:VEVENT")
    assert (figures(run(rep, data)), figures(run(rep, data))) == ((1, 0, 0, 0), (0, 0, 1, 0))


def test_twice_in_one_file_is_once(rep):
    assert figures(run(rep, calendar(*event("a"), *event("a")))) == (1, 0, 0, 1)


def test_repetitions_go_on_from_their_next_time(rep):
    start = timezone.now() - dt.timedelta(days=70)
    weekly = f"{start:%Y%m%dT%H%M%SZ}"
    skipped = start + dt.timedelta(days=84)
    data = calendar(
        *event(
            "w", f"DTSTART:{weekly}", "RRULE:FREQ=WEEKLY;COUNT=30", f"EXDATE:{skipped:%Y%m%dT%H%M%SZ}", summary="هفتگی"
        ),
        *event(
            "j", f"DTSTART:{NEXT_YEAR}0505T063000Z", "RRULE:RSCALE=PERSIAN;FREQ=MONTHLY;BYMONTHDAY=15", summary="شمسی"
        ),
    )
    assert figures(run(rep, data)) == (2, 0, 0, 0)
    rows = Activity.objects.filter(subject="هفتگی").order_by("due_at")
    assert rows[0].due_at > timezone.now()
    assert skipped.date() not in {row.due_at.date() for row in rows}
    assert rows[0].recurrence.rule == "FREQ=WEEKLY;COUNT=19"
    assert Activity.objects.filter(subject="شمسی")[0].recurrence.calendar == "jalali"
    assert figures(run(rep, data))[:2] == (0, 0)


def test_an_occurrence_that_was_moved_stands_once(rep):
    start = (timezone.now() + dt.timedelta(days=3)).replace(microsecond=0)
    second = start + dt.timedelta(days=7)
    moved = second + dt.timedelta(days=1)
    data = calendar(
        *event("w", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "RRULE:FREQ=WEEKLY;COUNT=3", summary="هفتگی"),
        *event("w", f"DTSTART:{moved:%Y%m%dT%H%M%SZ}", f"RECURRENCE-ID:{second:%Y%m%dT%H%M%SZ}", summary="هفتگی"),
    )
    assert figures(run(rep, data)) == (2, 0, 0, 0)
    days = [row.due_at for row in Activity.objects.filter(subject="هفتگی").order_by("due_at")]
    assert days == [start, moved, start + dt.timedelta(days=14)]
    assert figures(run(rep, data)) == (0, 0, 2, 0)


def test_a_stopped_import_goes_on_where_it_was(rep):
    data = calendar(*(line for number in range(30) for line in event(f"u{number}", summary=f"جلسه {number}")))

    def stop(done: int, _total: int) -> None:
        if done >= 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        calendar_import(actor=rep, parsed=read(data, zone=TEHRAN), file="x.ics", progress=stop)
    assert Activity.objects.count() == 20
    assert figures(run(rep, data)) == (10, 0, 20, 0)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=1000000",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "FREQ=WEEKLY;COUNT=999999999",
        "NONSENSE",
    ],
)
def test_monstrous_rules_leave_the_first_time_alone(rep, rule):
    run(rep, calendar(*event("m", f"DTSTART:{NEXT_YEAR}0505T063000Z", f"RRULE:{rule}")))
    row = Activity.objects.get(uid="m")
    assert row.recurrence_id is None
    assert row.due_at.day == 5


def test_single_extra_dates_are_imported(rep):
    run(
        rep,
        calendar(
            *event("r", f"DTSTART:{NEXT_YEAR}0505T063000Z", f"RDATE:{NEXT_YEAR}0507T063000Z,{NEXT_YEAR}0509T063000Z")
        ),
    )
    assert [row.due_at.day for row in Activity.objects.order_by("due_at")] == [5, 7, 9]


def test_reminders_of_the_file_are_kept(rep):
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT45M", "ACTION:DISPLAY", "END:VALARM")
    run(rep, calendar(*event("a", f"DTSTART:{NEXT_YEAR}0505T063000Z", *alarm)))
    assert list(Reminder.objects.values_list("minutes_before", flat=True)) == [45]


def test_ones_own_feed_comes_back_as_known(rep):
    due = timezone.now() + dt.timedelta(days=2)
    activity_plan(actor=rep, kind="meeting", subject="جلسه", due_at=due)
    feed = feed_create(actor=rep)[0]
    assert figures(run(rep, feed_file(feed))) == (0, 0, 1, 0)


def test_one_bad_entry_spoils_no_other(rep):
    data = calendar(
        *event("a"),
        *event("b", "DTSTART:INVALID", summary="بد"),
        *event("c", f"DTSTART:{NEXT_YEAR}0505T063000Z", f"DTEND:{NEXT_YEAR + 3}0505T063000Z", summary="سه‌ساله"),
        *event("d", summary="چهارم"),
    )
    result = run(rep, data)
    assert result.created == 2
    assert {problem.summary for problem in result.problems} == {"بد", "سه‌ساله"}
    assert all(problem.reason for problem in result.problems)


def test_who_may_not_plan_may_not_import(nobody):
    with pytest.raises(PermissionRefused):
        run(nobody, calendar(*event()))


@pytest.mark.skipif(not DATA.exists(), reason="the folder ../shared/data/ical is not here")
def test_real_files_are_imported_once(rep):
    created = 0
    for path in sorted(DATA.rglob("*.ics")):
        data = path.read_bytes()
        if b"BEGIN:VEVENT" not in data and b"BEGIN:VTODO" not in data:
            continue
        result = run(rep, data)
        created += result.created
        again = run(rep, data)
        assert (again.created, again.updated) == (0, 0), path.name
    assert created > 100


def upload(client, data: bytes, name="cal.ics"):
    return client.post(reverse("activities:calendar_import"), {"file": SimpleUploadedFile(name, data)})


def test_preview_then_job(client, rep, django_capture_on_commit_callbacks):
    client.force_login(rep)
    assert client.get(reverse("activities:calendar_import")).status_code == 200
    page = upload(client, calendar(*event("a", summary="<b>جلسه</b>"), *event("b", "DTSTART:INVALID", summary="بد")))
    html = page.content.decode()
    assert page.status_code == 200
    assert "&lt;b&gt;جلسه" in html
    assert "<b>جلسه" not in html
    assert "بد" in html
    assert not Activity.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        started = client.post(reverse("activities:calendar_import"), {"token": page.context["token"]})
    job = Job.objects.get()
    assert started["Location"] == job.get_absolute_url()
    assert (job.status, "content" in job.params) == ("done", False)
    assert "بد" in str(job.result)
    assert Activity.objects.get().uid == "a"
    again = client.post(reverse("activities:calendar_import"), {"token": page.context["token"]})
    assert again.status_code == 422
    assert Job.objects.count() == 1


def test_somebody_elses_preview_is_not_mine(client, rep, teammate):
    client.force_login(rep)
    token = upload(client, calendar(*event())).context["token"]
    client.force_login(teammate)
    assert client.post(reverse("activities:calendar_import"), {"token": token}).status_code == 422
    assert not Job.objects.exists()


@pytest.mark.parametrize("data", [b"", b"no calendar", b"PK\x03\x04" * 100, b"x" * (MAX_BYTES + 1)])
def test_a_broken_file_gets_a_clear_answer(client, rep, data):
    client.force_login(rep)
    page = upload(client, data)
    assert page.status_code == 422
    assert "invalid-feedback" in page.content.decode()
    assert not Job.objects.exists()


def test_a_thousand_entries_need_few_questions(rep, django_assert_max_num_queries):
    data = calendar(*(line for number in range(1000) for line in event(f"u{number}")))
    parsed = read(data, zone=TEHRAN)
    with django_assert_max_num_queries(4):
        assert len(import_plan(user=rep, parsed=parsed)) == 1000


def test_what_was_finished_while_the_import_ran_is_left_alone(rep):
    run(rep, calendar(*event("first"), *event("second", summary="دوم")))
    changed = calendar(*event("first", summary="یک"), *event("second", summary="دو"))

    def finish(done: int, _total: int) -> None:
        activity_complete(actor=rep, activity=Activity.objects.get(uid="second"), note="انجام شد")

    result = calendar_import(actor=rep, parsed=read(changed, zone=TEHRAN), file="x.ics", progress=finish)
    assert figures(result) == (0, 1, 1, 0)
    second = Activity.objects.get(uid="second")
    assert (second.subject, second.status, second.outcome_note) == ("دوم", "done", "انجام شد")


@pytest.mark.parametrize("day", ["00010101", "99991231"])
def test_single_dates_of_other_ages_are_passed_over(rep, day):
    lines = ("RRULE:FREQ=WEEKLY", f"EXDATE;VALUE=DATE:{day}", f"RDATE;VALUE=DATE:{day}", f"EXDATE:{day}T000000")
    data = calendar(*event("a"), *event("d", f"DTSTART;VALUE=DATE:{NEXT_YEAR}0505", *lines, summary="روزانه"))
    assert figures(run(rep, data)) == (2, 0, 0, 0)


OLD_RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=7",
    "FREQ=DAILY;INTERVAL=13;BYMONTH=3,4",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=3",
    "FREQ=WEEKLY;INTERVAL=3;UNTIL=20500101T000000Z",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "RSCALE=PERSIAN;FREQ=WEEKLY;INTERVAL=5;BYDAY=SA",
]


@pytest.mark.parametrize("text", OLD_RULES)
def test_what_began_long_ago_goes_on_in_step(rep, text):
    start = dt.datetime(1998, 3, 4, 9, 30, tzinfo=TEHRAN)
    data = calendar(*event("old", f"DTSTART;TZID=Asia/Tehran:{start:%Y%m%dT%H%M%S}", f"RRULE:{text}"))
    now = timezone.now()
    step = import_plan(user=rep, parsed=read(data, zone=TEHRAN), now=now)[0]
    assert step.rule is not None
    coming = next(
        moment for moment in occurrences(step.rule, start, TEHRAN, before=now + dt.timedelta(days=800)) if moment > now
    )
    assert step.values["due_at"] == coming


def test_a_file_full_of_old_repetitions_takes_no_more_than_its_time(rep, monkeypatch):
    monkeypatch.setattr("activities.services.calendar_import.RECKONING", 0.0)
    data = calendar(
        *(line for n in range(20) for line in event(f"o{n}", "DTSTART:19010101T090000Z", "RRULE:FREQ=MONTHLY"))
    )
    steps = import_plan(user=rep, parsed=read(data, zone=TEHRAN))
    assert all(step.rule is None and step.item.warnings for step in steps)
