"""When things happen in the sample company: seasons, Nowruz, week-ends, working hours."""

import datetime as dt
import random
from itertools import accumulate
from zoneinfo import ZoneInfo

import jdatetime

MONTHS_OF_HISTORY = 18
TEHRAN = ZoneInfo("Asia/Tehran")
# How busy each Jalali month is, Farvardin first: slow after Nowruz, a rush before the year ends.
SEASON = (0.55, 0.95, 1.05, 0.95, 0.85, 1.05, 1.1, 1.1, 1.05, 1.1, 1.2, 1.45)


class Days:
    """Working moments of the last year and a half, weighted by season and growth."""

    def __init__(self, today: dt.date, rng: random.Random):
        self.today = today
        self.rng = rng
        self.first = today - dt.timedelta(days=int(MONTHS_OF_HISTORY * 30.44))
        self.days = [self.first + dt.timedelta(days=n) for n in range((today - self.first).days + 1)]
        self.cumulative = list(accumulate(self._weight(day) for day in self.days))

    def _weight(self, day: dt.date) -> float:
        jalali = jdatetime.date.fromgregorian(date=day)
        if day.weekday() == 4 or (jalali.month == 1 and jalali.day <= 13):
            return 0.04
        thursday = 0.5 if day.weekday() == 3 else 1.0
        growth = 0.55 + 1.1 * (day - self.first).days / (self.today - self.first).days
        return SEASON[jalali.month - 1] * thursday * growth

    def moments(self, count: int) -> list[dt.datetime]:
        """``count`` moments in working hours, oldest first."""
        chosen = self.rng.choices(self.days, cum_weights=self.cumulative, k=count)
        return sorted(self.moment(day) for day in chosen)

    def moment(self, day: dt.date) -> dt.datetime:
        """A moment of the working day in Tehran, never in the future of ``today``."""
        minutes = self.rng.randrange(8 * 60, 17 * 60)
        if day >= self.today:
            day, minutes = self.today, self.rng.randrange(6 * 60, 8 * 60)
        return dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60, self.rng.randrange(60)), TEHRAN)
