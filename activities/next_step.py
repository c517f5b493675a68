"""The strip on top of a record's page: what is to do next, and the buttons that do it."""

from typing import Any

from core import display, hosts


def next_step_of(record: Any) -> dict[str, Any] | None:
    """Context of ``generic/_next_step.html``: text, time and state."""
    if not record.next_step_at or not hosts.host_of(record).is_open(record):
        return None
    return {
        "text": record.next_step,
        "when": record.next_step_at,
        "when_html": display.relative_day(record.next_step_at),
        "late": record.next_step_state() == "late",
    }
