"""Lookups PostgreSQL has and Django has not."""

from typing import Any

from django.db import models
from django.db.models import Lookup
from django.db.models.sql import Query


@models.BigAutoField.register_lookup
class AnyOf(Lookup):
    """``pk__any_of=[…]``: like ``in``, with one array as the parameter, so that thousands of keys cost nothing to send.

    With a queryset of one column its keys are read first, as one array, and the rows are found by their index, beside
    other conditions too; ``in`` may have PostgreSQL walk the whole table to join it, and always does within an ``OR``.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """``column = ANY(array)``."""
        column, params = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, Query):
            keys, inner = compiler.compile(self.rhs)
            return f"{column} = ANY(ARRAY{keys})", [*params, *inner]
        # One literal: an ``ARRAY[…]`` of thousands is thousands of expressions to PostgreSQL's planner.
        return f"{column} = ANY(%s::bigint[])", [*params, f"{{{','.join(str(int(key)) for key in self.rhs)}}}"]
