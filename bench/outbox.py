"""The outbox with one worker and with two, to a mail server on this machine: messages per second."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db.models import Max, Min, QuerySet

from bench.measure import Result
from bench.server import free_port
from crm_project.up.process import bound_to_parent
from messaging import services
from messaging.models import ChannelAccount, Message

MESSAGES, WARM = 500, 40
LATENCY_MS = 25
PATIENCE = 180


def outbox() -> list[Result]:
    """``outbox_1_worker`` and ``outbox_2_workers``; their rate is messages per second."""
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(_process("-m", "bench.sink", str(port), str(LATENCY_MS)))
        options = {"host": "127.0.0.1", "port": port, "security": "none"}
        account = ChannelAccount.objects.create(
            name="bench", channel="email", provider="smtp", sender="bench@example.com", options=options
        )
        stack.callback(_clean, account)
        one, two = _rate(account, 1), _rate(account, 2)
    note = f"{MESSAGES} messages, the server answers after {LATENCY_MS} ms"
    return [
        _result("outbox_1_worker", one, note),
        _result("outbox_2_workers", two, f"{two / one:.2f} times one worker"),
    ]


def _rate(account: ChannelAccount, workers: int) -> float:
    """Messages per second from the first to the last, after every worker has begun."""
    with ExitStack() as stack:
        for _worker in range(workers):
            stack.enter_context(_process("manage.py", "outbox", "--watch"))
        _send(account, WARM * workers)
        sent = _send(account, MESSAGES)
    span = sent.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    return (MESSAGES - 1) / (span["last"] - span["first"]).total_seconds()


def _send(account: ChannelAccount, number: int) -> QuerySet[Message]:
    rows = services.messages_queue(
        rows=[
            {
                "channel": "email",
                "to_address": f"person{n}@example.com",
                "subject": "سنجش",
                "body": "سلام\n" * 20,
                "account": account,
                "rank": 0,
            }
            for n in range(number)
        ]
    )
    found = Message.objects.filter(pk__in=[row.pk for row in rows])
    until = time.monotonic() + PATIENCE
    while found.exclude(state="sent").exists():
        if time.monotonic() > until:
            raise SystemExit("bench: the outbox did not get through")
        time.sleep(0.2)
    return found


@contextmanager
def _process(*command: str) -> Iterator[None]:
    env = {**os.environ, "CONN_MAX_AGE": "600"}
    process = subprocess.Popen(
        [sys.executable, *command],
        env=env,
        preexec_fn=bound_to_parent(signal.SIGTERM),  # noqa: PLW1509 - no lock taken
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait(15)


def _clean(account: ChannelAccount) -> None:
    Message.all_objects.filter(account=account).delete()
    ChannelAccount.all_objects.filter(pk=account.pk).delete()


def _result(name: str, rate: float, note: str) -> Result:
    ms = round(1000 / rate, 2)
    return Result(name, MESSAGES, ms, ms, rate=round(rate, 1), note=note)
