"""Conversion, typed dates, periods and their cuts."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Count
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import jalali, periods
from core.calendar.parse import parse_date, parse_datetime, parse_time
from core.holidays import iran_holidays
from core.parsing import InputError
from tests.persian import vectors

TEHRAN = ZoneInfo("Asia/Tehran")
day = dt.date.fromisoformat


def numbers(text):
    return tuple(int(part) for part in text.split("-"))


@pytest.mark.parametrize(("local", "iso", "english", "persian", "long"), vectors.CONVERSIONS)
def test_conversion(local, iso, english, persian, long):
    date = day(iso)
    assert jalali.from_jalali(*numbers(local)) == date
    assert jalali.to_jalali(date) == numbers(local)
    assert jalali.weekday_name(date, "fa") == persian
    assert jalali.weekday_name(date, "en").startswith(english)
    assert parse_date(long) == date


@pytest.mark.parametrize(("iso", "local"), vectors.GREGORIAN_SIDE)
def test_conversion_from_gregorian(iso, local):
    assert jalali.to_jalali(day(iso)) == numbers(local)


def test_leap_years():
    assert [year for year in range(1380, 1451) if jalali.is_leap(year)] == vectors.LEAP_YEARS_1380_1450
    assert jalali.year_length(1403) == 366
    assert jalali.year_length(1404) == 365


@pytest.mark.parametrize(("local", "exists"), vectors.DAYS)
def test_days_that_exist(local, exists):
    if exists:
        assert parse_date(local) == jalali.from_jalali(*numbers(local))
    else:
        with pytest.raises(InputError):
            parse_date(local)


def test_library_agrees_outside_and_inside():
    jdatetime = pytest.importorskip("jdatetime")
    for ordinal in range(dt.date(1900, 1, 1).toordinal(), dt.date(2150, 1, 1).toordinal(), 17):
        date = dt.date.fromordinal(ordinal)
        expected = jdatetime.date.fromgregorian(date=date)
        assert jalali.to_jalali(date) == (expected.year, expected.month, expected.day)


@given(st.dates(dt.date(1822, 1, 1), dt.date(2299, 12, 31)))
@settings(max_examples=300, deadline=None)
def test_round_trip(date):
    year, month, number = jalali.to_jalali(date)
    assert jalali.from_jalali(year, month, number) == date
    assert parse_date(f"{year}/{month}/{number}") == date
    assert parse_date(date.isoformat()) == date


@pytest.mark.parametrize(("year", "seasons", "days"), vectors.SEASONS)
def test_seasons_and_fiscal_years(year, seasons, days):
    start = jalali.from_jalali(year, 1, 1)
    found = periods.periods_between(start, day(seasons[-1][1]), "season", "jalali")
    assert [(p.start.isoformat(), p.end.isoformat(), p.days) for p in found] == seasons
    for kind in ("year", "fiscal_year"):
        period = periods.period_of(start, kind, "jalali")
        assert (period.start, period.end, period.days) == (start, day(seasons[-1][1]), days)


def test_months_of_1405():
    found = periods.periods_between(day("2026-03-21"), day("2027-03-20"), "month", "jalali")
    assert [(p.start.isoformat(), p.end.isoformat()) for p in found] == vectors.MONTHS_1405


@pytest.mark.parametrize(("iso", "index", "start", "end"), vectors.WEEKS)
def test_weeks(iso, index, start, end):
    assert jalali.weekday_index(day(iso)) == index
    for calendar in ("jalali", "gregorian"):
        period = periods.period_of(day(iso), "week", calendar)
        assert period.range == (day(start), day(end))


@pytest.mark.parametrize(("start", "months", "result", "iso"), vectors.MONTH_ARITHMETIC)
def test_month_arithmetic(start, months, result, iso):
    assert jalali.add_months(jalali.from_jalali(*numbers(start)), months) == day(iso)
    assert jalali.to_jalali(day(iso)) == numbers(result)


def test_gregorian_month_arithmetic():
    assert jalali.add_months(day("2024-01-31"), 1, "gregorian") == day("2024-02-29")
    assert jalali.add_months(day("2024-03-31"), -13, "gregorian") == day("2023-02-28")


@pytest.mark.parametrize(("local", "moment"), vectors.MIDNIGHTS)
def test_midnights(local, moment):
    date = jalali.from_jalali(*numbers(local))
    assert periods.midnight(date, TEHRAN) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(("typed", "iso"), vectors.TYPED_DATES)
def test_typed_dates(typed, iso):
    assert parse_date(typed) == day(iso)


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("14050901", "2026-11-22"),
        ("۰۱/۰۹/۱۴۰۵", "2026-11-22"),
        ("یک‌شنبه ۱ آذر ۱۴۰۵", "2026-11-22"),
        ("یکشنبه، ۱ آذر ماه ۱۴۰۵", "2026-11-22"),
        ("22 Nov 2026", "2026-11-22"),
        ("November 22, 2026", "2026-11-22"),
        ("22 نوامبر 2026", "2026-11-22"),
        ("1 Azar 1405", "2026-11-22"),
        ("\u200f۱۴۰۵/۰۹/۰۱\u200e", "2026-11-22"),
        ("1403/12/30", "2025-03-20"),
        ("99/01/01", "2020-03-20"),
        ("امروز", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
    ],
)
def test_more_typed_dates(typed, iso):
    assert parse_date(typed, today=day("2026-11-22")) == day(iso)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x",
        "1404/12/30",
        "2026-02-29",
        "1405/13/01",
        "1405/0/1",
        "0000/00/00",
        "9999-12-31",
        "0800/01/01",
        "1405/09",
        "1405//09/01",
        "1405-09/01",
        "1 Nov 1405",
        "22/22/2026",
        "1405/09/01; drop table",
        "9" * 10_000,
        "<b>",
        "2^63",
        "9223372036854775808",
    ],
)
def test_refused_dates(typed):
    with pytest.raises(InputError) as refusal:
        parse_date(typed)
    assert str(refusal.value)


def test_two_digit_years_follow_the_calendar():
    assert parse_date("26/11/22", "gregorian") == day("2026-11-22")
    assert parse_date("26/11/22", "jalali") == jalali.from_jalali(1426, 11, 22)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:30", dt.time(14, 30)),
        ("۱۴:۳۰", dt.time(14, 30)),
        ("2:30 pm", dt.time(14, 30)),
        ("12:05 a.m.", dt.time(0, 5)),
        ("۲:۳۰ بعدازظهر", dt.time(14, 30)),
        ("۸:۰۵ صبح", dt.time(8, 5)),
        ("23:59:58", dt.time(23, 59, 58)),
    ],
)
def test_typed_times(typed, expected):
    assert parse_time(typed) == expected


@pytest.mark.parametrize("typed", ["", "24:00", "12:60", "13:00 pm", "8", "8:5", "08:00 foo"])
def test_refused_times(typed):
    with pytest.raises(InputError):
        parse_time(typed)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("1405/09/01 14:30", "2026-11-22T11:00Z"),
        ("۱۴۰۵/۰۹/۰۱، ۱۴:۳۰", "2026-11-22T11:00Z"),
        ("۱ آذر ۱۴۰۵، ساعت ۱۴:۳۰", "2026-11-22T11:00Z"),
        ("2026-11-22T14:30", "2026-11-22T11:00Z"),
        ("2026-11-22T11:00:00+00:00", "2026-11-22T11:00Z"),
        ("14:30 1405/09/01", "2026-11-22T11:00Z"),
        ("1405/09/01", "2026-11-21T20:30Z"),
        ("1401/04/01 00:00", "2022-06-21T19:30Z"),
    ],
)
def test_typed_moments(typed, moment):
    assert parse_datetime(typed, TEHRAN) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize("typed", ["", "14:30", "1405/09/01 25:00", "1404/12/30 10:00", "x 10:00"])
def test_refused_moments(typed):
    with pytest.raises(InputError):
        parse_datetime(typed, TEHRAN)


def test_fiscal_year_of_another_month():
    period = periods.period_of(day("2026-11-22"), "fiscal_year", "jalali", fiscal_month=7)
    assert period.range == (day("2026-09-23"), day("2027-09-22"))
    assert period.previous().end == day("2026-09-22")


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("this_week", "2026-11-21", "2026-11-27"),
        ("last_week", "2026-11-14", "2026-11-20"),
        ("this_month", "2026-11-22", "2026-12-21"),
        ("last_month", "2026-10-23", "2026-11-21"),
        ("this_season", "2026-09-23", "2026-12-21"),
        ("last_season", "2026-06-22", "2026-09-22"),
        ("this_year", "2026-03-21", "2027-03-20"),
        ("last_year", "2025-03-21", "2026-03-20"),
        ("this_fiscal_year", "2026-03-21", "2027-03-20"),
        ("last_30_days", "2026-10-24", "2026-11-22"),
        ("next_7_days", "2026-11-22", "2026-11-28"),
    ],
)
def test_named_ranges(name, start, end):
    assert periods.named_range(name, day("2026-11-22"), "jalali") == (day(start), day(end))


def test_every_named_range_has_dates_and_a_label():
    for name, label in periods.NAMED_RANGES.items():
        found = periods.named_range(name, day("2026-11-22"), "gregorian")
        assert found.start <= found.end
        assert str(label)


def test_labels():
    today = day("2026-11-22")
    assert periods.period_of(today, "month", "jalali").label("fa") == "آذر 1405"
    assert periods.period_of(today, "season", "jalali").label("en") == "Autumn 1405"
    assert periods.period_of(today, "season", "gregorian").label("en") == "Q4 2026"
    assert periods.period_of(today, "week", "jalali").label("fa") == "30 آبان – 6 آذر 1405"
    assert periods.period_of(today, "year", "gregorian").label("fa") == "2026"
    assert periods.period_of(today, "fiscal_year", "jalali").label("fa") == "سال مالی 1405"


def test_periods_are_bounded():
    with pytest.raises(ValueError, match="More than"):
        periods.periods_between(day("1900-01-01"), day("2200-01-01"), "day", "jalali")
    assert periods.periods_between(day("2026-01-02"), day("2026-01-01"), "day", "jalali") == []


@pytest.mark.django_db
def test_rows_are_grouped_by_jalali_month_at_tehran_midnight():
    user = get_user_model()
    moments = ["2026-11-21T20:29:59Z", "2026-11-21T20:30:00Z", "2026-12-21T20:29:59Z", "2026-10-22T20:29:00Z"]
    for index, moment in enumerate(moments):
        created = user.objects.create(email=f"u{index}@example.com")
        user.objects.filter(pk=created.pk).update(last_login=dt.datetime.fromisoformat(moment))
    months = periods.periods_between(day("2026-10-23"), day("2026-12-21"), "month", "jalali")
    bucket = periods.PeriodBucket("last_login", periods.boundaries(months, TEHRAN))
    rows = (
        user.objects.filter(last_login__isnull=False).values(bucket=bucket).annotate(n=Count("id")).order_by("bucket")
    )
    assert [(row["bucket"], row["n"]) for row in rows] == [(0, 1), (1, 1), (2, 2)]


@pytest.mark.django_db
def test_dates_are_grouped_too():
    months = periods.periods_between(day("2026-10-23"), day("2026-12-21"), "month", "jalali")
    get_user_model().objects.create(email="u@example.com", last_login=timezone.now())
    bucket = periods.PeriodBucket("last_login__date", periods.date_boundaries(months))
    assert get_user_model().objects.values_list(bucket, flat=True).get() in {0, 1, 2, 3}


def test_holidays_of_1405():
    rows = {row.date.isoformat(): row for row in iran_holidays(1405)}
    for iso, name, estimated in vectors.HOLIDAYS_1405:
        assert name in rows[iso].name
        assert rows[iso].estimated is estimated
        assert "تخمینی" not in rows[iso].name
