"""Structured log lines."""

import json
import logging

import pytest

from core import context
from core.logging import JsonFormatter, RequestIdFilter, config, without_secrets


def line(**extra):
    record = logging.getLogger("crm").makeRecord(
        "crm", logging.INFO, __file__, 1, "سلام %s", ("دنیا",), None, extra=extra
    )
    RequestIdFilter().filter(record)
    return JsonFormatter().format(record)


def test_one_json_object_a_line_with_persian_as_it_is():
    text = line(lead_id=7)
    assert "\n" not in text
    assert "سلام دنیا" in text
    entry = json.loads(text)
    assert entry["lead_id"] == 7
    assert entry["level"] == "INFO"
    assert entry["request_id"] == "-"
    assert entry["time"].endswith("+00:00")


def test_request_id_of_the_running_request():
    token = context.request_id.set("abc123")
    try:
        assert json.loads(line())["request_id"] == "abc123"
    finally:
        context.request_id.reset(token)


def test_job_id_stands_in_for_the_request():
    token = context.job_id.set(12)
    try:
        assert json.loads(line())["request_id"] == "job-12"
    finally:
        context.job_id.reset(token)


def test_traceback_is_one_field():
    error = ValueError("broken\nin two lines")
    record = logging.LogRecord("crm", logging.ERROR, __file__, 1, "x", (), (ValueError, error, None))
    entry = json.loads(JsonFormatter().format(record))
    assert "ValueError" in entry["traceback"]


def test_what_json_cannot_say_becomes_text():
    assert json.loads(line(when={1, 2}))["when"] == "{1, 2}"


def test_an_extra_field_cannot_forge_a_standard_one():
    assert json.loads(line(level="FORGED", time="never"))["level"] == "INFO"


@pytest.mark.django_db
def test_response_carries_its_request_id(client):
    given = "12345678-1234-1234-1234-123456789012"
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    forged = client.get("/healthz", headers={"X-Request-ID": "a b\tc"}).headers["X-Request-ID"]
    assert forged != "a b\tc"
    assert len(forged) == 32


@pytest.mark.django_db
def test_each_request_leaves_one_line_and_a_probe_none(client, caplog):
    with caplog.at_level(logging.INFO, logger="requests"):
        client.get("/healthz")
        client.get("/no-such-page/")
    lines = [record for record in caplog.records if record.name == "requests"]
    assert [(line.method, line.path, line.status, line.user_id) for line in lines] == [
        ("GET", "/no-such-page/", 404, None)
    ]
    assert lines[0].getMessage().startswith("GET /no-such-page/ 404 ")


def test_secrets_in_addresses_become_dots():
    secret = "S9o3t8y4f_xAnnZzdwul_PJ964faXrRqD0J7FvJAkt4"
    assert without_secrets(f"/i/{secret}/") == "/i/…/"
    assert without_secrets(f"/i/feed/{secret}.ics") == "/i/feed/….ics"
    assert without_secrets("/activities/12/edit/") == "/activities/12/edit/"
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "%s: %s", ("Not Found", f"/i/{secret}/"), None
    )
    RequestIdFilter().filter(record)
    assert record.getMessage() == "Not Found: /i/…/"


@pytest.mark.parametrize("name", ["celery.worker.strategy", "celery.app.trace"])
def test_the_worker_writes_no_line_for_each_look_at_the_queue(name):
    chosen = config(structured=True, level="DEBUG")["loggers"][name]
    assert chosen["level"] == "WARNING"
    assert chosen["propagate"] is True
