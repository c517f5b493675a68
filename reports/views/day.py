"""The first page, and a person's day."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View

from activities.models import Activity
from activities.next_step import next_step_url
from activities.selectors.activities import words_for
from core import hosts, navigation
from core.calendar.periods import Period, period_of
from core.display import current, format_money, format_money_compact, format_number, format_period, money_unit_name
from core.policies import can
from core.views.base import PageView
from leads.models import Lead
from opportunities.choices import Status
from opportunities.models import Opportunity
from opportunities.policies import hides_amounts
from reports import links
from reports.selectors.base import base_currency
from reports.selectors.day import SOON_DAYS, Day, day_of, people_of, sees_others
from reports.selectors.team import may_see_team
from reports.selectors.work import Row, Work, work_of


class HomeView(LoginRequiredMixin, View):
    """``/``: the page the person chose to begin with, else my day."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        for link in navigation.pages(user) if user.first_page else ():
            if link.key == user.first_page:
                return redirect(link.url)
        return redirect("reports:my_day")


class MyDayView(LoginRequiredMixin, PageView):
    """What to do today, and how the month goes; for managers also their people."""

    template_name = "reports/my_day.html"
    title = gettext_lazy("My day")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        day, work = day_of(user=user), work_of(user=user)
        display = current()
        month = period_of(display.today(), "month", display.calendar)
        currency = base_currency()
        return super().get_context_data(
            day=day,
            today=display.today(),
            month=format_period(month),
            currency=currency,
            groups=_groups(work, user),
            waiting=_waiting(work, user),
            waiting_count=work.waiting_count,
            calls=work.calls,
            stepless=[_stepless(record, user) for record in day.stepless],
            may_work=can(user, "view", Activity),
            tiles=[] if hides_amounts(user) else _tiles(day, user, month, currency),
            unit=money_unit_name(currency),
            all_urls=_all_urls(user),
            may_leads=can(user, "view", Lead),
            may_deals=can(user, "view", Opportunity),
            hides_amounts=hides_amounts(user),
            people=_people(user) if sees_others(user) else None,
            team_url=reverse("reports:team") if may_see_team(user) else "",
            **kwargs,
        )


def _groups(work: Work, user: Any) -> list[dict[str, Any]]:
    titles = {"late": _("Late"), "rest": _("Rest of today"), "ahead": _("Next seven days")}
    return [
        {
            "key": group.key,
            "title": titles[group.key],
            "count": group.count,
            "rows": [work_row(row) for row in group.rows],
            "url": links.activities(mine=user.pk, state=group.key, sort="due_at"),
        }
        for group in work.groups
    ]


def work_row(row: Row) -> dict[str, Any]:
    """An activity as a line with its buttons."""
    activity, record = row.activity, row.record
    return {
        "activity": activity,
        "record": record,
        "url": record.get_absolute_url() if record is not None else activity.get_absolute_url(),
        "complete_url": reverse("activities:activity_complete", args=[activity.pk]),
        "snooze_url": reverse("activities:activity_snooze", args=[activity.pk]),
    }


def _stepless(record: Any, user: Any) -> dict[str, Any]:
    """An open record without a next step, and where one is planned."""
    return {"record": record, "icon": hosts.host_of(record).icon, "plan_url": next_step_url(user, record)}


def _waiting(work: Work, user: Any) -> list[dict[str, Any]]:
    titles = {
        "mentions": _("You were mentioned"),
        "handed_over": _("Handed over to you"),
        "invitations": _("Invitations without an answer"),
    }
    return [
        {
            "key": group.key,
            "title": titles[group.key],
            "count": group.count,
            "rows": [_waiting_row(group.key, row, user) for row in group.rows],
            "url": links.activities(waiting=group.key),
        }
        for group in work.waiting
    ]


def _waiting_row(key: str, row: Row, user: Any) -> dict[str, Any]:
    """What waits, with an address that counts as looking at it."""
    activity, asked = row.activity, getattr(row.activity, "my_mentions", [])
    found = {"activity": activity, "record": row.record, "words": str(activity), "by": activity.owner}
    if key == "mentions" and asked:
        words = words_for(activity, user=user)
        return {**found, "words": words, "by": asked[0].by, "url": reverse("activities:mention", args=[asked[0].pk])}
    if key == "handed_over":
        return {**found, "url": reverse("notification_open", args=[activity.notice])}  # type: ignore[attr-defined]
    return {**found, "url": activity.get_absolute_url()}


def _tiles(day: Day, user: Any, month: Period, currency: str) -> list[dict[str, str]]:
    """The person's own figures, each with the list behind it."""
    span = {"closed_on_from": month.start, "closed_on_to": current().today()}
    still_open = links.deals(owner=user.pk, status=Status.OPEN)
    return [
        {
            "label": _("Won in %(month)s") % {"month": format_period(month)},
            "value": format_money_compact(day.won_value, currency),
            "exact": format_money(day.won_value, currency),
            "more": _("%(count)s deals") % {"count": format_number(day.won_count)},
            "hint": _("Sum of the amounts of your deals won since the first day of the month."),
            "url": links.deals(owner=user.pk, status=Status.WON, **span),
        },
        {
            "label": _("Open value"),
            "value": format_money_compact(day.open_value, currency),
            "exact": format_money(day.open_value, currency),
            "more": _("%(count)s deals") % {"count": format_number(day.open_count)},
            "hint": _("Sum of the amounts of your open deals."),
            "url": still_open,
        },
        {
            "label": _("Expected value"),
            "value": format_money_compact(day.expected, currency),
            "exact": format_money(day.expected.quantize(Decimal(1)), currency),
            "more": "",
            "hint": _("Sum of amount × probability of your open deals."),
            "url": still_open,
        },
    ]


def _all_urls(user: Any) -> dict[str, str]:
    soon = current().today() + dt.timedelta(days=SOON_DAYS)
    return {
        "new": links.leads(owner=user.pk, status="new"),
        "closing": links.deals(owner=user.pk, status=Status.OPEN, expected_close_on_to=soon, sort="expected_close_on"),
        "rotting": links.deals(owner=user.pk, rotting="true"),
        "stepless_deals": links.deals(owner=user.pk, next="none"),
        "stepless_leads": links.leads(owner=user.pk, next="none"),
    }


def _people(user: Any) -> list[dict[str, Any]]:
    display = current()
    start = period_of(display.today(), "month", display.calendar).start
    rows = []
    for person in people_of(user=user):
        owner = {"owner": person.pk} if person.pk else {"without": "owner"}
        won = {"status": Status.WON, "closed_on_from": start, "closed_on_to": display.today()}
        rows.append(
            {
                "person": person,
                "won_url": links.deals(**owner, **won),
                "open_url": links.deals(**owner, status=Status.OPEN),
                "late_url": links.deals(**owner, next="late"),
                "stepless_url": links.deals(**owner, next="none"),
                "rotting_url": links.deals(**owner, rotting="true"),
            }
        )
    return rows
