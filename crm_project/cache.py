"""The cache: Redis or Valkey, and none at all while it is down. A page never breaks because of it.

How often somebody tries (signing in, public forms) is counted also then, by each process for itself.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

COUNTED = ("allauth:rl:", "limit:")  # keys of what is limited: see core.limits and django-allauth
REST = 5.0  # seconds during which a server that did not answer is not asked again


class DegradingRedisCache(RedisCache):
    """Answers like an empty cache while the server is away, logs that once, and asks again every few seconds."""

    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(server, params)
        self._resting_until = 0.0
        self._own = LocMemCache("limits", {"OPTIONS": {"MAX_ENTRIES": 20_000}})

    def _try(self, operation: Callable[[], Any], fallback: Any, own: Callable[[], Any] | None = None) -> Any:
        """The operation; while the server is away what ``own`` does in this process, else the fallback."""
        if time.monotonic() < self._resting_until:
            return own() if own else fallback
        try:
            return operation()
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            logger.warning("cache unavailable", extra={"error": str(error)})
            return own() if own else fallback

    def _counting(self, name: str, key: str, *args: Any, **kwargs: Any) -> Callable[[], Any] | None:
        """The same operation on the process's own memory, for keys of what is limited."""
        return partial(getattr(self._own, name), key, *args, **kwargs) if str(key).startswith(COUNTED) else None

    def add(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Say “added” while down: nobody else can have been first."""
        own = self._counting("add", key, *args, **kwargs)
        return bool(self._try(lambda: super(DegradingRedisCache, self).add(key, *args, **kwargs), True, own))

    def get(self, key: str, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The value, or the default."""
        own = self._counting("get", key, default, *args, **kwargs)
        return self._try(lambda: super(DegradingRedisCache, self).get(key, default, *args, **kwargs), default, own)

    def set(self, key: str, *args: Any, **kwargs: Any) -> None:
        """Keep the value, if there is somewhere to keep it."""
        own = self._counting("set", key, *args, **kwargs)
        self._try(lambda: super(DegradingRedisCache, self).set(key, *args, **kwargs), None, own)

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was there."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).touch(key, *args, **kwargs), False))

    def delete(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was there."""
        own = self._counting("delete", key, *args, **kwargs)
        return bool(self._try(lambda: super(DegradingRedisCache, self).delete(key, *args, **kwargs), False, own))

    def get_many(self, keys: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Those found."""
        found = self._try(lambda: super(DegradingRedisCache, self).get_many(keys, *args, **kwargs), {})
        return dict(found)

    def has_key(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key is there."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).has_key(key, *args, **kwargs), False))

    def incr(self, key: str, delta: int = 1, *args: Any, **kwargs: Any) -> int:
        """The new value; the step itself while down. A missing key is a ValueError, as always."""
        own = self._counting("incr", key, delta, *args, **kwargs)
        return int(self._try(lambda: super(DegradingRedisCache, self).incr(key, delta, *args, **kwargs), delta, own))

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[str]:
        """Keys that could not be kept."""
        kept = self._try(lambda: super(DegradingRedisCache, self).set_many(data, *args, **kwargs), list(data))
        return list(kept or [])

    def delete_many(self, keys: Any, *args: Any, **kwargs: Any) -> None:
        """Forget the keys."""
        self._try(lambda: super(DegradingRedisCache, self).delete_many(keys, *args, **kwargs), None)

    def clear(self) -> None:
        """Forget everything."""
        self._try(super().clear, None)
