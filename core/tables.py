"""Tables: columns declared once, rendered in one pass of Python (a template per cell costs five times as much)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import display

Getter = Callable[[Any], Any]


class Column:
    """One column: where the value comes from, how it is shown, by what it is sorted.

    ``order_by`` names the database fields of an ascending sort (none: not sortable; "-" for one that falls); ``select``/``prefetch`` are
    fetched only while the column is shown; ``field`` is the model field a role may be forbidden to read.
    """

    align = "start"
    phone_main = False

    def __init__(
        self,
        label: Any,
        accessor: str | Getter = "",
        *,
        order_by: str | Sequence[str] = (),
        select: Sequence[str] = (),
        prefetch: Sequence[Any] = (),
        default: bool = True,
        field: str = "",
        link: bool = False,
        total: bool = False,
    ):
        self.label = label
        self.accessor = accessor
        self.order_by = (order_by,) if isinstance(order_by, str) else tuple(order_by)
        self.select = tuple(select)
        self.prefetch = tuple(prefetch)
        self.default = default
        self.field = field
        self.link = link
        self.total = total
        self.key = ""

    def bind(self, key: str) -> None:
        """Called once by the table with the attribute's name."""
        self.key = key
        self.accessor = self.accessor or key
        self.field = self.field or key

    def value(self, row: Any) -> Any:
        """The raw value of the cell."""
        if callable(self.accessor):
            return self.accessor(row)
        value = row
        for part in self.accessor.split("."):
            value = getattr(value, part, None)
            if value is None:
                return None
        return value() if callable(value) else value

    def html(self, value: Any, row: Any) -> str:
        """The cell's content as safe HTML."""
        return f"<bdi>{escape(value)}</bdi>"

    def text(self, value: Any, row: Any) -> Any:
        """The cell's content for an export."""
        return "" if value is None else str(value)


class NumberColumn(Column):
    """A number in the user's digits."""

    align = "end"

    def html(self, value: Any, row: Any) -> str:
        return display.format_number(value)

    def text(self, value: Any, row: Any) -> Any:
        return value


class PercentColumn(NumberColumn):
    """A percentage kept as 0…100."""

    def html(self, value: Any, row: Any) -> str:
        return display.format_percent(value / 100)


class MoneyColumn(Column):
    """An amount in the user's money unit; ``currency`` is the attribute that names its currency."""

    align = "end"

    def __init__(self, label: Any, accessor: str | Getter = "", *, currency: str = "currency", **kwargs: Any):
        super().__init__(label, accessor, **kwargs)
        self.currency = currency

    def html(self, value: Any, row: Any) -> str:
        return escape(display.format_money(value, getattr(row, self.currency, None) or "IRR"))

    def text(self, value: Any, row: Any) -> Any:
        return value


class RoundedMoneyColumn(MoneyColumn):
    """An amount rounded for the eye; the exact one is in its title, on the record and in exports."""

    def html(self, value: Any, row: Any) -> str:
        currency = getattr(row, self.currency, None) or "IRR"
        exact, rounded = display.format_money(value, currency), display.format_money_compact(value, currency)
        return f'<span class="text-nowrap" title="{escape(exact)}">{escape(rounded)}</span>'


class DateColumn(Column):
    """A date in the user's calendar."""

    def html(self, value: Any, row: Any) -> str:
        return f'<bdi dir="ltr">{display.format_date(value)}</bdi>'

    def text(self, value: Any, row: Any) -> Any:
        return display.format_date(value)


class DateTimeColumn(DateColumn):
    """A moment in the user's calendar and time zone."""

    def html(self, value: Any, row: Any) -> str:
        return f'<bdi dir="ltr">{display.format_datetime(value)}</bdi>'

    def text(self, value: Any, row: Any) -> Any:
        return display.format_datetime(value)


class DueColumn(DateTimeColumn):
    """A moment that turns red when it has passed."""

    def html(self, value: Any, row: Any) -> str:
        from django.utils import timezone

        late = " text-danger fw-bold" if value < timezone.now() else ""
        return f'<span class="text-nowrap{late}">{escape(display.relative_day(value))}</span>'


class CodeColumn(Column):
    """Phones, e-mails, codes: left to right in both directions."""

    def html(self, value: Any, row: Any) -> str:
        return f'<bdi dir="ltr">{escape(value)}</bdi>'


class PhoneColumn(CodeColumn):
    """A phone number that can be called."""

    def html(self, value: Any, row: Any) -> str:
        return f'<a class="text-reset" href="tel:{escape(value)}" dir="ltr">{escape(display.format_phone(value))}</a>'


class EmailColumn(CodeColumn):
    """An address that can be written to."""

    def html(self, value: Any, row: Any) -> str:
        return f'<a class="text-reset" href="mailto:{escape(value)}" dir="ltr">{escape(value)}</a>'


class BadgeColumn(Column):
    """A choice as a coloured badge; ``colours`` maps values to Tabler colours."""

    def __init__(self, label: Any, accessor: str | Getter = "", *, colours: dict[str, str], **kwargs: Any):
        super().__init__(label, accessor, **kwargs)
        self.colours = colours
        self._badges: dict[tuple[str, Any], str] = {}

    def html(self, value: Any, row: Any) -> str:
        key = (display.current().language, value)
        if key not in self._badges:  # there are as many as the field has choices
            colour = self.colours.get(value, "secondary")
            self._badges[key] = f'<span class="badge bg-{colour}-lt">{escape(self.text(value, row))}</span>'
        return self._badges[key]

    def text(self, value: Any, row: Any) -> Any:
        label = getattr(row, f"get_{self.field}_display", None)
        return capfirst(str(label()) if label else str(value))


class BooleanColumn(Column):
    """Yes or no."""

    def html(self, value: Any, row: Any) -> str:
        return escape(self.text(value, row))

    def text(self, value: Any, row: Any) -> Any:
        return _("Yes") if value else _("No")


class TableMeta(type):
    """Collects the columns in the order they were written."""

    columns_by_key: dict[str, Column]

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> "TableMeta":
        own = {key: value for key, value in attrs.items() if isinstance(value, Column)}
        cls = super().__new__(mcs, name, bases, {k: v for k, v in attrs.items() if k not in own})
        inherited = dict(getattr(cls, "columns_by_key", {}))
        for key, column in own.items():
            column.bind(key)
        cls.columns_by_key = {**inherited, **own}
        return cls


class Table(metaclass=TableMeta):
    """The columns of a list. ``default_order`` is the order of the first visit, a column key with "-" for descending."""

    columns_by_key: dict[str, Column]
    default_order = ""
    selectable = True

    def __init__(self, columns: Iterable[str] = (), *, hidden_fields: frozenset[str] = frozenset()):
        allowed = {k: c for k, c in self.columns_by_key.items() if c.field not in hidden_fields}
        chosen = [allowed[key] for key in columns if key in allowed]
        self.columns = chosen or [column for column in allowed.values() if column.default]
        self.choices = list(allowed.values())
        self.sortable = {k: c for k, c in allowed.items() if c.order_by}

    def prepare(self, queryset: models.QuerySet) -> models.QuerySet:
        """Fetch what the visible columns need, and nothing else."""
        select = {name for column in self.columns for name in column.select}
        prefetch = [name for column in self.columns for name in column.prefetch]
        if select:
            queryset = queryset.select_related(*select)
        return queryset.prefetch_related(*prefetch) if prefetch else queryset

    def ordering(self, wanted: str) -> tuple[str, list[str]]:
        """The order asked for (or the default) and its database fields, ended by the key that breaks ties."""
        sortable = self.sortable
        if wanted.lstrip("-") not in sortable or wanted.startswith("--"):
            wanted = self.default_order
        if wanted.lstrip("-") not in sortable:
            return "", ["-pk"]
        descending = wanted.startswith("-")
        order_by = sortable[wanted.lstrip("-")].order_by
        fields = [f"{'-' if descending != f.startswith('-') else ''}{f.lstrip('-')}" for f in order_by]
        return wanted, [*fields, "-pk" if descending else "pk"]

    def row_attrs(self, row: Any) -> str:
        """More attributes for the row, as safe HTML."""
        return ""

    def url_of(self, row: Any) -> str:
        """The page of the row, empty when it leads nowhere."""
        return str(row.get_absolute_url())

    def body(self, rows: Iterable[Any]) -> SafeString:
        """All rows as HTML; user values are escaped by the columns."""
        select_label = escape(_("Select"))
        heads = [
            (
                column,
                escape(capfirst(str(column.label))),
                f' class="text-{column.align}"' if column.align != "start" else "",
            )
            for column in self.columns
        ]
        parts: list[str] = []
        for row in rows:
            url = escape(self.url_of(row))
            opens = f' data-url="{url}"' if url else ""
            parts.append(f'<tr data-pk="{row.pk}"{opens}{self.row_attrs(row)}>')
            if self.selectable:
                parts.append(
                    '<td class="w-1 row-select-cell"><input type="checkbox" class="form-check-input row-select"'
                    f' name="pk" value="{row.pk}" aria-label="{select_label}"></td>'
                )
            parts.extend(self._cell(column, label, attrs, row, url) for column, label, attrs in heads)
            parts.append("</tr>")
        return mark_safe("".join(parts))

    def _cell(self, column: Column, label: str, attrs: str, row: Any, url: str) -> str:
        value = column.value(row)
        html = "" if value is None or value == "" else column.html(value, row)
        if column.link and url:
            html = f'<a href="{url}" class="row-link">{html or "—"}</a>'
        return f'<td data-label="{label}"{attrs}>{html}</td>'

    def export_rows(self, rows: Iterable[Any]) -> Iterable[list[Any]]:
        """The visible columns' values, row by row, for CSV and XLSX."""
        for row in rows:
            yield [column.text(column.value(row), row) for column in self.columns]


def safe(value: Any) -> SafeString:
    """Escape unless already safe; for detail fields that may hold HTML."""
    return mark_safe(conditional_escape(value))
