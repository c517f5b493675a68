"""Columns of the lists of the app."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import Prefetch
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from activities.choices import Priority, Status
from activities.models import Activity, Assignment
from activities.selectors.activities import records_of
from core import display
from core.tables import BadgeColumn, BooleanColumn, Column, DateTimeColumn, NumberColumn, Table
from core.templatetags.display import icon

STATUS_COLOURS: dict[str, str] = {Status.PLANNED: "blue", Status.DONE: "green", Status.CANCELLED: "secondary"}
PRIORITY_COLOURS: dict[int, str] = {Priority.LOW: "secondary", Priority.HIGH: "orange", Priority.URGENT: "red"}
BATCH = 500


class SubjectColumn(Column):
    """What it is, with the sign of its kind; a lock on a private one."""

    def html(self, value: Any, row: Any) -> str:
        kind = icon(row.icon, label=capfirst(str(row.get_kind_display())))
        lock = f" {icon('lock', label=str(_('Private')))}" if row.is_private else ""
        if row.is_open and row.priority > Priority.NORMAL:
            sign = icon("flag-3", f"icon text-{PRIORITY_COLOURS[row.priority]}", str(row.get_priority_display()))
            lock = f" {sign}{lock}"
        done = " text-secondary" if row.status != Status.PLANNED else ""
        return f'<span class="pv-activity{done}">{kind} <bdi>{escape(value)}</bdi>{lock}</span>'


class WhenColumn(DateTimeColumn):
    """When it is due; red when it is late."""

    def html(self, value: Any, row: Any) -> str:
        late = " text-danger fw-bold" if row.is_late() else ""
        clock = "" if row.all_day else f' <bdi dir="ltr">{display.format_time(value)}</bdi>'
        title = escape(display.format_date(value) if row.all_day else display.format_datetime(value))
        return f'<span class="text-nowrap{late}" title="{title}">{escape(display.relative_day(value))}{clock}</span>'


class PriorityColumn(BadgeColumn):
    """The priority, where it is not the usual one."""

    def html(self, value: Any, row: Any) -> str:
        return "" if value == Priority.NORMAL else super().html(value, row)


class RecordsColumn(Column):
    """The records it is about, of those the reader may see; the table finds them for the whole page."""

    def html(self, value: Any, row: Any) -> str:
        links = (
            f'<a class="text-reset" href="{escape(record.get_absolute_url())}"><bdi>{escape(record)}</bdi></a>'
            for record in value
        )
        return display.comma().join(links)

    def text(self, value: Any, row: Any) -> Any:
        return display.listed(value or ())


class PeopleColumn(Column):
    """The assignees; who is done is struck through."""

    def html(self, value: Any, row: Any) -> str:
        return display.comma().join(
            f"<s><bdi>{escape(part.user)}</bdi></s>" if part.done_at else f"<bdi>{escape(part.user)}</bdi>"
            for part in value
        )

    def text(self, value: Any, row: Any) -> Any:
        return display.listed(part.user for part in value or ())


def assignees(row: Activity) -> list[Assignment]:
    """The assignments that came with the page."""
    return list(row.assignments.all())


class ActivityTable(Table):
    """The list of activities. ``user`` is who reads it: records he or she may not see are left out."""

    default_order = "-created_at"
    user: Any = None

    subject = SubjectColumn(_("Subject"), str, order_by="subject", link=True)
    due_at = WhenColumn(_("When"), order_by="due_at")
    records = RecordsColumn(_("About"))
    status = BadgeColumn(_("Status"), colours=STATUS_COLOURS)
    owner = Column(_("Owner"), select=["owner"])
    assignees = PeopleColumn(
        _("Assignees"),
        assignees,
        prefetch=[Prefetch("assignments", Assignment.objects.select_related("user").order_by("pk"))],
    )
    priority = PriorityColumn(_("Priority"), colours=PRIORITY_COLOURS, order_by="priority", default=False)  # type: ignore[arg-type]
    outcome = Column(_("Outcome"), select=["outcome"], default=False)
    kind = BadgeColumn(_("Kind"), colours={}, default=False)
    ends_at = DateTimeColumn(_("Until"), default=False)
    duration = NumberColumn(_("Duration (minutes)"), default=False)
    location = Column(_("Place"), default=False)
    done_at = DateTimeColumn(_("Done at"), order_by="done_at", default=False)
    done_by = Column(_("Done by"), select=["done_by"], default=False)
    outcome_note = Column(_("What was said"), default=False)
    text = Column(_("Text"), default=False)
    is_private = BooleanColumn(_("Private"), default=False)
    team = Column(_("Team"), select=["team"], default=False)
    created_by = Column(_("Created by"), select=["created_by"], default=False)
    created_at = DateTimeColumn(_("Created at"), order_by="created_at", default=False)
    updated_at = DateTimeColumn(_("Last change"), order_by="updated_at", default=False)

    def _find_records(self, rows: list[Any]) -> list[Any]:
        if any(column.key == "records" for column in self.columns):
            found = records_of(rows, user=self.user)
            for row in rows:
                row.records = found.get(row.pk, [])
        return rows

    def body(self, rows: Iterable[Any]) -> SafeString:
        return super().body(self._find_records(list(rows)))

    def export_rows(self, rows: Iterable[Any]) -> Iterable[list[Any]]:
        left = iter(rows)
        while batch := list(islice(left, BATCH)):
            yield from super().export_rows(self._find_records(batch))
