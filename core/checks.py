"""System checks: what the product needs of its surroundings, each with the command that puts it right."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

SAMPLE = "سلام"


@register(Tags.database)
def trigrams_see_persian(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a database whose LC_CTYPE makes pg_trgm blind to Persian: search would silently find nothing."""
    return [
        Error(
            f"Persian search cannot work in the database “{alias}”: its LC_CTYPE does not know Persian letters.",
            hint="CREATE DATABASE … LOCALE 'C.UTF-8' TEMPLATE template0, then load the data into it.",
            id="core.E001",
        )
        for alias in databases or []
        if connections[alias].vendor == "postgresql" and not knows_persian(alias)
    ]


def knows_persian(alias: str) -> bool:
    """Whether trigrams are made of Persian letters; before the extension exists, the locale's name tells.

    A server that does not answer is not this check's matter.
    """
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if cursor.fetchone():
                cursor.execute("SELECT cardinality(show_trgm(%s)) > 0", [SAMPLE])
            else:
                cursor.execute(
                    "SELECT datctype NOT IN ('C', 'POSIX') FROM pg_database WHERE datname = current_database()"
                )
            row = cursor.fetchone()
    except OperationalError:
        return True
    return bool(row and row[0])
