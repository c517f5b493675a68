"""A hundred thousand reminders due in one minute: how long a worker needs, and how pages answer meanwhile."""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Reminder
from bench.client import Client
from bench.measure import Case, Result
from core.models import Notification
from users.models import User

NUMBER = 100_000
ACTIVITIES = 10_000
MARK = "bench:"
PATIENCE = 600.0  # seconds


def hundred_thousand(client: Client) -> Result:
    """Rows due within one minute; real worker and beat; the lead list is asked all the while.

    ``p50``/``p95`` are the list's, ``rate`` is reminders a second, counted from the first one called.
    """
    plan()
    path = reverse("leads:lead_list")
    case = Case("reminders_100k", lambda _number: [client.get(path)])
    try:
        with processes():
            while waiting() == NUMBER:
                time.sleep(0.05)
            started = time.perf_counter()
            while (left := waiting()) and time.perf_counter() - started < PATIENCE:
                case.once(0)
            seconds = time.perf_counter() - started
        in_order = ordered()
    finally:
        clear()
    result = case.result()
    result.rate = (NUMBER - left) / seconds
    result.note = f"{NUMBER - left} in {seconds:.1f} s{'' if in_order else ', out of order'}; times are the lead list's"
    return result


def plan() -> None:
    """Open activities of everyone, ten reminders each, spread over the minute that has just passed."""
    people = list(User.objects.filter(is_active=True).order_by("pk"))
    now = timezone.now()
    tasks = Activity.objects.bulk_create(
        [
            Activity(
                owner=people[n % len(people)], kind="task", subject=f"پیگیری {n}", due_at=now, external_key=f"{MARK}{n}"
            )
            for n in range(ACTIVITIES)
        ],
        batch_size=2000,
    )
    Reminder.objects.bulk_create(
        (
            Reminder(
                user_id=tasks[n % ACTIVITIES].owner_id,
                activity=tasks[n % ACTIVITIES],
                due_at=now - dt.timedelta(seconds=60) + dt.timedelta(seconds=60) * n / NUMBER,
                key=f"{MARK}{n}",
            )
            for n in range(NUMBER)
        ),
        batch_size=5000,
    )


def waiting() -> int:
    """How many are still to be called."""
    return Reminder.objects.filter(key__startswith=MARK, state="waiting").count()


def ordered() -> bool:
    """Whether nobody was called more than a batch of each process before somebody due earlier."""
    rows = Reminder.objects.filter(key__startswith=MARK, state="done").order_by("handled_at", "due_at")
    moments = list(rows.values_list("due_at", flat=True))
    latest, slack = moments[0], dt.timedelta(seconds=60) * 4_000 / NUMBER
    for moment in moments:
        if moment < latest - slack:
            return False
        latest = max(latest, moment)
    return True


@contextmanager
def processes() -> Iterator[None]:
    """Worker and beat as ``make run`` starts them."""
    celery = [sys.executable, "-m", "celery", "--app", "crm_project"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev"}
    with tempfile.TemporaryDirectory() as folder:
        commands = (
            [*celery, "worker", "--loglevel", "WARNING", "--queues", "urgent,default", "--concurrency", "2"],
            [*celery, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(Path(folder) / "schedule")],
        )
        running = [
            subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for argv in commands
        ]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


def clear() -> None:
    """Leave the database as it was."""
    tasks = Activity.all_objects.filter(external_key__startswith=MARK)
    Notification.objects.filter(code="activity.reminder", object_id__in=tasks.values("pk")).delete()
    Reminder.objects.filter(key__startswith=MARK).delete()
    tasks.delete()
