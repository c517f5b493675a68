"""What the contracts share: the model's addresses, rows, actors and recorded numbers of queries."""

import inspect
import json
import os
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse

RECORD = "RECORD_QUERY_COUNTS"


class ModelContract:
    """Declared by the subclass: the model, how to make a row, and which actors play which part.

    ``factory`` is called with ``owner=`` when the model has an owner. ``seer`` is the name of the fixture of somebody
    who may do everything on own rows; ``stranger`` has no right on the model at all, ``foreigner`` has the right but
    not on these rows; either may be empty when there is nobody like that.
    """

    model: ClassVar[type[models.Model]]
    factory: ClassVar[Any]
    seer: ClassVar[str] = "rep"
    stranger: ClassVar[str] = "nobody"
    foreigner: ClassVar[str] = "outsider"
    namespace: ClassVar[str] = ""
    stem: ClassVar[str] = ""

    @property
    def owned(self) -> bool:
        """Whether rows belong to somebody."""
        return any(field.name == "owner" for field in self.model._meta.fields)

    def make(self, owner: Any = None, **values: Any) -> Any:
        """A row, of that owner when the model has owners."""
        if self.owned and owner is not None:
            values.setdefault("owner", owner)
        return type(self).factory(**values)

    def url(self, action: str, *args: Any) -> str:
        """The address of one of the model's pages, empty when it has none."""
        meta = self.model._meta
        try:
            return reverse(
                f"{self.namespace or meta.app_label}:{self.stem or meta.model_name}_{action}",
                args=args,
            )
        except NoReverseMatch:
            return ""

    def view_class(self, action: str) -> Any:
        """The class behind the page."""
        match = resolve(self.url(action))
        return match.func.view_class  # type: ignore[attr-defined]

    def signed_in(self, user: Any) -> Client:
        """A browser in which the user is signed in."""
        client = Client()
        client.force_login(user)
        return client

    def count_queries(self, client: Client, url: str) -> int:
        """The number of queries of a warm page."""
        for _ in range(2):
            assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        assert response.status_code == 200
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)
        return len(queries)

    def check_recorded(self, page: str, count: int) -> None:
        """Compare with ``query_counts.json`` beside the test; ``RECORD_QUERY_COUNTS=1`` writes it anew."""
        path = Path(inspect.getfile(type(self))).parent / "query_counts.json"
        recorded = json.loads(path.read_text()) if path.exists() else {}
        key = f"{self.model._meta.model_name}_{page}"
        if os.environ.get(RECORD):
            recorded[key] = count
            path.write_text(json.dumps(dict(sorted(recorded.items())), indent=2) + "\n")
            return
        assert key in recorded, f"{key} has no recorded number of queries: run once with {RECORD}=1"
        assert count <= recorded[key], f"{key}: {count} queries, {recorded[key]} recorded"
