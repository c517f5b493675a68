"""Working through many things that have nothing to do with each other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError


@contextmanager
def carry_on(logger: logging.Logger, words: str, **extra: Any) -> Iterator[None]:
    """Let what fails inside be written to the log, and the round go on with the next one.

    A database that is away ends the round: nothing else would fare better, and beat asks again.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception(words, extra=extra)
