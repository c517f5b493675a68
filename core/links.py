"""Addresses that leave the house: in mails, SMS and calendar files a path alone leads nowhere."""

from urllib.parse import urlsplit

from django.conf import settings

from core import context


def site_url() -> str:
    """Scheme and host of this installation without a slash: ``SITE_URL``, else the running request's, else the fallback."""
    return str(settings.SITE_URL or context.site.get() or settings.SITE_FALLBACK)


def absolute(path: str) -> str:
    """The full address of a page of ours; one that is already full stays as it is."""
    return path if urlsplit(path).scheme else f"{site_url()}{path}"


def site_host() -> str:
    """The host alone, without port: what stands behind the @ of a calendar id."""
    return urlsplit(site_url()).hostname or "localhost"
