"""How often a visitor may do something on a public page."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def count_over(key: str, limit: int, seconds: int) -> bool:
    """Count one more and say whether there were more than ``limit`` within ``seconds``.

    While the cache is down each process counts for itself (``crm_project.cache``).
    """
    key = f"limit:{key}"
    cache.add(key, 0, seconds)
    try:
        return bool(cache.incr(key) > limit)
    except ValueError:  # it expired between the two
        return False


def visitor_address(request: HttpRequest) -> str:
    """The network address of a visitor, "unknown" when the proxies are not as configured."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return "unknown"
