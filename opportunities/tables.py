"""Columns of the lists of opportunities."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core import display
from core.tables import (
    BadgeColumn,
    BooleanColumn,
    CodeColumn,
    Column,
    DateColumn,
    DateTimeColumn,
    DueColumn,
    NumberColumn,
    PercentColumn,
    RoundedMoneyColumn,
    Table,
)
from opportunities.choices import Status

STATUS_COLOURS = {Status.OPEN: "blue", Status.WON: "green", Status.LOST: "red"}


def days_label(days: int) -> str:
    """A number of days in words and the person's digits."""
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": display.format_number(days)}


class StageColumn(Column):
    """The stage; green and red when the deal is closed."""

    def html(self, value: Any, row: Any) -> str:
        colour = STATUS_COLOURS.get(row.status, "secondary")
        return f'<span class="badge bg-{colour}-lt"><bdi>{escape(value)}</bdi></span>'


class AgeColumn(Column):
    """Days in the stage; red when that is too long and nothing is planned."""

    align = "end"

    def html(self, value: Any, row: Any) -> str:
        text = escape(days_label(value))
        if not row.is_rotting():
            return text
        return f'<span class="text-danger fw-bold" title="{escape(_("Too long in this stage"))}">{text}</span>'

    def text(self, value: Any, row: Any) -> Any:
        return value


class NextStepColumn(DueColumn):
    """What to do next and when; late ones in red."""

    def html(self, value: Any, row: Any) -> str:
        late = " text-danger fw-bold" if value < timezone.now() and row.is_open else " text-secondary"
        when = f'<span class="text-nowrap{late}">{escape(display.relative_day(value))}</span>'
        return f"<bdi>{escape(row.next_step)}</bdi> {when}" if row.next_step else when


class CloseDateColumn(DateColumn):
    """The expected close date; red when it has passed on an open deal."""

    def html(self, value: Any, row: Any) -> str:
        late = ' class="text-danger fw-bold"' if row.is_open and value < display.current().today() else ""
        return f'<bdi dir="ltr"{late}>{display.format_date(value)}</bdi>'


class OpportunityTable(Table):
    """The list of opportunities."""

    default_order = "-created_at"

    name = Column(_("Name"), order_by="sort_key", link=True)
    account = Column(_("Account"), select=["account"], order_by="account__sort_key")
    stage = StageColumn(_("Stage"), select=["stage"], order_by=["stage__position", "stage__pk"])
    amount = RoundedMoneyColumn(_("Amount"), order_by="base_amount")
    expected_value = RoundedMoneyColumn(
        _("Expected value"), order_by="expected_value", currency="base_currency", field="amount", default=False
    )
    probability = PercentColumn(_("Probability"), order_by="probability", default=False)
    owner = Column(_("Owner"), select=["owner"])
    expected_close_on = CloseDateColumn(pgettext_lazy("column", "Closes on"), order_by="expected_close_on")
    next_step_at = NextStepColumn(_("Next step"), order_by="next_step_at")
    age = AgeColumn(
        _("Days in stage"), "days_in_stage", order_by="-stage_entered_at", select=["stage"], field="stage_entered_at"
    )
    status = BadgeColumn(_("Status"), colours=STATUS_COLOURS, default=False)
    cycle = Column(_("Sales cycle"), select=["cycle"], default=False)
    type = BadgeColumn(_("Type"), colours={}, default=False)
    source = Column(_("Source"), select=["source"], default=False)
    contact = Column(_("Main contact"), select=["contact"], default=False)
    team = Column(_("Team"), select=["team"], default=False)
    furthest_stage = Column(_("Furthest stage"), select=["furthest_stage"], default=False)
    lost_stage = Column(_("Lost in stage"), select=["lost_stage"], default=False)
    close_reason = Column(_("Reason"), select=["close_reason"], default=False)
    competitor = Column(_("Lost to competitor"), default=False)
    opened_on = DateColumn(_("Opened on"), order_by="opened_on", default=False)
    closed_on = DateColumn(_("Closed on"), order_by="closed_on", default=False)
    created_at = DateTimeColumn(_("Created at"), order_by="created_at", default=False)
    updated_at = DateTimeColumn(_("Last change"), order_by="updated_at", default=False)
    external_key = CodeColumn(_("Key in another system"), default=False)


class ReasonNameColumn(Column):
    """The name, which opens the form: a reason has no page of its own."""

    def html(self, value: Any, row: Any) -> str:
        url = escape(reverse("opportunities:closereason_edit", args=[row.pk]))
        return f'<a href="{url}"><bdi>{escape(value)}</bdi></a>'


class ReasonTable(Table):
    """Reasons for winning and losing."""

    default_order = "position"
    selectable = False

    name = ReasonNameColumn(_("Name"), str, field="name_fa")
    outcome = BadgeColumn(_("Outcome"), colours=STATUS_COLOURS, order_by="outcome")
    code = CodeColumn(_("Code"), order_by="code")
    position = NumberColumn(_("Order"), order_by="position")
    is_active = BooleanColumn(_("Active"), order_by="is_active")
