"""Bulk work: a large export, a large import, many clients at once, and bare SQL."""

import csv
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse

from bench.client import Client
from bench.measure import Case, Result
from demo.parties import mobile_number

LIST_SQL = "SELECT * FROM leads_lead WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 26"
BOARD_SQL = (
    "SELECT stage_id, count(*), sum(base_amount), sum(expected_value) FROM opportunities_opportunity "
    "WHERE deleted_at IS NULL GROUP BY stage_id"
)
IMPORT_ROWS = 10_000
CLIENTS = 8
SECONDS = 6.0


def bare_sql() -> list[Result]:
    """The statements under a list and a board, without Django."""
    return [_sql("sql_list", LIST_SQL), _sql("sql_board", BOARD_SQL)]


def _sql(name: str, statement: str) -> Result:
    case = Case(name, lambda _: [])
    with connection.cursor() as cursor:
        for number in range(22):
            started = time.perf_counter()
            cursor.execute(statement)
            cursor.fetchall()
            if number > 1:
                case.times.append((time.perf_counter() - started) * 1000)
    result = case.result()
    result.queries = 1
    return result


def export(client: Client) -> Result:
    """All leads as CSV through the list's export."""
    started = time.perf_counter()
    answer = client.get(f"{reverse('leads:lead_list')}?export=csv")
    ms = (time.perf_counter() - started) * 1000
    rows = answer.body.count(b"\n") - 1
    return Result(
        "export_100k",
        1,
        round(ms, 1),
        round(ms, 1),
        answer.queries,
        len(answer.body),
        rate=rows / ms * 1000,
        note=f"{rows} rows",
    )


def import_leads() -> Result:
    """10,000 leads by the command line's import, its start included."""
    import random

    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        source, mapping = Path(folder) / "leads.csv", Path(folder) / "mapping.json"
        with source.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["نام", "نام خانوادگی", "شرکت", "موبایل", "شهر"])
            writer.writerows(
                ["ورود", f"آزمون {n}", f"شرکت واردات {n}", mobile_number(rng), "شیراز"] for n in range(IMPORT_ROWS)
            )
        mapping.write_text(json.dumps(_mapping(), ensure_ascii=False), encoding="utf-8")
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "manage.py", "import_data", "leads", str(source), "--mapping", str(mapping)],
            capture_output=True,
            text=True,
            check=False,
        )
        ms = (time.perf_counter() - started) * 1000
    if done.returncode:
        raise SystemExit(f"bench: the import failed: {done.stdout}\n{done.stderr}")
    return Result("import_10k", 1, round(ms, 1), round(ms, 1), rate=IMPORT_ROWS / ms * 1000, note=f"{IMPORT_ROWS} rows")


def _mapping() -> dict[str, Any]:
    return {
        "columns": {
            "نام": "first_name",
            "نام خانوادگی": "last_name",
            "شرکت": "company",
            "موبایل": "mobile",
            "شهر": "city",
        }
    }


def throughput(port: int, cookies: dict[str, str]) -> Result:
    """Requests a second of the lead list with eight clients."""
    path = reverse("leads:lead_list")
    stop = time.perf_counter() + SECONDS
    times: list[float] = []
    lock = threading.Lock()

    def work() -> None:
        client, mine = Client(port, dict(cookies)), []
        while time.perf_counter() < stop:
            mine.append(client.get(path).ms)
        with lock:
            times.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case = Case("list_throughput", lambda _: [], times=times)
    result = case.result()
    result.rate = round(len(times) / SECONDS, 1)
    result.note = f"{CLIENTS} clients"
    return result
