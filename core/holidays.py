"""Iran's public holidays of a Jalali year, as rows to seed the editable table with."""

import datetime as dt
from typing import Final, NamedTuple

from core.calendar.jalali import from_jalali

_ESTIMATED: Final = "(تخمینی)"


class HolidayRow(NamedTuple):
    """A holiday: date, Persian name, and whether its lunar date is only estimated (it may move by a day)."""

    date: dt.date
    name: str
    estimated: bool


def iran_holidays(jalali_year: int) -> list[HolidayRow]:
    """Return the holidays of a Jalali year by the `holidays` library (heavy: imported here, call it in a job)."""
    from holidays import country_holidays

    first, last = from_jalali(jalali_year, 1, 1), from_jalali(jalali_year + 1, 1, 1) - dt.timedelta(days=1)
    found = country_holidays("IR", years=[first.year, last.year], language="fa_IR")
    rows = []
    for date in sorted(found):
        if first <= date <= last:
            name = found[date]
            parts = (part.replace(_ESTIMATED, "").strip() for part in name.split(";"))
            rows.append(HolidayRow(date, "؛ ".join(parts), _ESTIMATED in name))
    return rows
