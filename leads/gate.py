"""What keeps robots out of public forms: a signed page token with a shortest time, a honeypot, and rate limits."""

import logging
import secrets
import time
from dataclasses import dataclass

from django.core import signing

from core.limits import count_over
from leads.models import CaptureForm

logger = logging.getLogger(__name__)

SALT = "leads.capture"
MIN_SECONDS = 2.0  # nobody reads and fills a form faster
MAX_SECONDS = 24 * 3600
HONEYPOT = "homepage"
PER_ADDRESS = (20, 600)  # submits, seconds: an office behind one address must fit
PER_FORM = (600, 3600)


@dataclass(frozen=True)
class PageToken:
    """What a page was given: its one-time key, and when (seconds since 1970)."""

    key: str
    issued: float

    @property
    def is_too_fast(self) -> bool:
        """Whether the page came back faster than a person can."""
        return time.time() - self.issued < MIN_SECONDS


def issue(form: CaptureForm) -> str:
    """A fresh signed token for a page of the form."""
    return signing.dumps([form.token, secrets.token_urlsafe(12), time.time()], salt=SALT)


def read(form: CaptureForm, token: str) -> PageToken | None:
    """The token's content when it is ours, of this form, and not too old; else None."""
    try:
        address, key, issued = signing.loads(token, salt=SALT, max_age=MAX_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return PageToken(key, issued) if address == form.token else None


def too_many(form: CaptureForm, ip: str) -> bool:
    """Count this submit and say whether the address or the form has had too many.

    While the cache is down nothing is counted and everybody may pass (the cache logs it): a lead is worth more.
    """
    over_address = count_over(f"capture:{form.pk}:{ip}", *PER_ADDRESS)
    over_form = count_over(f"capture:{form.pk}", *PER_FORM)
    if over_address or over_form:
        logger.warning("web form limited", extra={"form": form.pk, "ip": ip})
    return over_address or over_form
