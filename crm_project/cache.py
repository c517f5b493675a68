"""The cache: Redis or Valkey, and none at all while it is down. A page never breaks because of it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST = 5.0  # seconds during which a server that did not answer is not asked again


class DegradingRedisCache(RedisCache):
    """Answers like an empty cache while the server is away, logs that once, and asks again every few seconds."""

    def __init__(self, server: str, params: dict[str, Any]):
        super().__init__(server, params)
        self._resting_until = 0.0

    def _try(self, operation: Callable[[], Any], fallback: Any) -> Any:
        if time.monotonic() < self._resting_until:
            return fallback
        try:
            return operation()
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            logger.warning("cache unavailable", extra={"error": str(error)})
            return fallback

    def add(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Say “added” while down: nobody else can have been first."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).add(key, *args, **kwargs), True))

    def get(self, key: str, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The value, or the default."""
        return self._try(lambda: super(DegradingRedisCache, self).get(key, default, *args, **kwargs), default)

    def set(self, key: str, *args: Any, **kwargs: Any) -> None:
        """Keep the value, if there is somewhere to keep it."""
        self._try(lambda: super(DegradingRedisCache, self).set(key, *args, **kwargs), None)

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was there."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).touch(key, *args, **kwargs), False))

    def delete(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was there."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).delete(key, *args, **kwargs), False))

    def get_many(self, keys: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Those found."""
        found = self._try(lambda: super(DegradingRedisCache, self).get_many(keys, *args, **kwargs), {})
        return dict(found)

    def has_key(self, key: str, *args: Any, **kwargs: Any) -> bool:
        """Whether the key is there."""
        return bool(self._try(lambda: super(DegradingRedisCache, self).has_key(key, *args, **kwargs), False))

    def incr(self, key: str, delta: int = 1, *args: Any, **kwargs: Any) -> int:
        """The new value; the step itself while down. A missing key is a ValueError, as always."""
        return int(self._try(lambda: super(DegradingRedisCache, self).incr(key, delta, *args, **kwargs), delta))

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
