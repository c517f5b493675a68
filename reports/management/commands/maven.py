"""Load a real pipeline of 8,800 opportunities into a database of its own and compare the figures with the known ones."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from core import display
from core.errors import DomainError
from core.models import Currency, Organisation
from exchange import mapping, services, targets
from opportunities.choices import StageKind
from opportunities.models import Opportunity, SalesCycle, Stage
from reports.machine import funnel_figures
from reports.selectors.query import FunnelQuery

DATABASE = "peyvand_maven"
MAPPINGS = settings.BASE_DIR / "docs" / "examples" / "maven"
DATA = settings.BASE_DIR.parent / "shared" / "data" / "pipeline" / "maven_crm"
STEPS = (
    ("branches", "sales_teams.csv", "branches.json"),
    ("teams", "sales_teams.csv", "teams.json"),
    ("users", "sales_teams.csv", "managers.json"),
    ("users", "sales_teams.csv", "agents.json"),
    ("teams", "sales_teams.csv", "leaders.json"),
    ("products", "products.csv", "products.json"),
    ("accounts", "accounts.csv", "accounts.json"),
    ("opportunities", "sales_pipeline.csv", "opportunities.json"),
)
STAGES = (
    ("prospecting", "جست‌وجوی مشتری", "Prospecting", StageKind.OPEN, 10),
    ("engaging", "مذاکره", "Engaging", StageKind.OPEN, 50),
    ("won", "برنده", "Won", StageKind.WON, 100),
    ("lost", "بازنده", "Lost", StageKind.LOST, 0),
)
EXPECTED: dict[str, Any] = {
    "total": 8800,
    "won": 4238,
    "lost": 2473,
    "engaging": 1589,
    "prospecting": 500,
    "quarters": [531, 1254, 1257, 1196],
    "revenue": 10005534,
    "average won": 2360.91,
    "win rate": 63.15,
    "days won": 51.78,
    "days lost": 41.48,
    "offices": {"West": 3568647, "Central": 3346293, "East": 3090594},
    "best agent": ["Darcel Schlecht", 1153214],
    "best account": ["Kan-code", 341455],
    "best product": ["GTX Pro", 3510578],
}


class Command(BaseCommand):
    help = "Load the Maven pipeline into a scratch database (made anew) and print its figures beside the expected ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=DATA, help="folder with the four CSV files")
        parser.add_argument("--database", default=DATABASE, help="name of the scratch database; it is dropped first")

    def handle(self, *args: Any, **options: Any) -> None:
        data: Path = options["data"]
        missing = [name for _target, name, _mapping in STEPS if not (data / name).is_file()]
        if missing:
            raise CommandError(f"Not found in {data}: {', '.join(sorted(set(missing)))}")
        self._open_scratch(options["database"])
        try:
            load(data, self.stdout.write)
            found = figures()
        except DomainError as error:
            raise CommandError(str(error)) from error
        wrong = self._compare(found)
        if wrong:
            raise CommandError(f"{len(wrong)} figures differ: {', '.join(wrong)}")
        self.stdout.write(f"All figures equal the expected ones. Database: {options['database']}")

    def _open_scratch(self, name: str) -> None:
        """Make the database anew beside the current one, and go on in it."""
        original = connection.settings_dict["NAME"]
        if name == original and name != DATABASE:
            raise CommandError("The scratch database cannot be the current one.")
        connection.close()
        quoted = connection.ops.quote_name(name)
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
        connection.settings_dict["NAME"] = name
        self.stdout.write(f"Database {name} made; migrating")
        call_command("migrate", verbosity=0, interactive=False)

    def _compare(self, found: dict[str, Any]) -> list[str]:
        wrong = []
        for name, expected in EXPECTED.items():
            same = found[name] == expected
            self.stdout.write(
                f"{'ok   ' if same else 'WRONG'} {name}: {found[name]}" + ("" if same else f" ≠ {expected}")
            )
            if not same:
                wrong.append(name)
        return wrong


def prepare() -> SalesCycle:
    """US dollars as the base currency, and the pipeline's own sales cycle."""
    Currency.objects.update_or_create(
        code="USD", defaults={"name_fa": "دلار آمریکا", "name_en": "US dollar", "exponent": 2, "rate": 1}
    )
    organisation = Organisation.objects.first() or Organisation()
    organisation.name_fa = organisation.name_en = "Maven"
    organisation.base_currency_id = "USD"
    organisation.save()
    SalesCycle.objects.update(is_default=False)
    cycle = SalesCycle.objects.create(code="maven", name_fa="مِیوِن", name_en="Maven", position=1, is_default=True)
    for position, (code, name_fa, name_en, kind, probability) in enumerate(STAGES, start=1):
        Stage.objects.create(
            cycle=cycle,
            code=code,
            name_fa=name_fa,
            name_en=name_en,
            kind=kind,
            probability=probability,
            position=position,
        )
    return cycle


def load(data: Path, say: Any) -> None:
    """Import the files in order; a refused row stops the load, for the figures would be wrong."""
    prepare()
    folder = MAPPINGS / data.name if (MAPPINGS / data.name).is_dir() else MAPPINGS
    with display.use(display.Display(language="en", calendar="gregorian", digits="latin")):
        for name, file, mapping_file in STEPS:
            target = targets.find(name)
            own = folder / mapping_file
            rules = mapping.load(own if own.is_file() else MAPPINGS / mapping_file, target)
            result = services.data_import(actor=None, target=target, path=data / file, mapping=rules)
            say(f"{file} → {name}: " + " ".join(services.summary(result)))
            if result.problems:
                first = result.problems[0]
                raise DomainError(f"{file}, row {first.row}, {first.column}: {first.reason} {first.value}")


def figures() -> dict[str, Any]:
    """The figures to compare, from the same selectors as the dashboard."""
    cycle = SalesCycle.objects.get(code="maven")
    query = FunnelQuery(cycle, calendar="gregorian", grouping="season")
    found = funnel_figures(user=None, query=query)
    standing = {step["stage"]: step["standing"] for step in found["opened"]["steps"]}
    won_by, closed = found["won_by"], found["closed"]

    def best(name: str) -> list[Any]:
        return [won_by[name][0]["name"], won_by[name][0]["value"]]

    return {
        "total": Opportunity.objects.filter(cycle=cycle).count(),
        "won": closed["won"],
        "lost": closed["lost"],
        "engaging": standing["engaging"],
        "prospecting": standing["prospecting"],
        "quarters": [row["count"] for row in won_by["period"]],
        "revenue": closed["won_value"],
        "average won": closed["average_won"],
        "win rate": closed["win_rate_percent"],
        "days won": closed["mean_days_won"],
        "days lost": closed["mean_days_lost"],
        "offices": {row["name"]: row["value"] for row in won_by["office"]},
        "best agent": best("owner"),
        "best account": best("account"),
        "best product": best("product"),
    }
