"""A signed-in browser without a screen: one kept-alive connection."""

import http.client
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Answer:
    """What came back and how long it took, in milliseconds."""

    status: int
    body: bytes
    headers: Any
    ms: float

    @property
    def queries(self) -> int:
        """Statements the request cost."""
        return int(self.headers.get("X-Queries", 0))


@dataclass
class Client:
    """Keeps one connection and the cookies of a session."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, form: list[tuple[str, str]] | None = None, **headers: str) -> Answer:
        """Send one request; a dropped connection is opened again once."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept-Language": "fa", **headers}
        body = None
        if form is not None:
            body = urlencode(form)
            sent |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies.get("csrftoken", ""),
            }
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
                self.connection.connect()
            started = time.perf_counter()
            try:
                self.connection.request(method, path, body, sent)
                response = self.connection.getresponse()
                content = response.read()
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
                continue
            return Answer(response.status, content, response.headers, (time.perf_counter() - started) * 1000)
        raise AssertionError("unreachable")

    def get(self, path: str, **headers: str) -> Answer:
        """GET that must succeed."""
        answer = self.request("GET", path, **headers)
        if answer.status != 200:
            raise SystemExit(f"bench: GET {path} answered {answer.status}: {answer.body[:300]!r}")
        return answer

    def post(self, path: str, form: list[tuple[str, str]], **headers: str) -> Answer:
        """POST that must succeed or redirect."""
        answer = self.request("POST", path, form, **headers)
        if answer.status not in {200, 204, 302}:
            raise SystemExit(
                f"bench: POST {path} answered {answer.status}: {answer.body[:2000].decode(errors='replace')}"
            )
        return answer
