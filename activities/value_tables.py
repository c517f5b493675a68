"""Columns of the lists of values of the app: rooms and resources, outcomes."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from activities.selectors.rooms import Taken, rooms_next
from core import display
from core.tables import BooleanColumn, CodeColumn, Column, NumberColumn, Table


class HeldColumn(Column):
    """Whether a room is free at this moment, until when, and who has it next."""

    def html(self, value: Any, row: Any) -> str:
        colour = "red" if value.is_now else "green"
        badge = format_html('<span class="badge bg-{}-lt">{}</span>', colour, self._state(value))
        return format_html("{} {}", badge, self._who(value)) if value.taken else badge

    def text(self, value: Any, row: Any) -> Any:
        return f"{self._state(value)}: {value.taken.label}" if value.taken else self._state(value)

    def _state(self, value: "Held") -> str:
        if value.taken is None:
            return pgettext("room", "free")
        text = _("taken until %(when)s") if value.is_now else _("free until %(when)s")
        return text % {"when": value.until}

    def _who(self, value: "Held") -> str:
        taken = value.taken
        if taken is None or not taken.url:
            return escape(taken.label) if taken else ""
        return format_html('<a class="text-reset" href="{}"><bdi>{}</bdi></a>', taken.url, taken.label)


class Held:
    """Who has a room now or next, as far as the reader may know."""

    def __init__(self, taken: Taken | None):
        self.taken = taken
        self.is_now = taken is not None and taken.starts <= timezone.now()

    @property
    def until(self) -> str:
        """When that ends, or begins: the time today, else the day too."""
        if self.taken is None:
            return ""
        moment = display.localtime(self.taken.ends if self.is_now else self.taken.starts)
        today = moment.date() == display.current().today()
        return display.format_time(moment) if today else display.format_datetime(moment, "day")


class ListTable(Table):
    """A list of values; a line leads to the page where the value is edited."""

    default_order = "position"
    selectable = False
    user: Any = None

    def url_of(self, row: Any) -> str:
        meta = row._meta
        return reverse(f"{meta.app_label}:{meta.model_name}_edit", args=[row.pk])


class ResourceTable(ListTable):
    """Rooms and resources: what they are, where, and whether they are free."""

    name = Column(gettext_lazy("name"), str, order_by="name_fa", link=True)
    held = HeldColumn(gettext_lazy("now and next"))
    capacity = NumberColumn(gettext_lazy("seats"), order_by="capacity")
    place = Column(gettext_lazy("place"), order_by="place")
    position = NumberColumn(gettext_lazy("order"), order_by="position")
    is_active = BooleanColumn(gettext_lazy("active"), order_by="is_active")
    name_fa = Column(gettext_lazy("Persian name"), order_by="name_fa", default=False)
    name_en = CodeColumn(gettext_lazy("English name"), order_by="name_en", default=False)
    code = CodeColumn(gettext_lazy("code"), order_by="code", default=False)

    def _with_holders(self, rows: Iterable[Any]) -> list[Any]:
        """The rooms, each with who has it; two queries for all of them, none while the column is hidden."""
        listed = list(rows)
        if any(column.key == "held" for column in self.columns):
            found = rooms_next(user=self.user, resources=[row.pk for row in listed])
            for row in listed:
                row.held = Held(found.get(row.pk)) if row.is_active else None
        return listed

    def body(self, rows: Iterable[Any]) -> SafeString:
        return super().body(self._with_holders(rows))

    def export_rows(self, rows: Iterable[Any]) -> Iterable[list[Any]]:
        return super().export_rows(self._with_holders(rows))


class KindColumn(Column):
    """For which kind of activity an outcome is offered."""

    def html(self, value: Any, row: Any) -> str:
        return escape(self.text(value, row))

    def text(self, value: Any, row: Any) -> Any:
        return capfirst(value) if value else ""


def _kind(row: Any) -> str:
    return str(row.get_kind_display() if row.kind else _("every kind"))


class OutcomeTable(ListTable):
    """Outcomes, with the kind of activity they are for."""

    name = Column(gettext_lazy("name"), str, order_by="name_fa", link=True)
    kind = KindColumn(gettext_lazy("kind of activity"), _kind, order_by="kind")
    is_success = BooleanColumn(gettext_lazy("counts as success"), order_by="is_success")
    position = NumberColumn(gettext_lazy("order"), order_by="position")
    is_active = BooleanColumn(gettext_lazy("active"), order_by="is_active")
    name_fa = Column(gettext_lazy("Persian name"), order_by="name_fa", default=False)
    name_en = CodeColumn(gettext_lazy("English name"), order_by="name_en", default=False)
    code = CodeColumn(gettext_lazy("code"), order_by="code", default=False)
