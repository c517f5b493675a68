"""Keys of rows as they come in addresses and forms."""

import pytest

from core.parsing import read_key, read_keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7", 7),
        (7, 7),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, None),  # PostgreSQL would refuse it
        ("", None),
        ("-7", None),
        ("+7", None),
        ("7.0", None),
        ("۷", None),
        ("²", None),  # a digit to Python, no number
        (None, None),
    ],
)
def test_a_key_is_a_whole_number_that_a_row_can_have(text, key):
    assert read_key(text) == key


def test_many_keys_come_once_and_in_order():
    assert read_keys(["3", "x", "1", "3", "9" * 30]) == [3, 1]
