"""Reading calendar files: real ones, broken ones and hostile ones."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from activities.ics.read import MAX_BYTES, MAX_ITEMS, read
from core.errors import DomainError

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ical"
FILES = sorted(DATA.rglob("*.ics")) if DATA.exists() else []
TEHRAN = ZoneInfo("Asia/Tehran")
UTC = dt.UTC
here = pytest.mark.skipif(not FILES, reason="the folder ../shared/data/ical is not here")
HEAVY_RULES = ("FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=DAILY;BYHOUR=1,2,3;BYSECOND=1,2,3")


def calendar(*lines: str, zone: str = "") -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *zone.split("\n"), *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str) -> bytes:
    return calendar("BEGIN:VEVENT", "UID:one@test", "SUMMARY:جلسه", *lines, "END:VEVENT")


def only(data: bytes):
    parsed = read(data, zone=TEHRAN)
    assert not parsed.problems
    (item,) = parsed.items
    return item


def by_name(name: str):
    (path,) = [path for path in FILES if path.name == name]
    return read(path.read_bytes(), zone=TEHRAN)


@here
def test_every_real_file_is_read_or_refused_with_a_sentence():
    read_events = refused = 0
    for path in FILES:
        try:
            parsed = read(path.read_bytes(), zone=TEHRAN)
        except DomainError:
            assert b"BEGIN:VEVENT" not in path.read_bytes(), path.name
            refused += 1
            continue
        read_events += len(parsed.items)
        for item in parsed.items:
            assert item.summary or item.text
            assert item.starts_at is None or item.starts_at.tzinfo is UTC
            assert not (item.ends_at and item.ends_at <= item.starts_at)
        for problem in parsed.problems:
            assert problem.number >= 1
            assert problem.reason
    assert read_events > 120
    assert refused < 30


@here
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ms_tzid.ics", dt.datetime(2008, 5, 30, 5, tzinfo=UTC)),  # +10:00 by the file's own rules
        ("tzid_8bit.ics", dt.datetime(2008, 5, 30, 9, tzinfo=UTC)),  # Екатеринбург, +06:00
        ("badstream.ics", dt.datetime(2002, 10, 28, 14, tzinfo=UTC)),  # a nonsensical reminder spoils nothing
        ("badline.ics", dt.datetime(1987, 4, 4, 22, 30, tzinfo=UTC)),  # floating: the person's own zone, then +03:30
    ],
)
def test_real_files_say_the_right_moment(name, expected):
    parsed = by_name(name)
    assert parsed.items
    assert parsed.items[0].starts_at == expected
    assert not parsed.items[0].warnings


@here
def test_vendor_prefixes_and_all_day_spans():
    starts = [item.starts_at.hour for item in by_name("issue_313_globally_unique_tzid.ics").items]
    assert starts == [12, 18, 17]  # Berlin, New York, Buenos Aires
    (item,) = by_name("recurrence-without-tz.ics").items
    assert (item.first_day, item.last_day) == (dt.date(2013, 1, 17), dt.date(2013, 1, 17))
    assert item.rule == "FREQ=WEEKLY;UNTIL=20130330;BYDAY=TH"


@here
def test_what_has_no_date_is_named_and_the_others_are_kept():
    parsed = by_name("multiple_calendar_components.ics")
    assert len(parsed.items) == 2
    assert [problem.number for problem in parsed.problems] == [1]


@pytest.mark.parametrize(
    "data", [b"", b"hello", "سلام".encode(), b"PK\x03\x04" + bytes(1000), b"BEGIN:VCARD\r\nEND:VCARD"]
)
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(DomainError) as refusal:
        read(data, zone=TEHRAN)
    assert refusal.value.field == "file"


def test_too_big_and_too_many_are_refused():
    with pytest.raises(DomainError):
        read(b"x" * (MAX_BYTES + 1), zone=TEHRAN)
    with pytest.raises(DomainError):
        read(calendar(*["BEGIN:VEVENT", "END:VEVENT"] * (MAX_ITEMS + 1)), zone=TEHRAN)


def test_a_file_cut_off_keeps_what_is_whole():
    whole = event("DTSTART:20261123T063000Z")
    parsed = read(whole.replace(b"END:VCALENDAR\r\n", b"BEGIN:VEVENT\r\nSUMMARY:half\r\nDTSTA"), zone=TEHRAN)
    assert [item.summary for item in parsed.items] == ["جلسه"]
    assert [(problem.number, problem.summary) for problem in parsed.problems] == [(2, "half")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(encoding, newline):
    words = event("DTSTART:20261123T063000Z", "LOCATION:تهران، خیابان ولی", " عصر").decode()
    item = only(words.replace("\r\n", newline).encode(encoding, errors="replace"))
    assert item.summary == "جلسه"
    assert item.location.startswith("تهران، خ")
    assert item.starts_at == dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        ("DTSTART:20261123T100000", dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ("DTSTART;TZID=Iran Standard Time:20261123T100000", dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ('DTSTART;TZID="(UTC+03:30) Tehran":20261123T100000', dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ("DTSTART;TZID=(UTC+03:30) Tehran:20261123T100000", dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Berlin:20260723T100000", dt.datetime(2026, 7, 23, 8, tzinfo=UTC)),
        ("DTSTART;;VALUE=DATE-TIME:20261123T063000Z", dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)),
    ],
)
def test_times_of_all_writings(start, moment):
    assert only(event(start)).starts_at == moment


def test_an_unknown_zone_is_said():
    item = only(event("DTSTART;TZID=Mars/Olympus:20261123T100000", "DTEND;TZID=Mars/Olympus:20261123T110000"))
    assert item.starts_at == dt.datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    assert len(item.warnings) == 1
    assert "Mars/Olympus" in item.warnings[0]


def test_spans_durations_and_reminders():
    item = only(
        event(
            "DTSTART:20261123T063000Z",
            "DURATION:PT1H30M",
            *("BEGIN:VALARM", "TRIGGER:-PT15M", "END:VALARM"),
            *("BEGIN:VALARM", "TRIGGER;VALUE=DATE-TIME:20261123T053000Z", "END:VALARM"),
            *("BEGIN:VALARM", "TRIGGER:P99999999D", "END:VALARM"),
        )
    )
    assert item.ends_at - item.starts_at == dt.timedelta(minutes=90)
    assert item.alarms == [15, 60]
    days = only(event("DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261126"))
    assert (days.first_day, days.last_day, days.all_day) == (dt.date(2026, 11, 23), dt.date(2026, 11, 25), True)
    turned = only(event("DTSTART:20261123T063000Z", "DTEND:20261122T063000Z"))
    assert turned.ends_at is None
    assert turned.warnings


@pytest.mark.parametrize("date", ["00010101T000000Z", "99991231T235959Z", "INVALID", "20261399T990000", ""])
def test_impossible_dates_spoil_only_their_event(date):
    parsed = read(event(f"DTSTART:{date}"), zone=TEHRAN)
    assert not parsed.items
    assert parsed.problems[0].reason


def test_a_task():
    parsed = read(
        calendar(
            *("BEGIN:VTODO", "UID:t", "SUMMARY:تماس", "DUE:20261123T063000Z", "PRIORITY:1", "STATUS:COMPLETED"),
            *("COMPLETED:20261122T063000Z", "END:VTODO", "BEGIN:VTODO", "SUMMARY:روزی", "END:VTODO"),
        ),
        zone=TEHRAN,
    )
    done, open_one = parsed.items
    assert (done.kind, done.priority, done.status) == ("task", 4, "COMPLETED")
    assert done.completed_at == dt.datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    assert open_one.starts_at is None


@pytest.mark.parametrize("rule", HEAVY_RULES)
def test_a_zone_with_a_monstrous_rule_is_not_followed(rule):
    zone = "\n".join(
        [
            *("BEGIN:VTIMEZONE", "TZID:evil", "BEGIN:STANDARD", "DTSTART:16010101T000000", f"RRULE:{rule}"),
            *("TZOFFSETFROM:+0330", "TZOFFSETTO:+0330", "END:STANDARD", "END:VTIMEZONE"),
        ]
    )
    lines = ("BEGIN:VEVENT", "SUMMARY:x", "DTSTART;TZID=evil:20261123T100000", f"RRULE:{rule}", "END:VEVENT")
    item = only(calendar(*lines, zone=zone))
    assert item.rule.startswith(rule.split(";")[0])
    assert item.warnings


def test_hostile_nesting_ends():
    with_many = b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000
    parsed = read(with_many, zone=TEHRAN)
    assert [problem.number for problem in parsed.problems] == [1]


def test_html_and_endless_words_are_only_words():
    item = only(event("DTSTART:20261123T063000Z", f"DESCRIPTION:<script>{'y' * 90_000}", f"LOCATION:{'z' * 500}"))
    assert item.text.startswith("<script>")
    assert (len(item.text), len(item.location)) == (20_000, 200)
    endless = only(calendar("BEGIN:VEVENT", f"UID:{'u' * 5000}", "DTSTART:20261123", "SUMMARY:x", "END:VEVENT"))
    assert len(endless.uid) < 100
