"""Iran's holidays against a published table, where it is at hand."""

import json
from pathlib import Path

import pytest

from core.calendar.jalali import from_jalali
from core.holidays import iran_holidays

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "iran" / "shamsi_holidays"


@pytest.mark.skipif(not DATA.exists(), reason="the folder ../shared/data/iran/shamsi_holidays is not here")
# The published table of 1404 was made before seven one-off closing days of that year.
@pytest.mark.parametrize(("year", "unknown"), [(1402, 3), (1403, 3), (1404, 7)])
def test_published_holidays(year, unknown):
    published = {
        from_jalali(*(int(part) for part in row["date"].split("-")))
        for row in json.loads((DATA / f"{year}.json").read_text(encoding="utf-8"))
        if row["is_holiday"] and any(event["is_holiday"] for event in row["events"])
    }
    found = {row.date: row for row in iran_holidays(year)}
    sure = {date for date, row in found.items() if not row.estimated}
    missing = {date for date in published - set(found) if date.weekday() != 4}
    assert len(missing) <= 2, sorted(missing)
    assert len(sure - published) <= unknown, sorted(sure - published)


def test_year_is_cut_at_nowruz():
    dates = [row.date for row in iran_holidays(1404)]
    assert min(dates) >= from_jalali(1404, 1, 1)
    assert max(dates) < from_jalali(1405, 1, 1)
