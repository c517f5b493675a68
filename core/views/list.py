"""The list: scoped rows → filters → order → visible columns → page; or the same rows as a file."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from core.pagination import paginate
from core.tables import Table
from core.views import export
from core.views.base import PageView, safe_return_url
from core.views.filtered import FilteredMixin, QuickFilter

__all__ = ["BulkAction", "ObjectListView", "QuickFilter", "RenderedTable"]


@dataclass(frozen=True)
class RenderedTable:
    """The table as the template prints it."""

    columns: list[dict[str, Any]]
    body: Any
    selectable: bool
    totals: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class BulkAction:
    """Something done to the selected rows: a view that takes ``pk`` values (or ``all=1`` with the list's filters)."""

    label: str
    url: str
    icon: str
    confirm: str = ""


class ObjectListView(FilteredMixin, PageView):
    """A list page. Subclasses name ``model``, ``table_class`` and ``filterset_class``; the rest follows."""

    table_class: ClassVar[type[Table]]
    template_name = "generic/list.html"
    partial_template_name = "generic/_list_results.html"
    empty_hint: ClassVar[Any] = ""

    def get_title(self) -> str:
        return capfirst(str(self.title or self.model._meta.verbose_name_plural))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "_filters" in request.GET:
            return self.filter_panel()
        if "_columns" in request.GET:
            return self.side_panel("columns", self._column_context())
        if request.GET.get("export"):
            return export.respond(self, request.GET["export"])
        context = self.get_context_data()
        htmx = getattr(request, "htmx", None)
        partial = htmx and htmx.target == "results" and not htmx.history_restore_request
        response = self.response_class(
            request,
            [self.partial_template_name if partial else self.template_name],
            context,
            using=self.template_engine,
        )
        response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remember the chosen columns for the user."""
        wanted = [] if "reset" in request.POST else request.POST.getlist("column")
        keys = [key for key in wanted if key in self.table_class.columns_by_key]
        chosen = {**request.user.list_columns, self.model._meta.label_lower: keys}
        get_user_model()._default_manager.filter(pk=request.user.pk).update(list_columns=chosen)
        return redirect(safe_return_url(request, request.path))

    @cached_property
    def table(self) -> Table:
        """The table with the user's columns, without fields the user may not read."""
        label = self.model._meta.label_lower
        user = self.request.user
        return self.table_class(user.list_columns.get(label, ()), hidden_fields=user.hidden_fields(label))

    @cached_property
    def order(self) -> tuple[str, list[str]]:
        """The order asked for as the table understands it."""
        return self.table.ordering(self.request.GET.get("sort", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted, fields = self.order
        page = paginate(self.table.prepare(self.filtered()), fields, self.request.GET)
        page.notice = " ".join([page.notice, *self.notices()]).strip()
        may_export = self.may("export")
        bulk_actions = self.get_bulk_actions()
        self.table.selectable = self.table.selectable and bool(bulk_actions)  # no boxes where they lead to nothing
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("after", None)
        state = query.urlencode()
        filtering = self.filterset is not None
        return super().get_context_data(
            table=RenderedTable(self._header(wanted), self.table.body(page.rows), self.table.selectable),
            pager=page,
            chips=self.chips(),
            clear_url=self.clear_url(),
            filters_url=f"?{state}&_filters=1",
            columns_url=f"?{state}&_columns=1",
            quick_filters=self.get_quick_filters(),
            search_value=self.request.GET.get("q", ""),
            create_url=self.url("add") if self.may("add") else "",
            export_urls={kind: f"?{state}&export={kind}" for kind in ("csv", "xlsx")} if may_export else {},
            bulk_actions=bulk_actions,
            empty_kind="none" if page.rows else ("no_match" if filtering else "nothing_yet"),
            empty_hint=self.empty_hint,
            board_url=self.url("board"),
            trash_url=self._trash_url(),
            sort=wanted,
            state=state,
            **kwargs,
        )

    def _header(self, wanted: str) -> list[dict[str, Any]]:
        query = self.request.GET.copy()
        for key in ("page", "after"):
            query.pop(key, None)
        columns = []
        for column in self.table.columns:
            direction = "" if wanted.lstrip("-") != column.key else ("desc" if wanted.startswith("-") else "asc")
            query["sort"] = f"-{column.key}" if direction == "asc" else column.key
            columns.append(
                {
                    "key": column.key,
                    "label": capfirst(str(column.label)),
                    "align": column.align,
                    "sorted": direction,
                    "sortable": bool(column.order_by),
                    "sort_url": f"?{query.urlencode()}" if column.order_by else "",
                }
            )
        return columns

    def _trash_url(self) -> str:
        if not hasattr(self.model, "all_objects") or not self.may("delete"):
            return ""
        return reverse("bin", args=[self.model._meta.label_lower])

    def _column_context(self) -> dict[str, Any]:
        shown = self.table.columns
        hidden = [column for column in self.table.choices if column not in shown]
        columns = [
            {"key": c.key, "label": capfirst(str(c.label)), "shown": c in shown, "locked": c.link}
            for c in [*shown, *hidden]
        ]
        query = self.request.GET.copy()
        query.pop("_columns", None)
        return {
            "columns": columns,
            "columns_url": self.request.path,
            "return_url": f"{self.request.path}?{query.urlencode()}",
        }

    def get_bulk_actions(self) -> list[BulkAction]:
        """Actions on selected rows; subclasses add their own."""
        return []
