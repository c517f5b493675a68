"""What the toasts of an answer offer."""

from typing import Any

from django.contrib.messages import get_messages


def undo_of(answer: Any) -> str:
    """The address under the Undo of the toast that the answer brings."""
    tags = [message.extra_tags for message in get_messages(answer.wsgi_request) if message.extra_tags]
    assert tags, "no Undo was offered"
    return tags[-1].removeprefix("undo:")
