"""Mappings: every mistake is named before a row is read."""

import pytest

from core.errors import DomainError
from exchange import mapping, targets

GOOD = {"columns": {"نام": "company"}}


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ([], "columns"),
        ({"columns": {"a": "no_such"}}, "no_such"),
        ({"columns": {"a": {"formats": []}}}, "a"),
        ({**GOOD, "unknown": 1}, "unknown"),
        ({"columns": {"a": {"to": "company", "alias": {}}}}, "alias"),
        ({**GOOD, "key": "mobile"}, "mobile"),
        ({**GOOD, "on_duplicate": "replace"}, "on_duplicate"),
        ({**GOOD, "on_duplicate": "update"}, "key"),
        ({**GOOD, "target": "accounts"}, "accounts"),
        ({"columns": {"a": {"to": "estimated_value", "multiply": "x"}}}, "multiply"),
    ],
)
def test_mistakes_are_named(raw, word):
    with pytest.raises(DomainError, match=word):
        mapping.parse(raw, targets.find("leads"))


def test_required_columns_must_be_filled():
    with pytest.raises(DomainError, match="name"):
        mapping.parse({"columns": {"x": "description"}}, targets.find("accounts"))


def test_a_key_means_update_unless_said_otherwise():
    found = mapping.parse(
        {"columns": {"a": "external_key", "b": "company"}, "key": "external_key"}, targets.find("leads")
    )
    assert (found.key, found.on_duplicate) == (("external_key",), "update")


def test_unknown_targets_are_named():
    with pytest.raises(DomainError, match="opportunities"):
        targets.find("nothing")


def test_files_that_are_no_json_are_refused(tmp_path):
    path = tmp_path / "m.json"
    path.write_text("{")
    with pytest.raises(DomainError, match="JSON"):
        mapping.load(path, targets.find("leads"))


def test_every_target_has_labels_and_real_columns():
    for target in targets.all_targets():
        assert str(target.label)
        for column in target.columns:
            assert str(column.label)
            assert column.virtual or column.field is not None
        assert set(target.keys) <= set(target.by_name)
