"""The board: columns with the totals of all their rows, the first cards of each, moves, and the moves of others.

The JSON it speaks is described in static/js/behaviors/board.js.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import display
from core.errors import DomainError, PermissionRefused, StaleRecord
from core.history import once_visible
from core.organisation import base_currency
from core.pagination import decode_cursor, encode_cursor
from core.policies import policy_for
from core.views.base import MAX_PK, PageView
from core.views.filtered import FilteredMixin, QuickFilter

OVERLAP = dt.timedelta(seconds=3)  # a move may be committed a little after its time of change
POLL_LIMIT = 100
ZWNJ = "\u200c"


@dataclass
class BoardColumn:
    """A column and, once filled, its totals and first cards."""

    key: str
    label: str
    colour: str = "secondary"
    tooltip: str = ""
    is_won: bool = False
    is_lost: bool = False
    count_label: str = ""
    sum_html: str = ""
    weighted_html: str = ""
    cards: list[dict[str, Any]] = field(default_factory=list)
    more_url: str = ""


class BoardView(FilteredMixin, PageView):
    """A board page. Subclasses say what the columns are, how a card looks, and which service moves it.

    ``column_field`` is the relation that names a row's column; ``order`` must have an index that starts with it.
    ``sum_field`` and ``weighted_field`` are database columns in the organisation's base currency. The page asks a fixed
    number of queries: one GROUP BY for the totals of whole columns, one for the first cards of all of them. A board that
    knows its sums from elsewhere says so in ``summed``.
    """

    template_name = "generic/board.html"
    whole_page = True
    state_keys: ClassVar[tuple[str, ...]] = ()
    page_keys: ClassVar[tuple[str, ...]] = ("column", "after", "since", "page", "sort", "size", "_filters")
    column_field: ClassVar[str]
    order: ClassVar[Sequence[str]] = ("-pk",)
    sum_field: ClassVar[str] = ""
    weighted_field: ClassVar[str] = ""
    column_size: ClassVar[int] = 12

    def get_columns(self) -> list[BoardColumn]:
        """The columns in order, without totals and cards."""
        raise NotImplementedError

    def card_rows(self, rows: models.QuerySet) -> models.QuerySet:
        """The rows with what a card needs."""
        return rows

    def get_card(self, row: Any, *, movable: bool) -> dict[str, Any]:
        """What generic/_board_card.html shows of a row."""
        raise NotImplementedError

    def get_title(self) -> str:
        return capfirst(str(self.title or self.model._meta.verbose_name_plural))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "_filters" in request.GET:
            return self.filter_panel()
        if "since" in request.GET:
            return JsonResponse(self.changes(request.GET["since"]))
        if "column" in request.GET:
            return self.more(request.GET["column"], request.GET.get("after", ""))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cursor = timezone.now().isoformat()
        columns = self.filled_columns()
        state = self.state()
        notices = " ".join(self.notices())
        return super().get_context_data(
            columns=columns,
            cursor=cursor,
            poll_url=self.request.path,
            may_move=self.may("change"),
            list_url=self.list_url(),
            create_url=self.url("add") if self.may("add") else "",
            filters_url=f"?{state}&_filters=1",
            clear_url=self.clear_url(),
            chips=self.chips(),
            notice=notices,
            quick_filters=self.get_quick_filters(),
            search_value=self.request.GET.get("q", ""),
            **kwargs,
        )

    def list_url(self) -> str:
        """The list with the same filters."""
        url = self.url("list")
        return f"{url}?{self.filter_data.urlencode()}" if url and self.filter_data else url

    def state(self) -> str:
        """The query string of the board: which one, and its filters."""
        query = self.request.GET.copy()
        for key in self.page_keys:
            query.pop(key, None)
        return query.urlencode()

    def clear_url(self) -> str:
        kept = {key: self.request.GET[key] for key in self.state_keys if key in self.request.GET}
        query = QueryDict(mutable=True)
        query.update(kept)
        return f"{self.request.path}?{query.urlencode()}"

    def quick(self, label: Any, **params: str) -> QuickFilter:
        """A quick filter of the same board; pressed again it is taken off."""
        found = super().quick(label, **params)
        query = QueryDict(mutable=True)
        query.update({key: self.request.GET[key] for key in self.state_keys if key in self.request.GET})
        if not found.active:
            query.update(params)
        return QuickFilter(found.label, query.urlencode(), found.active)

    # Columns -------------------------------------------------------------------------------------------------------

    def filled_columns(self) -> list[BoardColumn]:
        """The columns with totals and first cards: two queries, and one for what may be moved."""
        columns = self.get_columns()
        sums = self.summed([column.key for column in columns])
        # An empty column is not looked through: under a filter its rows are many, and none of them is what is sought.
        found = self.first_rows([column.key for column in columns if sums.get(column.key, {}).get("count")])
        movable = self.movable([row for rows in found.values() for row in rows])
        for column in columns:
            total = self.total_html(sums.get(column.key, {}))
            column.count_label, column.sum_html, column.weighted_html = total["count"], total["sum"], total["weighted"]
            rows = found.get(column.key, [])
            column.more_url = self.more_url(column.key, rows)
            column.cards = [self.get_card(row, movable=row.pk in movable) for row in rows[: self.column_size]]
        return columns

    def first_rows(self, keys: list[str]) -> dict[str, list[Any]]:
        """Column key → its first rows and one more; one query over all columns, each limited by itself."""
        if not keys:
            return {}
        rows = self.filtered()
        parts = [
            rows.filter(**{self.column_field: key}).order_by(*self.order).values("pk")[: self.column_size + 1]
            for key in keys
        ]
        picked = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        manager: Any = self.model._default_manager
        found: dict[str, list[Any]] = {key: [] for key in keys}
        for row in self.card_rows(manager.filter(pk__in=picked)).order_by(*self.order):
            found[self.column_of(row)].append(row)
        return found

    def more_url(self, key: str, rows: list[Any]) -> str:
        """Where the rest of the column is, empty when everything is shown."""
        if len(rows) <= self.column_size:
            return ""
        after = encode_cursor(rows[self.column_size - 1], list(self.order))
        query = QueryDict(self.state(), mutable=True)
        query.update({"column": key, "after": after})
        return f"{self.board_path()}?{query.urlencode()}"

    def board_path(self) -> str:
        """The address of the board itself."""
        return self.url("board")

    def more(self, key: str, after: str) -> HttpResponse:
        """The next cards of one column, after the last one shown."""
        if key not in {column.key for column in self.get_columns()}:
            raise Http404
        condition = decode_cursor(after, list(self.order), self.model)
        rows = self.filtered().filter(**{self.column_field: key})
        if condition is not None:
            rows = rows.filter(condition)
        found = list(self.card_rows(rows).order_by(*self.order)[: self.column_size + 1])
        movable = self.movable(found)
        context = {
            "cards": [self.get_card(row, movable=row.pk in movable) for row in found[: self.column_size]],
            "more_url": self.more_url(key, found),
        }
        return HttpResponse(render_to_string("generic/_board_cards.html", context, self.request))

    def movable(self, rows: Iterable[Any]) -> set[int]:
        """Keys of the rows the user may move; a query only when some of what one sees may not be changed."""
        keys = [row.pk for row in rows]
        scope = policy_for(self.model).scope(self.request.user, "change")
        if scope is None or not keys:
            return set()
        if not scope:
            return set(keys)
        manager: Any = self.model._default_manager
        return set(manager.filter(scope, pk__in=keys).values_list("pk", flat=True))

    def totals(self, columns: Sequence[BoardColumn]) -> dict[str, dict[str, str]]:
        """Column key → count, sum and weighted sum of the whole column as HTML."""
        found = self.summed([column.key for column in columns])
        return {column.key: self.total_html(found.get(column.key, {})) for column in columns}

    def summed(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Column key → ``count``, ``sum`` and ``weighted`` of the whole column; one GROUP BY over these columns."""
        figures: dict[str, Any] = {"count": Count("*")}
        if self.sum_field:
            figures["sum"] = Sum(self.sum_field)
        if self.weighted_field:
            figures["weighted"] = Sum(self.weighted_field)
        rows = self.filtered().filter(**{f"{self.column_field}__in": keys})
        groups = rows.order_by().values_list(self.column_field).annotate(**figures)
        return {str(key): dict(zip(figures, values, strict=True)) for key, *values in groups}

    @cached_property
    def currency(self) -> str:
        """The currency of the sums."""
        return base_currency()

    def total_html(self, total: dict[str, Any]) -> dict[str, str]:
        """The figures of a column in the user's digits and money unit."""
        return {
            "count": escape(display.format_number(total.get("count", 0))),
            "sum": money_html(total.get("sum") or 0, self.currency) if self.sum_field else "",
            "weighted": money_html(total.get("weighted") or 0, self.currency) if self.weighted_field else "",
        }

    # Moves ---------------------------------------------------------------------------------------------------------

    def changes(self, since: str) -> dict[str, Any]:
        """What happened since the cursor: cards that moved or changed, and those that left the board."""
        cursor = timezone.now().isoformat()
        start = parse_moment(since)
        if start is None:
            return {"cursor": cursor}
        manager: Any = getattr(self.model, "all_objects", self.model._default_manager)
        changed = manager.filter(updated_at__gt=start - OVERLAP).order_by("-updated_at").values_list("pk", flat=True)
        keys = sorted(once_visible(self.model, list(changed[:POLL_LIMIT]), self.request.user))
        return {"cursor": cursor, **(self.payload(keys) if keys else {})}

    def payload(self, keys: list[int], touched: Iterable[str] = ()) -> dict[str, Any]:
        """The present place of the rows on this board, and the new totals: of the touched columns, or of all."""
        columns = [column for column in self.get_columns() if not touched or column.key in touched]
        rows = list(self.card_rows(self.filtered().filter(pk__in=keys)))
        movable = self.movable(rows)
        moved = [self.placed(row, movable=row.pk in movable) for row in rows]
        seen = {row.pk for row in rows}
        return {"moved": moved, "gone": [key for key in keys if key not in seen], "totals": self.totals(columns)}

    def column_of(self, row: Any) -> str:
        """The key of the row's column."""
        return str(getattr(row, f"{self.column_field}_id"))

    def placed(self, row: Any, *, movable: bool) -> dict[str, Any]:
        """A card with its column, as board.js wants it."""
        html = render_to_string("generic/_board_card.html", {"card": self.get_card(row, movable=movable)}, self.request)
        return {"pk": row.pk, "column": self.column_of(row), "html": re.sub(r">\s+<", "><", html.strip())}


class BoardMoveView(BoardView):
    """Answers the move of one card. Its address carries the query string of the board, so that the totals are right.

    Subclasses also mix in their board and say how to move; ``asks`` are codes of refusals that a dialog can settle.
    """

    http_method_names = ("post", "options")
    permission = "change"
    asks: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> Any:
        """The board's own rows: what one may see, not only what one may change."""
        manager: Any = self.model._default_manager
        return manager.for_user(self.request.user, "view")

    def get_record(self) -> Any:
        """The row to be moved; one that may not be changed answers 404."""
        manager: Any = self.model._default_manager
        row = manager.for_user(self.request.user, "change").filter(pk=min(self.kwargs["pk"], MAX_PK)).first()
        if row is None:
            raise Http404
        return row

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_record()
        before = self.column_of(row)
        try:
            toast = self.perform(row)
        except StaleRecord:
            text = _("Somebody else changed this card a moment ago. It is shown as it is now.")
            return JsonResponse({"message": text, **self.payload([row.pk])}, status=409)
        except PermissionRefused as error:
            return JsonResponse({"message": str(error)}, status=403)
        except DomainError as error:
            if error.code in self.asks:
                return self.ask(row, error)
            return JsonResponse({"message": str(error)}, status=422)
        changed = self.payload([row.pk], {before, self.column_of(row)})
        return JsonResponse({**changed, **({"toast": toast} if toast else {})})

    def perform(self, row: Any) -> dict[str, Any] | None:
        """Call the service and give ``row`` its new column; the toast (text, level, undo address) that tells of it."""
        raise NotImplementedError

    def ask(self, row: Any, error: DomainError) -> HttpResponse:
        """The dialog (HTTP 422) that asks for what is missing."""
        raise NotImplementedError


def settled(changed: dict[str, Any], toast: dict[str, Any] | None = None) -> HttpResponse:
    """The answer of a dialog that a move opened: close it and show the cards as they are now."""
    trigger = {"dialog:close": True, "board:changed": changed, **({"toast": toast} if toast else {})}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(trigger)})


def parse_moment(value: str) -> dt.datetime | None:
    """A cursor of the polling, None when it is not one of ours."""
    try:
        found = parse_datetime(value.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and found.year > 2000 else None


def money_html(amount: Any, currency: str) -> str:
    """An amount rounded for reading, exact in its tooltip."""
    exact, short = display.format_money(amount, currency), display.format_money_compact(amount, currency)
    return format_html('<bdi title="{}">{}</bdi>', exact, short)


def initials(name: str) -> str:
    """Up to two initials; the letters of Persian names do not join."""
    words = [word for word in name.split() if word]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [name[:1]]
    return ZWNJ.join(letters).upper()
