"""Calendar files made to keep a machine busy for hours: each is read, or refused, in the time its length deserves."""

from zoneinfo import ZoneInfo

import pytest

from activities.ics.blocks import MAX_LINE, MAX_ZONES, split, unfold
from activities.ics.read import MAX_BYTES, read
from activities.ics.zones import known_zone
from core.errors import DomainError

TEHRAN = ZoneInfo("Asia/Tehran")
MANY = 60_000


def parsed(*lines):
    return read("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode(), zone=TEHRAN)


def event(*lines):
    return ("BEGIN:VEVENT", "UID:a", "SUMMARY:جلسه", *lines, "END:VEVENT")


@pytest.mark.parametrize("gap", [" " * MANY, "\t" * MANY, " :" * (MANY // 2), '"' * MANY, "a" * MANY])
def test_a_zone_without_an_end(gap):
    found = parsed(*event(f"DTSTART;TZID={gap}x"), *event("DTSTART:20270101T100000"))
    assert [item.starts_at.hour for item in found.items] == [6]


@pytest.mark.parametrize("name", [f"a{' ' * MANY}b", "+" * MANY, "/" * MANY, "Asia/" * MANY])
def test_a_zone_with_an_endless_name(name):
    assert known_zone(name) is None


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        (";TZID=Asia/Tehran", 6),
        (';TZID="Asia/Tehran"', 6),
        (' ; TZID = "Asia/Tehran" ', 6),
        (";TZID=Asia/Tehran;VALUE=DATE-TIME", 6),
        (";VALUE=DATE-TIME;TZID= Europe/Berlin ", 9),
        (";tzid=(GMT+03:30) Tehran", 6),
        (";TZID=", 6),
    ],
)
def test_zones_as_programs_write_them(written, hour):
    assert [item.starts_at.hour for item in parsed(*event(f"DTSTART{written}:20270101T100000")).items] == [hour]


def test_a_file_of_zones():
    lines = [f"EXDATE;TZID=z{number}:20270101T100000" for number in range(MANY)]
    events = [
        line
        for start in range(0, MANY, 1000)
        for line in event("DTSTART:20270101T100000", *lines[start : start + 1000])
    ]
    parts = split("\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR"]))
    assert (len(parts.items), len(parts.zone_names)) == (60, MAX_ZONES)


def test_boxes_in_boxes():
    """Ends of what was never opened, under a hill of what is."""
    opened = ["BEGIN:X"] * MANY
    assert len(parsed(*opened, *["END:Y"] * MANY, *event("DTSTART:20270101T100000")).items) == 1
    assert len(parsed(*opened, *event("DTSTART:20270101T100000", *["BEGIN:Z", "END:Z"] * MANY)).items) == 1


def test_a_line_in_a_million_pieces():
    text = "SUMMARY:" + "\r\n a" * (MAX_BYTES // 4) + "\r\nUID:b"
    summary, uid = unfold(text)
    assert (len(summary), uid) == (MAX_LINE, "UID:b")
    assert list(unfold("A:1\r\n 2\r\n\t3\n\n \nB:4\r  5")) == ["A:123", "B:4 5"]


def test_extra_dates_are_events_too():
    dates = ",".join(["20270101T100000Z"] * 1000)
    lines = [line for _number in range(6) for line in event("DTSTART:20260101T100000Z", f"RDATE:{dates}")]
    with pytest.raises(DomainError) as refusal:
        parsed(*lines)
    assert refusal.value.field == "file"


def test_a_hundred_thousand_events():
    with pytest.raises(DomainError):
        parsed(*["BEGIN:VEVENT", "END:VEVENT"] * 70_000)
