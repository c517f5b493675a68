"""Columns of the lists of people, teams, branches, roles, holidays and currencies."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from core import display
from core.calendar.jalali import weekday_name
from core.tables import BooleanColumn, CodeColumn, Column, DateColumn, DateTimeColumn, NumberColumn, PhoneColumn, Table


class RolesColumn(Column):
    """The roles of a person as small badges."""

    def value(self, row: Any) -> Any:
        return [group.role for group in row.groups.all() if hasattr(group, "role")]

    def html(self, value: Any, row: Any) -> str:
        return format_html_join(" ", '<span class="badge bg-blue-lt">{}</span>', ((str(role),) for role in value))

    def text(self, value: Any, row: Any) -> Any:
        return display.listed(value)


class ActiveColumn(BooleanColumn):
    """Open or closed access."""

    def html(self, value: Any, row: Any) -> str:
        return format_html(
            '<span class="badge bg-{}-lt">{}</span>', "green" if value else "secondary", self.text(value, row)
        )

    def text(self, value: Any, row: Any) -> Any:
        return str(_("Active") if value else _("Closed"))


class UserTable(Table):
    """People."""

    default_order = "name"
    selectable = False

    name = Column(_("name"), str, order_by=("first_name", "last_name"), link=True, field="first_name")
    email = CodeColumn(_("email"), order_by="email")
    roles = RolesColumn(_("roles"), prefetch=("groups__role",))
    team = Column(_("team"), "team.name", order_by="team__name", select=("team",))
    branch = Column(_("branch"), "branch.name", order_by="branch__name", select=("branch",))
    job_title = Column(_("job title"), order_by="job_title", default=False)
    mobile = PhoneColumn(_("mobile"), order_by="mobile", default=False)
    is_active = ActiveColumn(_("access"), order_by="is_active")
    last_login = DateTimeColumn(_("last sign-in"), order_by="last_login")
    date_joined = DateTimeColumn(_("joined"), order_by="date_joined", default=False)


class TeamTable(Table):
    """Teams."""

    default_order = "path"
    selectable = False

    name = Column(_("name"), order_by="name", link=True)
    path = Column(_("part of"), "parent.name", order_by="path", select=("parent",))
    leader = Column(_("leader"), "leader", order_by=("leader__first_name", "leader__last_name"), select=("leader",))
    branch = Column(_("branch"), "branch.name", order_by="branch__name", select=("branch",))
    members = NumberColumn(_("people"), "member_count")
    is_active = ActiveColumn(_("status"), order_by="is_active")


class BranchTable(Table):
    """Offices."""

    default_order = "name"
    selectable = False

    name = Column(_("name"), order_by="name", link=True)
    city = Column(_("city"), order_by="city")
    members = NumberColumn(_("people"), "member_count")
    is_active = ActiveColumn(_("status"), order_by="is_active")


class RoleTable(Table):
    """Roles."""

    selectable = False

    name = Column(_("role"), str, link=True, order_by="pk", field="name_fa")
    description = Column(_("description"), "description", field="description_fa")
    members = NumberColumn(_("people"), "member_count")
    mfa_required = BooleanColumn(_("two-step sign-in"), order_by="mfa_required")


class HolidayTable(Table):
    """Days off."""

    default_order = "date"
    selectable = False

    date = DateColumn(_("date"), order_by="date", link=True)
    weekday = Column(_("day of the week"), lambda row: weekday_name(row.date, display.current().language), field="date")
    name = Column(_("name"), order_by="name")
    is_estimated = BooleanColumn(_("estimated"), order_by="is_estimated")


class CurrencyTable(Table):
    """Currencies."""

    default_order = "code"
    selectable = False

    code = CodeColumn(_("code"), order_by="code", link=True)
    name = Column(_("name"), str, field="name_fa")
    rate = NumberColumn(_("rate to the base currency"), order_by="rate")
    exponent = NumberColumn(_("decimal places"), order_by="exponent")
    is_active = ActiveColumn(_("status"), order_by="is_active")
