"""Time zones of calendar files: the names programs use, and the rules a file brings with it."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

LINES_KEPT = 400
NAME_LENGTH = 200
OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})\b", re.IGNORECASE)
PROPERTY = re.compile(r"^(BEGIN|END|TZID|DTSTART|RRULE|RDATE|TZOFFSETFROM|TZOFFSETTO|TZNAME)[;:]", re.IGNORECASE)
SAFE_RULE = re.compile(r"FREQ=(YEARLY|MONTHLY)\b", re.IGNORECASE)


def known_zone(name: str) -> dt.tzinfo | None:
    """The zone of an IANA name, a Windows name, or a name that ends in either (``/mozilla.org/…/Europe/Berlin``)."""
    name = name.strip().strip('"')
    if len(name) > NAME_LENGTH:
        return None
    tries = [name, WINDOWS_TO_OLSON.get(name, "")]
    parts = name.strip("/").split("/")
    tries += ["/".join(parts[-count:]) for count in (3, 2, 1) if len(parts) >= count]
    for text in tries:
        if not text:
            continue
        try:
            return ZoneInfo(text)
        except (ValueError, OSError, KeyError):  # a path instead of a name, a folder, no such zone
            continue
    return _offset_zone(name)


def _offset_zone(name: str) -> dt.tzinfo | None:
    """A fixed offset that stands in the name: ``(UTC+03:30) Tehran``."""
    found = OFFSET.search(name)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
    if offset >= dt.timedelta(hours=15):
        return None
    return dt.timezone(-offset if sign == "-" else offset)


def own_zone(lines: list[str]) -> tuple[str, dt.tzinfo | None]:
    """Name and zone of a file's VTIMEZONE (its unfolded lines); no zone when its rules cannot be used.

    A rule that repeats every second would keep a machine busy for hours: only yearly and monthly ones are followed.
    """
    kept = [line for line in lines if PROPERTY.match(line)][:LINES_KEPT]
    name = next((line.partition(":")[2].strip() for line in kept if line.upper().startswith("TZID")), "")
    rules = [line for line in kept if line.upper().startswith("RRULE")]
    if not name or not all(SAFE_RULE.search(rule) for rule in rules):
        return name, None
    try:
        parsed = Timezone.from_ical("\r\n".join(kept) + "\r\n")
        return name, parsed.to_tz(lookup_tzid=False)
    except Exception:  # noqa: BLE001 - a parser fed with strangers' rules: whatever it says, the zone is not usable
        return name, None
