"""An import that is killed in the middle leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from leads.models import Lead
from tests.exchange.files import write, write_json

ROWS = 20_000


def _url() -> str:
    """The address of the database of this test."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def _writing(name: str) -> bool:
    """Whether the other process is at COPY or past it, with its transaction open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = %s AND a.pid <> "
            "pg_backend_pid() AND l.relation = 'leads_lead'::regclass AND l.mode = 'RowExclusiveLock'",
            [name],
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_kill_in_the_middle_leaves_nothing(tmp_path):
    rows = [["name"], *([f"شرکت شماره {number}"] for number in range(ROWS))]
    path = write(tmp_path, rows)
    rules = write_json(tmp_path, {"columns": {"name": "company"}})
    command = [sys.executable, "manage.py", "import_data", "leads", str(path), "--mapping", str(rules)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": _url()}, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not _writing(connection.settings_dict["NAME"]) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert process.poll() is None, "the import was over before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    while _writing(connection.settings_dict["NAME"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert Lead.objects.count() == 0
