"""The funnel page and my day: every figure opens the list with just as many records."""

import datetime as dt
import html
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core.display import Display, use
from leads.models import Lead
from opportunities.models import Opportunity
from reports.charts import ChartMaker, charts_of
from reports.links import FunnelLinks
from reports.selectors.day import day_of, people_of, sees_others
from reports.selectors.funnel import funnel_of
from reports.selectors.query import FunnelQuery
from reports.selectors.results import results_of
from reports.views.funnel import _step, _tiles
from tests.reports.counting import count
from tests.reports.factories import CycleFactory, deal

pytestmark = pytest.mark.django_db
SPRING = {"start": dt.date(2025, 3, 21), "end": dt.date(2025, 6, 21)}


@pytest.mark.parametrize("who", ["rep", "manager", "admin"])
@pytest.mark.parametrize("span", [SPRING, {}, {"start": dt.date(2025, 4, 15)}])
def test_every_figure_of_the_funnel_opens_its_records(request, pipeline, cycle, who, span):
    user = request.getfixturevalue(who)
    query = FunnelQuery(cycle, **span, grouping="month")
    links = FunnelLinks(query)
    funnel, results = funnel_of(user=user, query=query), results_of(user=user, query=query)
    for step in funnel.steps:
        row = _step(step, links)
        assert count(row["reached_url"], user) == step.reached
        if not step.is_won:
            assert count(row["standing_url"], user) == step.standing
            assert count(row["lost_url"], user) == step.lost
    maker = ChartMaker(links, "IRR", "")
    with use(Display(language="en", digits="latin")):
        charts = [maker.funnel(funnel), maker.by_period(results), *charts_of(maker, results)]
        for chart in charts:
            for row in chart.rows:
                for cell in row[1:2]:
                    assert count(cell.url, user) == int(cell.html), (chart.id, row[0].html)
        tiles = _tiles(funnel, results, links, "IRR")
    assert count(tiles[0]["url"], user) == results.won.count
    assert count(tiles[1]["url"], user) == results.won.count + results.lost.count
    assert count(tiles[4]["url"], user) == funnel.open


def test_the_page_shows_the_figures(client, pipeline, cycle, manager):
    manager.language, manager.digits, manager.calendar = "en", "latin", "gregorian"
    manager.save()
    client.force_login(manager)
    response = client.get(
        reverse("reports:funnel"), {"cycle": cycle.pk, "period_from": "2025-03-21", "period_to": "2025-06-21"}
    )
    assert response.status_code == 200
    page = response.content.decode()
    assert "Sales funnel (number of deals)" in page
    specs = [
        json.loads(html.unescape(s)) for s in re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", page)
    ]
    funnels = [spec for spec in specs if spec.get("kind") == "funnel"]
    assert [datum["value"] for datum in funnels[0]["series"][0]["data"]] == [4, 3, 2, 1]
    assert response.context["results"].won.value == 1000


@pytest.mark.parametrize(
    "params",
    [
        {"cycle": "999999999999"},
        {"cycle": "x"},
        {"period_from": "1404/12/30"},
        {"period_from": "2025-06-01", "period_to": "2025-01-01"},
        {"period_range": "never"},
        {"owner": "9" * 30},
        {"team": "-1"},
        {"by": "minute"},
        {"owner": "' OR 1=1 --"},
    ],
)
def test_nonsense_is_answered_with_a_page(client, pipeline, rep, params):
    client.force_login(rep)
    assert client.get(reverse("reports:funnel"), params).status_code == 200


def test_a_long_span_is_cut_by_seasons_not_by_weeks(client, pipeline, cycle, admin):
    client.force_login(admin)
    params = {"cycle": cycle.pk, "period_from": "1700-01-01", "period_to": "2300-01-01", "by": "week"}
    assert client.get(reverse("reports:funnel"), params).status_code == 200


def test_without_the_right_the_page_is_refused(client, nobody):
    client.force_login(nobody)
    assert client.get(reverse("reports:funnel")).status_code == 403


def test_without_a_cycle_the_page_says_so(client, admin):
    Opportunity.all_objects.all().delete()
    from opportunities.models import SalesCycle

    SalesCycle.objects.all().update(is_active=False)
    client.force_login(admin)
    response = client.get(reverse("reports:funnel"))
    assert response.status_code == 200
    assert response.context["query"] is None


def test_few_statements_for_the_page(client, pipeline, cycle, manager, django_assert_max_num_queries):
    client.force_login(manager)
    for number in range(20):
        deal(cycle, "won", closed="2025-04-12", amount=number, owner=manager, team=manager.team)
    client.get(reverse("reports:funnel"), {"cycle": cycle.pk})
    with django_assert_max_num_queries(18):
        client.get(reverse("reports:funnel"), {"cycle": cycle.pk, "period_from": "1404/01/01"})


# My day


@pytest.fixture
def day(rep, teammate, things):
    cycle = CycleFactory()
    now = timezone.now()
    mine = {"owner": rep, "team": rep.team}
    for number, hours in enumerate((-50, -1)):
        Lead.objects.create(
            company=f"دیر {number}", next_step="زنگ", next_step_at=now + dt.timedelta(hours=hours), **mine
        )
    Lead.objects.create(company="آینده", next_step="x", next_step_at=now + dt.timedelta(days=3), **mine)
    Lead.objects.create(company="دور", next_step="x", next_step_at=now + dt.timedelta(days=30), **mine)
    Lead.objects.create(company="بی‌قدم", **mine)
    Lead.objects.create(company="دیگری", owner=teammate, team=teammate.team)
    today = Display().today()
    opened = str(today - dt.timedelta(days=60))
    deal(cycle, "two", opened=opened, next_step="پیگیری", next_step_at=now - dt.timedelta(days=1), **mine)
    soon = deal(cycle, "three", opened=opened, amount=500, expected_close_on=today + dt.timedelta(days=5), **mine)
    Opportunity.objects.filter(pk=soon.pk).update(stage_entered_at=now - dt.timedelta(days=40))
    deal(cycle, "won", opened=opened, closed=str(today), amount=900, **mine)
    deal(cycle, "won", opened=opened, closed=str(today - dt.timedelta(days=50)), amount=7, **mine)
    deal(cycle, "two", opened=opened, amount=30, owner=teammate, team=teammate.team)
    return cycle


def test_my_day_is_about_me(day, rep):
    with use(Display()):
        found = day_of(user=rep)
    assert (found.new_lead_count, found.closing_count, found.rotting_count) == (5, 1, 1)
    assert (found.stepless_leads, found.stepless_deals) == (1, 1)
    assert (found.won_count, found.won_value, found.open_count, found.expected) == (1, 900, 2, 390)


def test_every_number_of_my_day_opens_its_records(client, day, rep):
    client.force_login(rep)
    response = client.get(reverse("reports:my_day"))
    assert response.status_code == 200
    context = response.context
    with use(rep.display):
        found, urls = context["day"], context["all_urls"]
        pairs = {
            urls["new"]: found.new_lead_count,
            urls["closing"]: found.closing_count,
            urls["rotting"]: found.rotting_count,
            urls["stepless_leads"]: found.stepless_leads,
            urls["stepless_deals"]: found.stepless_deals,
            context["tiles"][0]["url"]: found.won_count,
            context["tiles"][1]["url"]: found.open_count,
        }
        for url, number in pairs.items():
            assert count(url, rep) == number, url


def test_a_rep_sees_nobody_else_and_a_manager_the_team(client, day, rep, teammate, manager):
    assert sees_others(manager)
    with use(Display()):
        people = {person.pk: person for person in people_of(user=manager)}
    assert (people[rep.pk].won_count, people[rep.pk].open_count, people[rep.pk].late) == (1, 2, 1)
    assert people[teammate.pk].open_value == 30
    client.force_login(manager)
    response = client.get(reverse("reports:my_day"))
    with use(manager.display):
        for row in response.context["people"]:
            person = row["person"]
            for name in ("won", "open", "late", "stepless", "rotting"):
                number = getattr(person, f"{name}_count", None)
                assert count(row[f"{name}_url"], manager) == (getattr(person, name) if number is None else number)
    client.force_login(rep)
    assert (client.get(reverse("reports:my_day")).context["people"] is None) is not sees_others(rep)


def test_my_day_asks_little(client, day, rep, django_assert_max_num_queries):
    client.force_login(rep)
    client.get(reverse("reports:my_day"))
    with django_assert_max_num_queries(19):
        client.get(reverse("reports:my_day"))


def test_the_first_page_is_the_one_chosen(client, rep):
    client.force_login(rep)
    assert client.get("/").url == reverse("reports:my_day")
    rep.first_page = "leads"
    rep.save()
    assert client.get("/").url == reverse("leads:lead_list")
    rep.first_page = "no_such_page"
    rep.save()
    assert client.get("/").url == reverse("reports:my_day")


def test_people_without_rights_still_have_a_day(client, nobody):
    client.force_login(nobody)
    assert client.get("/", follow=True).status_code == 200
