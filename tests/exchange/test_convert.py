"""Cells to values, in all the forms people and programs write."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Account
from core.parsing import InputError
from exchange import convert
from exchange.mapping import Rule
from exchange.targets import columns_of
from leads.models import Lead

TEHRAN = ZoneInfo("Asia/Tehran")


def turn(model, name, raw, *, unit="IRR", cells=(), **rule):
    column = columns_of(model, name)[0]
    return convert.converter(
        column, Rule(name, **rule), unit=unit, calendar="jalali", tz=TEHRAN, cells=lambda: list(cells) or [raw]
    )(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("۱۴۰۳/۱۲/۳۰", dt.date(2025, 3, 20)),
        ("1403-01-01", dt.date(2024, 3, 20)),
        ("۱ فروردین ۱۴۰۳", dt.date(2024, 3, 20)),
        ("2024-03-20", dt.date(2024, 3, 20)),
        ("20/03/2024", dt.date(2024, 3, 20)),
        ("45371", dt.date(2024, 3, 20)),
        (dt.datetime(2024, 3, 20, 5, 0, tzinfo=TEHRAN), dt.date(2024, 3, 20)),
        (dt.date(2024, 3, 20), dt.date(2024, 3, 20)),
    ],
)
def test_dates_in_many_forms(raw, expected):
    assert turn(Account, "birth_date", raw) == expected


@pytest.mark.parametrize("raw", ["1404/12/30", "31/31/2024", "soon", "2024-02-30"])
def test_days_that_do_not_exist_are_refused(raw):
    with pytest.raises(InputError):
        turn(Account, "birth_date", raw)


def test_the_whole_column_tells_whether_the_month_comes_first():
    american = ["10/20/2016", "3/1/2017"]
    assert turn(Account, "birth_date", "3/1/2017", cells=american) == dt.date(2017, 3, 1)
    assert turn(Account, "birth_date", "3/1/2017", cells=["20/10/2016", "3/1/2017"]) == dt.date(2017, 1, 3)
    assert turn(Account, "birth_date", "3/1/2017", cells=["3/1/2017"]) == dt.date(2017, 1, 3)


def test_named_formats_are_strict():
    assert turn(Account, "birth_date", "03/01/2017", formats=("%m/%d/%Y",)) == dt.date(2017, 3, 1)
    with pytest.raises(InputError, match="%m"):
        turn(Account, "birth_date", "2017-03-01", formats=("%m/%d/%Y",))


def test_moments_are_of_the_importers_zone():
    assert turn(Lead, "created_at", "۱۴۰۳/۰۱/۰۱ ۱۴:۳۰") == dt.datetime(2024, 3, 20, 14, 30, tzinfo=TEHRAN)
    assert turn(Lead, "created_at", "2024-03-20T10:00:00Z") == dt.datetime(2024, 3, 20, 10, tzinfo=dt.UTC)
    assert turn(Lead, "created_at", dt.date(2024, 3, 20)) == dt.datetime(2024, 3, 20, tzinfo=TEHRAN)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("09121234567", "+989121234567"),
        ("۰۹۱۲ ۱۲۳ ۴۵۶۷", "+989121234567"),
        (9121234567.0, "+989121234567"),
        ("+98 (912) 123-4567", "+989121234567"),
        ("021 8877 6655", "+982188776655"),
    ],
)
def test_phones_in_any_writing(raw, expected):
    assert turn(Lead, "mobile", raw) == expected


def test_phones_of_another_country():
    column = columns_of(Lead, "phone")[0]
    turn_it = convert.converter(
        column, Rule("phone"), unit="IRR", calendar="jalali", tz=TEHRAN, cells=list, region="US"
    )
    assert turn_it("(757) 555-2101") == "+17575552101"


@pytest.mark.parametrize(
    ("raw", "unit", "expected"),
    [
        ("1250000", "IRR", Decimal("1250000.00")),
        ("۱۲۵٬۰۰۰ تومان", "IRR", Decimal("1250000.00")),
        ("125000", "IRT", Decimal("1250000.00")),
        (125000.0, "IRT", Decimal("1250000.00")),
        ("1,054.50", "USD", Decimal("1054.50")),
    ],
)
def test_money_by_its_unit(raw, unit, expected):
    assert turn(Lead, "estimated_value", raw, unit=unit) == expected


def test_amounts_are_multiplied_and_bounded():
    assert turn(Account, "annual_revenue", "1100.04", multiply=Decimal(1_000_000)) == Decimal("1100040000.00")
    for raw in ("9" * 30, "-1", "abc"):
        with pytest.raises((InputError, ValidationError)):
            turn(Lead, "estimated_value", raw)


@pytest.mark.parametrize(("raw", "expected"), [("بله", True), ("No", False), (1.0, True), ("ندارد", False)])
def test_booleans(raw, expected):
    from catalog.models import Product

    assert turn(Product, "is_active", raw) is expected


@pytest.mark.parametrize("raw", ["person", "شخص حقیقی", "Person"])
def test_choices_by_value(raw):
    if raw == "شخص حقیقی":
        with pytest.raises(InputError, match="organisation"):
            turn(Lead, "party_type", raw)
    else:
        assert turn(Lead, "party_type", raw) == "person"


def test_text_is_tidied_and_bounded():
    assert turn(Lead, "company", "  شركت\u200b  پارس ") == "شرکت پارس"
    with pytest.raises(InputError, match="201"):
        turn(Lead, "company", "x" * 201)


def test_numbers_must_fit():
    assert turn(Account, "employees", "۲٬۸۲۲") == 2822
    for raw in ("2.5", "-1", str(2**63)):
        with pytest.raises(InputError):
            turn(Account, "employees", raw)
