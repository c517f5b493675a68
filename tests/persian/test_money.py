"""Numbers, money, words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money, numbers
from core.parsing import InputError
from tests.persian import vectors


@pytest.mark.parametrize(("value", "percent", "expected"), vectors.NUMBERS)
def test_numbers(value, percent, expected):
    number = Decimal(value)
    assert (numbers.format_percent if percent else numbers.format_number)(number) == expected
    if not percent:
        assert numbers.format_number(float(value)) == expected
        assert numbers.parse_decimal(expected) == number


def test_latin_numbers_and_decimals():
    assert numbers.format_number(Decimal("-1234.50"), "latin") == "\u200e\u22121,234.5"
    assert numbers.format_number(Decimal("1.005"), "latin", 2) == "1.01"
    assert numbers.format_number(Decimal("-0.001"), "latin", 2) == "0.00"
    assert numbers.format_number(3, "latin", 2) == "3.00"
    assert numbers.format_percent(Decimal("0.33333"), "latin") == "33.33%"
    assert numbers.format_percent(1, "latin") == "100%"


@pytest.mark.parametrize(("stored", "rial", "toman", "new_rial"), vectors.AMOUNTS)
def test_amounts(stored, rial, toman, new_rial):
    assert money.format_amount(stored, unit="IRR") == rial
    assert money.format_amount(stored, unit="IRT") == toman
    assert money.format_amount(stored, unit="IRN", with_unit=False) == new_rial
    assert money.parse_amount(rial, "IRT") == stored
    assert money.parse_amount(toman, "IRR") == stored


@pytest.mark.parametrize(("typed", "unit", "stored"), vectors.TYPED_AMOUNTS)
def test_typed_amounts(typed, unit, stored):
    assert money.parse_amount(typed, unit) == stored


@pytest.mark.parametrize(
    ("typed", "unit", "stored"),
    [
        ("۱۲ میلیون تومان", "IRR", 120_000_000),
        ("۱٫۵ میلیارد", "IRT", 15_000_000_000),
        ("۲ میلیون و ۵۰۰ هزار تومان", "IRR", 25_000_000),
        ("3 million", "USD", 3_000_000),
        ("1,250.5", "USD", Decimal("1250.5")),
        ("۱۲ ریال جدید", "IRT", 120_000),
        (".5", "USD", Decimal("0.5")),
    ],
)
def test_more_typed_amounts(typed, unit, stored):
    assert money.parse_amount(typed, unit) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "تومان",
        "12,5",
        "1.250.000",
        "1,25,000",
        "1e5",
        "NaN",
        "inf",
        "--5",
        "<b>",
        "۱۲۵/۵",
        "9" * 10_000,
        "5 5",
        "١ و",
    ],
)
def test_refused_amounts(typed):
    with pytest.raises(InputError) as refusal:
        money.parse_amount(typed, "IRR")
    assert str(refusal.value)


def test_a_rial_amount_is_no_dollar_amount():
    with pytest.raises(InputError):
        money.parse_amount("500 تومان", "USD")


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_amounts_come_back(amount):
    for unit in ("IRR", "IRT", "IRN"):
        assert money.parse_amount(money.format_amount(amount, unit=unit), "IRR") == amount
        assert (
            money.parse_amount(money.format_amount(amount, unit=unit, digits="latin", language="en"), "IRR") == amount
        )


def test_other_currencies():
    assert money.format_amount(Decimal("1250.50"), "USD", digits="latin", language="en") == "1,250.50 USD"
    assert money.format_amount(1250, "USD", unit="IRT") == "۱٬۲۵۰ دلار"
    assert money.format_amount(5, "XXX", digits="latin", language="en") == "5 XXX"
    assert money.currency_choices()[0][0] == "IRR"


@pytest.mark.parametrize(
    ("stored", "persian", "english"),
    [
        (12_345_678_900, "۱٫۲ میلیارد تومان", "1.2B toman"),
        (9_999_999, "۱ میلیون تومان", "1M toman"),
        (5_000, "۵۰۰ تومان", "500 toman"),
        (-25_000_000, "\u200e\u2212۲٫۵ میلیون تومان", "\u200e\u22122.5M toman"),
        (12 * 10**13, "۱۲ هزار میلیارد تومان", "12T toman"),
        (0, "۰ تومان", "0 toman"),
    ],
)
def test_compact_amounts(stored, persian, english):
    assert money.format_amount_compact(stored, unit="IRT") == persian
    assert money.format_amount_compact(stored, unit="IRT", digits="latin", language="en") == english


@pytest.mark.parametrize(("number", "words"), vectors.WORDS)
def test_words(number, words):
    assert numbers.number_in_words(Decimal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "یکم"),
        (2, "دوم"),
        (3, "سوم"),
        (4, "چهارم"),
        (21, "بیست و یکم"),
        (23, "بیست و سوم"),
        (30, "سی\u200cام"),
        (33, "سی و سوم"),
        (103, "یکصد و سوم"),
        (130, "یکصد و سی\u200cام"),
        (1000, "یک هزارم"),
    ],
)
def test_ordinals(number, words):
    assert numbers.ordinal_in_words(number) == words


def test_amounts_in_words():
    assert money.amount_in_words(13_750_000) == "سیزده میلیون و هفتصد و پنجاه هزار ریال"
    assert money.amount_in_words(13_750_000, unit="IRT") == "یک میلیون و سیصد و هفتاد و پنج هزار تومان"
    assert money.amount_in_words(29_713_326) == ("بیست و نه میلیون و هفتصد و سیزده هزار و سیصد و بیست و شش ریال")
    assert numbers.number_in_words(10**12) == "یک هزار میلیارد"
    for refused in (10**18, Decimal("NaN")):
        with pytest.raises(InputError):
            numbers.number_in_words(refused)
    with pytest.raises(InputError):
        numbers.ordinal_in_words(0)
