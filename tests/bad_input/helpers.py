"""What the tests of bad input share."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from core.testing.forms import form_data

PERSIAN = re.compile(r"[آ-ی]")
MEGABYTE = 1024 * 1024
RIGHT_TO_LEFT_OVERRIDE = "\u202e"


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    """What the form says, field by field."""
    assert response.status_code == 422, (response.status_code, getattr(response, "url", ""))
    with translation.override(response.headers["Content-Language"]):
        return {name: list(map(str, errors)) for name, errors in response.context["form"].errors.items()}  # type: ignore[attr-defined]


def check_language(response: HttpResponse, language: str) -> None:
    """The page is in that language, and no traceback."""
    text = response.content.decode()
    assert f'lang="{language}"' in text[:1000]
    assert "Traceback" not in text


def speaks(sentences: list[str], language: str) -> bool:
    """Whether the sentences are of that language."""
    return all(bool(PERSIAN.search(sentence)) == (language == "fa") for sentence in sentences)


def fill(desk: Client, url: str, **values: Any) -> HttpResponse:
    """Open a form, change some fields, send it."""
    page = desk.get(url)
    assert page.status_code == 200, url
    data = {**form_data(page.context["form"]), **values}
    return desk.post(url, {name: value for name, value in data.items() if value is not None})  # type: ignore[return-value]
