"""Figures by machine, and the pipeline of a real company."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from reports.management.commands import maven

pytestmark = pytest.mark.django_db
DATA = settings.BASE_DIR.parent / "shared" / "data" / "pipeline" / "maven_crm"


def report(**options):
    out = io.StringIO()
    call_command("report", "funnel", stdout=out, **options)
    return out.getvalue()


def test_json_of_a_cycle_and_a_span(pipeline, cycle):
    found = json.loads(report(cycle=cycle.code, start="1404-01-01", end="1404/03/31", json=True))
    assert (found["from"], found["to"]) == ("2025-03-21", "2025-06-21")
    assert [step["reached"] for step in found["opened"]["steps"]] == [6, 4, 3, 2]
    assert found["closed"] == {
        "won": 2,
        "lost": 2,
        "won_value": 1500,
        "lost_value": 500,
        "average_won": 750,
        "win_rate_percent": 50.0,
        "mean_days_won": 20.0,
        "mean_days_lost": 40.0,
    }
    assert [row["count"] for row in found["won_by"]["period"]] == [1, 1, 0]


def test_text_and_scope(pipeline, cycle, rep):
    assert "win rate 50.0%" in report(cycle=cycle.name_fa, start="2025-03-21", end="2025-06-21")
    found = json.loads(report(cycle=str(cycle.pk), user=rep.email, json=True))
    assert found["closed"]["won"] == 1
    assert json.loads(report(cycle=cycle.code, owner=rep.email, team=rep.team.name, json=True))["closed"]["won"] == 1


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"cycle": "nowhere"}, "nowhere"),
        ({"start": "1404-12-30"}, "1404-12-30"),
        ({"start": "2025-02-01", "end": "2025-01-01"}, "first"),
        ({"user": "ghost@example.com"}, "ghost"),
        ({"team": "ghosts"}, "ghosts"),
    ],
)
def test_mistakes_are_named(pipeline, cycle, options, word):
    with pytest.raises(CommandError, match=word):
        report(**{"cycle": cycle.code, **options})


SMALL = {
    "sales_teams.csv": "sales_agent,manager,regional_office\nAnn Lee,Mia Fox,West\nBob Ray,Mia Fox,West\nCy Poe,Ned Orr,East\n",
    "products.csv": "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
    "accounts.csv": (
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        "Acme,technolgy,1996,1100.04,2822,United States,Zeta\nZeta,retail,2001,718.62,2448,Kenya,\n"
    ),
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "O1,Ann Lee,GTXPro,Acme,Won,2016-12-22,2017-01-01,4000\n"
        "O2,Ann Lee,MG Special,Zeta,Won,2017-03-01,2017-04-10,50\n"
        "O3,Cy Poe,GTX Pro,,Lost,2017-03-01,2017-03-04,0\n"
        "O4,Bob Ray,GTX Pro,Acme,Engaging,2017-05-01,,\n"
        "O5,Cy Poe,MG Special,,Prospecting,,,\n"
    ),
}


def test_a_small_pipeline_of_the_same_shape(tmp_path):
    for name, content in SMALL.items():
        (tmp_path / name).write_text(content.replace("\n", "\r\n"))
    maven.load(tmp_path, lambda _line: None)
    found = maven.figures()
    assert (found["total"], found["won"], found["lost"], found["engaging"], found["prospecting"]) == (5, 2, 1, 1, 1)
    assert (found["quarters"], found["revenue"], found["days won"], found["days lost"]) == ([1, 1], 4050, 25.0, 3.0)
    assert found["offices"] == {"West": 4050}
    assert found["best agent"] == ["Ann Lee", 4050]
    assert found["best account"] == ["Acme", 4000]
    assert found["best product"] == ["GTX Pro", 4000]
    from accounts.models import Account
    from opportunities.models import Opportunity
    from users.models import Team

    acme = Account.objects.get(name="Acme")
    assert (acme.parent.name, acme.industry.name_en, acme.annual_revenue) == ("Zeta", "technology", 1_100_040_000)
    assert Team.objects.get(name="Mia Fox").leader.email == "mia-fox@maven.example"
    lost = Opportunity.objects.get(external_key="O3")
    assert (lost.lost_stage.code, lost.furthest_stage.code, lost.name) == ("engaging", "engaging", "GTX Pro")
    assert Opportunity.objects.get(external_key="O1").name == "GTX Pro – Acme"


@pytest.mark.parametrize("folder", ["", "excel_edited"])
def test_the_real_pipeline_gives_the_known_figures(folder):
    data = DATA / folder
    if not (data / "sales_pipeline.csv").is_file():
        pytest.skip("the pipeline's files are not on this machine")
    maven.load(data, lambda _line: None)
    assert maven.figures() == maven.EXPECTED


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"accounts\.csv"):
        call_command("maven", data=Path(tmp_path))


def test_the_current_database_is_never_dropped():
    name = connection.settings_dict["NAME"]
    if not (DATA / "accounts.csv").is_file():
        pytest.skip("the pipeline's files are not on this machine")
    with pytest.raises(CommandError, match="current"):
        call_command("maven", data=DATA, database=name)
