"""The product's addresses, and the two pages of the floor."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe

from core.display import current
from core.pagination import Page
from crm_project.urls import urlpatterns as product

ROWS, COLUMNS = 25, 8
_CELL = '<td data-label="برچسب"><bdi>متن ثابت برای اندازه‌گیری</bdi></td>'
_BODY = "".join(f'<tr data-pk="{n}" data-url="/leads/{n}/">{_CELL * COLUMNS}</tr>' for n in range(ROWS))
_LINKS = [SimpleNamespace(label="پیوند", url="/", icon="list", active=False, key="k", primary=False) for _ in range(4)]
_NAV = [SimpleNamespace(label="بخش", items=_LINKS) for _ in range(4)]


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the server and the middleware."""
    return HttpResponse("ok")


def bare(request: HttpRequest) -> HttpResponse:
    """The layout of a list with 25 rows of constant text and not one query."""
    header: list[dict[str, Any]] = [
        {"key": str(n), "label": "ستون", "align": "start", "sorted": "", "sortable": True, "sort_url": "?sort=x"}
        for n in range(COLUMNS)
    ]
    shell = SimpleNamespace(
        nav=_NAV,
        primary=_LINKS,
        new_items=_LINKS,
        organisation={"name": "نام"},
        unread=3,
        direction="rtl",
        display=current(),
    )
    context = {
        "shell": shell,
        "view_title": "فهرست",
        "table": SimpleNamespace(columns=header, body=mark_safe(_BODY), selectable=True, totals=[]),
        "pager": Page([object()] * ROWS, 1, ROWS, 10_000, True, True, request.GET, "cursor"),
        "filters_url": "?_filters=1",
        "empty_kind": "none",
        "create_url": "/leads/add/",
    }
    return render(request, "generic/list.html", context)


urlpatterns = [path("bench/empty/", empty), path("bench/bare/", bare), *product]
