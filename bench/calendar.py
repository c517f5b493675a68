"""A month with 2,000 events of one person: what the calendar is measured with."""

import datetime as dt
import random
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from activities.choices import PLANNED_KINDS
from activities.models import Activity, Assignment
from core.calendar.periods import Period, period_of
from demo import words
from users.models import User

EVENTS = 2_000
SUBJECTS = ("جلسه با مدیر خرید", "پیگیری پیش‌فاکتور", "تماس با خانم کریمی", "بازدید از کارخانه", "ارسال کاتالوگ")
KEY = "bench-calendar-"


def seed_calendar() -> None:
    """Give the executive of the sample company a full month, once; every fifth event is shared with a colleague."""
    if Activity.all_objects.filter(external_key__startswith=KEY).exists():
        return
    rng = random.Random(1405)
    owner = executive()
    others = list(User.objects.filter(is_active=True).exclude(pk=owner.pk).order_by("pk")[:10])
    start, end = this_month().bounds(owner.display.tz)
    days = (end - start).days
    rows = []
    for number in range(EVENTS):
        due = start + dt.timedelta(days=rng.randrange(days), minutes=480 + 15 * rng.randrange(40))
        span = rng.choice((None, 30, 60, 90, 60 * 24 * 3 if number % 50 == 0 else 45))
        rows.append(
            Activity(
                kind=rng.choice(PLANNED_KINDS),
                subject=rng.choice(SUBJECTS),
                due_at=due,
                ends_at=due + dt.timedelta(minutes=span) if span else None,
                owner=owner,
                created_by=owner,
                external_key=f"{KEY}{number}",
            )
        )
    made = Activity.objects.bulk_create(rows, batch_size=500)
    Assignment.objects.bulk_create(
        [Assignment(activity=row, user=person) for row in made[::5] for person in (owner, rng.choice(others))],
        batch_size=500,
    )


def executive() -> User:
    """Whom the bench's session belongs to."""
    return User.objects.get(email=f"ceo@{words.EMAIL_DOMAIN}")


def this_month() -> Period:
    """The Jalali month the bench runs in."""
    return period_of(timezone.localdate(), "month", "jalali")


def month_url() -> str:
    """The page of that month."""
    query = urlencode({"view": "month", "date": timezone.localdate().isoformat()})
    return f"{reverse('activities:calendar')}?{query}"
