"""Servers on this machine that answer as mail servers and SMS providers do, errors and silence included."""
# ruff: noqa: N802, N815 - the names are those the libraries call

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mails:
    """What a mail server took. The part of an address before the @ says how it behaves."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    delay: float = 0.0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return lines

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("forbidden@"):
            return "553 5.7.1 sender not allowed"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answers = {
            "nobody": "550 5.1.1 no such user",
            "later": "451 4.7.1 greylisted, try again later",
            "busy": "421 4.3.2 too many connections",
            "signin": "530 5.7.0 authentication required",
        }
        name = address.partition("@")[0]
        if name == "cut":
            server.transport.abort()
            return "250 OK"
        if name in answers:
            return answers[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "refused":
            return "554 5.7.1 looks like spam"
        if name == "full":
            return "452 4.2.2 mailbox full"
        if name == "silent":
            self.waiting = asyncio.Event()
            await self.waiting.wait()
            return "250 OK"
        if self.delay:
            await asyncio.sleep(self.delay)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        if name == "taken":  # and then the line breaks before it can say so
            server.transport.abort()
        return "250 2.0.0 taken"


@contextmanager
def mail_server(delay: float = 0.0) -> Iterator[Mails]:
    """A mail server in a thread."""
    mails = Mails(port=free_port(), delay=delay)
    controller = Controller(mails, hostname="127.0.0.1", port=mails.port, data_size_limit=None)
    controller.start()
    try:
        yield mails
    finally:
        waiting = getattr(mails, "waiting", None)
        if waiting is not None:
            controller.loop.call_soon_threadsafe(waiting.set)
        controller.stop()


@dataclass
class Asked:
    """A request a provider got."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {name: values[0] for name, values in parse_qs(self.body, keep_blank_values=True).items()}

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Provider:
    """An HTTP server that answers by ``answers``: (status, body) or a function of the request; the last one stays.

    A body of None is silence until the end of the test; "drop" closes the connection without a word.
    """

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def next_answer(self, request: Asked) -> tuple[int, Any]:
        """What to answer now."""
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(request) if callable(answer) else answer


@contextmanager
def http_provider(*answers: Any) -> Iterator[Provider]:
    """A provider in a thread."""
    provider = Provider(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            length = int(self.headers.get("Content-Length", 0))
            request = Asked(
                self.command,
                address.path,
                parse_qs(address.query),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length).decode(),
            )
            provider.asked.append(request)
            status, body = provider.next_answer(request)
            if body is None:
                provider.over.wait(30)
                return
            if body == "drop":
                return
            content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
