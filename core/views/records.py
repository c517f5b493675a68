"""Records of any kind by a few typed letters, for fields that take several kinds at once."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, JsonResponse
from django.views import View

from core import hosts, search, text
from core.forms.records import kind_name, reference

PER_KIND = 6


class RecordSearchView(LoginRequiredMixin, View):
    """The hosts that the words find, each with its kind; without words the newest of each kind."""

    def get(self, request: HttpRequest) -> JsonResponse:
        query = text.clean(request.GET.get("q", ""))[: text.MAX_QUERY_LENGTH]
        results: list[dict[str, Any]] = []
        for source in search.sources(request.user):
            if hosts.find(source.model._meta.label_lower) is None:
                continue
            rows = _rows(source, request.user, query)
            results += [{"value": reference(row), "text": str(row), "hint": kind_name(row)} for row in rows]
        return JsonResponse({"results": results})


def _rows(source: search.Source, user: Any, query: str) -> list[Any]:
    if text.search_words(query):
        return search.source_rows(source, user, query, PER_KIND)
    manager: Any = source.model._default_manager
    return list(manager.for_user(user, "view").order_by("-pk")[: PER_KIND // 2])
