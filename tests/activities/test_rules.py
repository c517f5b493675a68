"""Rules of repetition: the dates and moments they give, against a walk over days, and what is refused."""

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.recurrence import days, next_occurrence, occurrences, parse_rule, sentence
from activities.recurrence.expand import length_of_month
from activities.recurrence.rule import MAX_COUNT, WEEKDAYS
from core import display
from core.calendar.jalali import from_jalali, to_jalali, weekday_index, year_month_day
from core.errors import DomainError
from core.working_time import WorkingTime

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")
ONE_DAY = dt.timedelta(days=1)
WORK = WorkingTime()
NOWRUZ = frozenset(from_jalali(year, 1, day) for year in range(1400, 1412) for day in (1, 2, 3, 4, 12, 13))
OIL_DAY = frozenset(from_jalali(year, 12, 29) for year in range(1400, 1412))
HOLIDAYS = WorkingTime(holidays=NOWRUZ | OIL_DAY)


def jalali_days(text, first, number=6, time=WORK, years=12):
    """The first dates of a Jalali rule, as Jalali text."""
    rule = parse_rule(text, "jalali")
    anchor = from_jalali(*first)
    found = islice(days(rule, anchor, anchor + ONE_DAY * 366 * years, time), number)
    return ["{}-{:02}-{:02}".format(*to_jalali(date)) for date in found]


def moments(text, start, tz, number=4, calendar="gregorian"):
    rule = parse_rule(text, calendar)
    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=tz)
    found = occurrences(rule, starts_at, tz, before=starts_at + ONE_DAY * 3700, time=WORK)
    return [moment.strftime("%Y-%m-%d %H:%M") for moment in islice(found, number)]


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        (
            "FREQ=MONTHLY;BYMONTHDAY=5",
            (1405, 9, 1),
            ["1405-09-05", "1405-10-05", "1405-11-05", "1405-12-05", "1406-01-05", "1406-02-05"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            (1405, 5, 1),
            ["1405-05-31", "1405-06-31", "1406-01-31", "1406-02-31", "1406-03-31", "1406-04-31"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
            (1405, 5, 1),
            ["1405-05-31", "1405-06-31", "1405-07-30", "1405-08-30", "1405-09-30", "1405-10-30"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=30;SKIP=FORWARD",
            (1405, 11, 1),
            ["1405-11-30", "1406-01-01", "1406-01-30", "1406-02-30", "1406-03-30", "1406-04-30"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", (1407, 11, 5), ["1407-11-30", "1407-12-29", "1408-01-31", "1408-02-31"]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", (1399, 1, 1), ["1399-12-30", "1403-12-30", "1408-12-30"]),
        (
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;SKIP=BACKWARD",
            (1403, 12, 30),
            ["1403-12-30", "1404-12-29", "1405-12-29", "1406-12-29", "1407-12-29", "1408-12-30"],
        ),
        (
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;SKIP=FORWARD",
            (1403, 12, 30),
            ["1403-12-30", "1405-01-01", "1406-01-01", "1407-01-01", "1408-01-01", "1408-12-30"],
        ),
        ("FREQ=YEARLY", (1403, 12, 30), ["1403-12-30", "1408-12-30", "1412-12-30"]),
        ("FREQ=YEARLY", (1405, 9, 1), ["1405-09-01", "1406-09-01", "1407-09-01"]),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7", (1405, 3, 4), ["1405-07-04", "1407-01-04", "1407-07-04"]),
        ("FREQ=WEEKLY", (1405, 9, 1), ["1405-09-01", "1405-09-08", "1405-09-15"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO", (1405, 9, 1), ["1405-09-02", "1405-09-14", "1405-09-16", "1405-09-28"]),
        ("FREQ=MONTHLY;BYDAY=1SA,-1FR", (1405, 9, 1), ["1405-09-07", "1405-09-27", "1405-10-05", "1405-10-25"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", (1405, 1, 1), ["1405-06-13", "1405-09-13"]),
        ("FREQ=YEARLY;BYDAY=1SA", (1405, 1, 1), ["1405-01-01", "1406-01-07", "1407-01-06"]),
        ("FREQ=DAILY;INTERVAL=10", (1405, 12, 25), ["1405-12-25", "1406-01-06", "1406-01-16"]),
        ("FREQ=DAILY;BYMONTHDAY=1,-1", (1405, 12, 1), ["1405-12-01", "1405-12-29", "1406-01-01", "1406-01-31"]),
        ("FREQ=DAILY;BYMONTH=12;BYDAY=FR", (1405, 9, 1), ["1405-12-07", "1405-12-14", "1405-12-21", "1405-12-28"]),
    ],
)
def test_jalali_rules(rule, first, expected):
    assert jalali_days(rule, first, len(expected)) == expected


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        # 29 Esfand is a day off each year; Thursday and Friday are no working days either
        (
            "FREQ=YEARLY;BYMONTH=12;BYSETPOS=-1;X-WORKDAY=ONLY",
            (1403, 1, 1),
            ["1403-12-28", "1404-12-27", "1405-12-26", "1406-12-28", "1407-12-28"],
        ),
        ("FREQ=MONTHLY;BYSETPOS=1;X-WORKDAY=ONLY", (1405, 1, 1), ["1405-01-05", "1405-02-01", "1405-03-02"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1;X-WORKDAY=NEXT", (1405, 1, 1), ["1405-01-05", "1405-02-01", "1405-03-02"]),
        ("FREQ=MONTHLY;BYMONTHDAY=1;X-WORKDAY=PREVIOUS", (1405, 3, 1), ["1405-02-30", "1405-04-01", "1405-04-31"]),
        ("FREQ=DAILY;X-WORKDAY=ONLY", (1405, 12, 26), ["1405-12-26", "1406-01-07", "1406-01-08", "1406-01-09"]),
        ("FREQ=DAILY;X-WORKDAY=NEXT", (1405, 12, 26), ["1405-12-26", "1406-01-07", "1406-01-08"]),
        ("FREQ=WEEKLY;X-WORKDAY=ONLY", (1405, 9, 4), ["1405-09-04", "1405-09-07", "1405-09-08"]),
        ("FREQ=WEEKLY;BYSETPOS=-1;X-WORKDAY=ONLY", (1405, 9, 1), ["1405-09-04", "1405-09-11", "1405-09-18"]),
        ("FREQ=MONTHLY;BYMONTHDAY=5;X-WORKDAY=ONLY", (1405, 9, 1), ["1405-10-05", "1405-11-05", "1405-12-05"]),
    ],
)
def test_working_days_of_rules(rule, first, expected):
    assert jalali_days(rule, first, len(expected), HOLIDAYS) == expected


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-22", ["2026-12-31", "2027-01-31", "2027-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD", "2026-11-22", ["2026-11-30", "2026-12-31", "2027-01-31"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-11-22", ["2028-02-29", "2032-02-29"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=FORWARD", "2026-11-22", ["2027-03-01", "2028-02-29"]),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-11-22", ["2026-12-08", "2027-01-12"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-22", ["2026-11-30", "2026-12-31", "2027-01-29"]),
    ],
)
def test_gregorian_rules(rule, start, expected):
    found = islice(days(parse_rule(rule, "gregorian"), dt.date.fromisoformat(start), dt.date(2040, 1, 1), WORK), 20)
    assert [date.isoformat() for date in found][: len(expected)] == expected


class TestClocks:
    """The time of the wall clock stays, whatever the clocks do (moments in UTC)."""

    def test_summer_time_in_berlin(self):
        assert moments("FREQ=DAILY", "2026-03-27 09:00", BERLIN) == [
            "2026-03-27 08:00",
            "2026-03-28 08:00",
            "2026-03-29 07:00",
            "2026-03-30 07:00",
        ]

    def test_a_skipped_time_is_an_hour_later_on_that_day_only(self):
        assert moments("FREQ=DAILY", "2026-03-28 02:30", BERLIN, 3) == [
            "2026-03-28 01:30",
            "2026-03-29 01:30",  # 03:30 on the clock: 02:30 does not exist
            "2026-03-30 00:30",
        ]

    def test_a_repeated_time_comes_once(self):
        assert moments("FREQ=DAILY", "2026-10-24 02:30", BERLIN, 3) == [
            "2026-10-24 00:30",
            "2026-10-25 00:30",
            "2026-10-26 01:30",
        ]

    def test_iran_had_summer_time_until_1401(self):
        found = moments("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", "2021-06-22 09:00", TEHRAN, 3, "jalali")
        assert found == ["2021-06-22 04:30", "2022-06-22 04:30", "2023-06-22 05:30"]

    def test_a_midnight_that_iran_skipped_stays_on_its_day(self):
        found = moments("FREQ=DAILY", "2022-03-21 00:00", TEHRAN, 3, "jalali")
        assert found == ["2022-03-20 20:30", "2022-03-21 20:30", "2022-03-22 19:30"]

    def test_the_day_is_that_of_the_time_zone(self):
        found = moments("FREQ=MONTHLY;BYMONTHDAY=1", "2026-11-22 00:30", TEHRAN, 2, "jalali")
        assert found == ["2026-11-21 21:00", "2026-12-21 21:00"]


def test_count_and_until_end_a_rule():
    assert len(moments("FREQ=DAILY;COUNT=3", "2026-11-22 09:00", TEHRAN, 99)) == 3
    assert moments("FREQ=DAILY;UNTIL=20261123", "2026-11-22 09:00", TEHRAN, 99)[-1] == "2026-11-23 05:30"
    assert len(moments("FREQ=DAILY;UNTIL=20261123T053000Z", "2026-11-22 09:00", TEHRAN, 99)) == 2
    assert len(moments("FREQ=DAILY;UNTIL=20261123T052959Z", "2026-11-22 09:00", TEHRAN, 99)) == 1


def test_next_occurrence():
    rule, start = parse_rule("FREQ=YEARLY;COUNT=2"), dt.datetime(2025, 3, 20, 5, 30, tzinfo=dt.UTC)
    second = next_occurrence(rule, start, TEHRAN, after=start, time=WORK)
    assert second is not None
    assert to_jalali(second.astimezone(TEHRAN)) == (1408, 12, 30)
    assert next_occurrence(rule, start, TEHRAN, after=second, time=WORK) is None


REFUSED = [
    "",
    "FREQ=SECONDLY",
    "FREQ=HOURLY",
    "INTERVAL=2",
    "FREQ",
    "FREQ=DAILY;FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;INTERVAL=1000000000",
    "FREQ=DAILY;INTERVAL=1.5",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=1000000000",
    "FREQ=DAILY;COUNT=" + "9" * 200,
    "FREQ=DAILY;COUNT=" + "9" * 400,
    "FREQ=DAILY;COUNT=۳",
    "FREQ=DAILY;COUNT=2;UNTIL=20270101",
    "FREQ=DAILY;UNTIL=20271301",
    "FREQ=DAILY;UNTIL=tomorrow",
    "FREQ=DAILY;BYHOUR=9",
    "FREQ=YEARLY;BYWEEKNO=20",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=YEARLY;BYMONTH=13",
    "FREQ=YEARLY;BYMONTH=-1",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=WEEKLY;BYDAY=1SA",
    "FREQ=WEEKLY;BYMONTHDAY=5",
    "FREQ=MONTHLY;BYDAY=54SA",
    "FREQ=MONTHLY;BYDAY=1SA;BYMONTHDAY=5",
    "FREQ=MONTHLY;BYSETPOS=-1",
    "FREQ=DAILY;BYDAY=SA;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=0",
    "FREQ=MONTHLY;SKIP=SOMETIMES",
    "FREQ=DAILY;X-WORKDAY=MAYBE",
    "RSCALE=ETHIOPIC;FREQ=DAILY",
    "FREQ=DAILY;__CLASS__=1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_nonsense_is_refused_in_words(text):
    with pytest.raises(DomainError) as refusal:
        parse_rule(text)
    assert refusal.value.field == "rule"
    assert str(refusal.value).strip()


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=31", "jalali"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "gregorian"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "gregorian"),
        ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=31;BYMONTH=11", "jalali"),
        ("FREQ=YEARLY;BYMONTH=12;BYSETPOS=200;X-WORKDAY=ONLY", "jalali"),
    ],
)
def test_a_rule_that_never_comes_is_known_after_a_bounded_search(text, calendar):
    start = dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC)
    found = occurrences(parse_rule(text, calendar), start, TEHRAN, before=start + ONE_DAY * 366 * 40, time=WORK)
    assert next(found, None) is None


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO;WKST=MO",
        "FREQ=MONTHLY;BYMONTHDAY=-1,5;SKIP=FORWARD;X-WORKDAY=NEXT;COUNT=5",
        "FREQ=MONTHLY;BYDAY=-1FR,1SA;UNTIL=20270101",
        "FREQ=YEARLY;BYMONTH=12;BYSETPOS=-1;X-WORKDAY=ONLY;UNTIL=20270101T203000Z",
        f"FREQ=DAILY;COUNT={MAX_COUNT}",
    ],
)
def test_a_rule_is_written_as_it_was_read(text):
    assert str(parse_rule(text)) == text
    assert str(parse_rule("RRULE:RSCALE=PERSIAN;" + text.lower())) == text


SENTENCES = [
    ("FREQ=DAILY", "هر روز", "every day"),
    ("FREQ=DAILY;INTERVAL=3", "هر ۳ روز", "every 3 days"),
    ("FREQ=DAILY;X-WORKDAY=ONLY", "هر روز کاری", "every working day"),
    ("FREQ=WEEKLY;BYDAY=SA,MO", "هر هفته، شنبه و دوشنبه", "every week, Saturday and Monday"),
    ("FREQ=WEEKLY;INTERVAL=2", "هر ۲ هفته، یک‌شنبه", "every 2 weeks, Sunday"),
    ("FREQ=MONTHLY;BYMONTHDAY=5", "هر ماه، روز ۵", "every month, day 5"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "هر ماه، روز آخر ماه", "every month, the last day of the month"),
    (
        "FREQ=MONTHLY;BYSETPOS=-1;X-WORKDAY=ONLY",
        "هر ماه، آخرین روز کاری ماه",
        "every month, the last working day of the month",
    ),
    ("FREQ=MONTHLY;BYDAY=2TU", "هر ماه، دومین سه‌شنبه", "every month, the second Tuesday"),
    (
        "FREQ=YEARLY;BYMONTH=12;BYSETPOS=-1;X-WORKDAY=ONLY",
        "هر سال، آخرین روز کاری اسفند",
        "every year, the last working day of Esfand",
    ),
    (
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30;SKIP=BACKWARD",
        "هر سال، ۳۰ اسفند، در ماه کوتاه‌تر روز آخر آن",
        "every year, 30 Esfand, in a shorter month on its last day",
    ),
    ("FREQ=YEARLY", "هر سال، ۱ آذر", "every year, 1 Azar"),
    ("FREQ=YEARLY;INTERVAL=2", "هر ۲ سال، ۱ آذر", "every 2 years, 1 Azar"),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,15", "هر ۳ ماه، روزهای ۱ و ۱۵", "every 3 months, days 1 and 15"),
    ("FREQ=DAILY;COUNT=1", "هر روز، یک بار", "every day, once"),
    ("FREQ=YEARLY;COUNT=5", "هر سال، ۱ آذر، ۵ بار", "every year, 1 Azar, 5 times"),
    ("FREQ=DAILY;UNTIL=20261221", "هر روز، تا ۳۰ آذر ۱۴۰۵", "every day, until 30 Azar 1405"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=5;X-WORKDAY=NEXT",
        "هر ماه، روز ۵، اگر تعطیل بود روز کاری بعد",
        "every month, day 5, on a day off: the next working day",
    ),
]


@pytest.mark.parametrize(("text", "persian", "english"), SENTENCES)
def test_rules_in_words(text, persian, english):
    anchor = from_jalali(1405, 9, 1)
    with display.use(display.Display(language="fa", digits="fa")):
        assert sentence(parse_rule(text), anchor) == persian
    with display.use(display.Display(language="en", digits="en", calendar="jalali")):
        assert sentence(parse_rule(text), anchor) == english


# ---- against a walk over every day


def matches(rule, anchor, date):
    """Whether a rule of one day part names the date, said of the date alone (no sets, no positions)."""
    year, month, day = year_month_day(date, "jalali")
    if rule.freq == "WEEKLY":
        return weekday_index(date) in (rule.weekdays or {weekday_index(anchor)})
    wanted = rule.by_month_day or (to_jalali(anchor).day,)
    months = rule.by_month or (
        range(1, 13) if rule.by_month_day or rule.freq == "MONTHLY" else (to_jalali(anchor).month,)
    )
    length = length_of_month(year, month, "jalali")
    if month in months and (day in wanted or day - length - 1 in wanted):
        return True
    lacking = [n for n in wanted if n > length]
    if rule.skip == "BACKWARD":
        return month in months and day == length and bool(lacking)
    before = to_jalali(date - ONE_DAY)
    return rule.skip == "FORWARD" and day == 1 and before.month in months and max(wanted) > before.day


def in_phase(rule, anchor, date):
    """Whether the date's period is one that the interval chooses; a skipped-forward day belongs to the period before."""
    if rule.freq == "WEEKLY":
        weeks = [(d - ONE_DAY * weekday_index(d)).toordinal() // 7 for d in (anchor, date)]
        return (weeks[1] - weeks[0]) % rule.interval == 0
    first, found = to_jalali(anchor), to_jalali(date)
    if rule.freq == "MONTHLY":
        return (found.year * 12 + found.month - first.year * 12 - first.month) % rule.interval == 0
    return (found.year - first.year) % rule.interval == 0


def walk(rule, anchor, last):
    for step in range((last - anchor).days + 1):
        date = anchor + ONE_DAY * step
        named = matches(rule, anchor, date)
        if not named:
            continue
        forwarded = not matches_itself(rule, anchor, date)
        origin = date - ONE_DAY if forwarded else date
        late = forwarded and in_phase(rule, anchor, origin) and begun(rule, anchor, origin)
        if (not forwarded and in_phase(rule, anchor, date)) or late or also_forwarded(rule, anchor, date):
            yield date


def matches_itself(rule, anchor, date):
    """Whether the date is named without SKIP=FORWARD."""
    from dataclasses import replace

    return matches(replace(rule, skip="OMIT" if rule.skip == "FORWARD" else rule.skip), anchor, date)


def also_forwarded(rule, anchor, date):
    """A first of a month that is named itself out of phase, but forwarded to from a month in phase."""
    before = date - ONE_DAY
    wanted = rule.by_month_day or (to_jalali(anchor).day,)
    months = rule.by_month or (
        range(1, 13) if rule.by_month_day or rule.freq == "MONTHLY" else (to_jalali(anchor).month,)
    )
    day = to_jalali(before)
    lacks = rule.freq != "WEEKLY" and to_jalali(date).day == 1 and day.month in months and max(wanted) > day.day
    return rule.skip == "FORWARD" and lacks and in_phase(rule, anchor, before) and begun(rule, anchor, before)


def begun(rule, anchor, date):
    """Whether the period of the date is not before the anchor's."""
    first, found = to_jalali(anchor), to_jalali(date)
    return found.year > first.year or (
        found.year == first.year and (rule.freq == "YEARLY" or found.month >= first.month)
    )


anchors = st.dates(dt.date(2015, 1, 1), dt.date(2040, 1, 1))
weekdays = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda found: ",".join(sorted(found)))
month_days = st.sets(st.sampled_from([*range(1, 32), -1, -2, -15]), min_size=1, max_size=3)
months = st.sets(st.integers(1, 12), min_size=1, max_size=4)


def joined(values):
    return ",".join(str(value) for value in sorted(values))


@st.composite
def jalali_rules(draw):
    freq = draw(st.sampled_from(["WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if freq == "WEEKLY":
        if draw(st.booleans()):
            parts.append(f"BYDAY={draw(weekdays)}")
        return ";".join(parts)
    if draw(st.booleans()):
        parts.append(f"BYMONTHDAY={joined(draw(month_days))}")
    if draw(st.booleans()):
        parts.append(f"BYMONTH={joined(draw(months))}")
    parts.append(f"SKIP={draw(st.sampled_from(['OMIT', 'BACKWARD', 'FORWARD']))}")
    return ";".join(parts)


@settings(max_examples=250, deadline=None)
@given(text=jalali_rules(), anchor=anchors)
def test_jalali_engine_equals_a_walk_over_days(text, anchor):
    rule, last = parse_rule(text, "jalali"), anchor + ONE_DAY * 1900
    assert list(days(rule, anchor, last, WORK)) == list(walk(rule, anchor, last))


@settings(max_examples=100, deadline=None)
@given(text=jalali_rules(), anchor=anchors, way=st.sampled_from(["NEXT", "PREVIOUS"]))
def test_moved_days_are_working_days_nearest_to_the_named_ones(text, anchor, way):
    last = anchor + ONE_DAY * 1000
    named = days(parse_rule(text, "jalali"), anchor, last + ONE_DAY * 20, HOLIDAYS)
    step = 1 if way == "NEXT" else -1
    expected = []
    for date in named:
        moved = date
        while not HOLIDAYS.is_working_day(moved):
            moved += ONE_DAY * step
        if moved <= last and moved not in expected:
            expected.append(moved)
    assert list(days(parse_rule(f"{text};X-WORKDAY={way}", "jalali"), anchor, last, HOLIDAYS)) == expected


@settings(max_examples=100, deadline=None)
@given(anchor=anchors, interval=st.integers(1, 4), position=st.sampled_from([1, 2, -1, -2, 25]), month=months)
def test_positions_among_working_days_equal_a_walk(anchor, interval, position, month):
    text = f"FREQ=MONTHLY;INTERVAL={interval};BYMONTH={joined(month)};BYSETPOS={position};X-WORKDAY=ONLY"
    last = anchor + ONE_DAY * 1000
    by_month = {}
    for ordinal in range(anchor.toordinal() - 31, last.toordinal() + 32):
        date = dt.date.fromordinal(ordinal)
        if HOLIDAYS.is_working_day(date):
            by_month.setdefault(to_jalali(date)[:2], []).append(date)
    first = to_jalali(anchor)
    expected = []
    for (year, number), worked in by_month.items():
        steps = (year - first.year) * 12 + number - first.month
        if steps >= 0 and steps % interval == 0 and number in month and abs(position) <= len(worked):
            expected.append(worked[position - 1 if position > 0 else position])
    assert list(days(parse_rule(text, "jalali"), anchor, last, HOLIDAYS)) == [
        d for d in expected if anchor <= d <= last
    ]


@st.composite
def gregorian_rules(draw):
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    named = draw(st.sampled_from(["", "BYMONTHDAY", "BYDAY", "ORDINAL", "BOTH"]))
    if freq == "WEEKLY" and named != "":
        named = "BYDAY"
    if freq == "DAILY" and named == "ORDINAL":
        named = "BYDAY"
    if named in {"BYMONTHDAY", "BOTH"}:
        parts.append(f"BYMONTHDAY={joined(draw(month_days))}")
    if named in {"BYDAY", "BOTH"}:
        parts.append(f"BYDAY={draw(weekdays)}")
    if named == "ORDINAL":
        parts.append(f"BYDAY={draw(st.integers(1, 4))}MO,-{draw(st.integers(1, 4))}FR")
    if draw(st.booleans()):
        parts.append(f"BYMONTH={joined(draw(months))}")
    if freq in {"MONTHLY", "YEARLY"} and named and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '1,-1', '2']))}")
    parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    return ";".join(parts)


@settings(max_examples=100, deadline=None)
@given(text=gregorian_rules(), anchor=anchors)
def test_own_engine_equals_dateutil_in_the_gregorian_calendar(text, anchor):
    last = anchor + ONE_DAY * 1900
    expected = rrule.rrulestr(
        f"{text};UNTIL={last:%Y%m%d}T000000", dtstart=dt.datetime.combine(anchor, dt.time()), cache=False
    )
    assert list(days(parse_rule(text, "gregorian"), anchor, last, WORK)) == [moment.date() for moment in expected]
