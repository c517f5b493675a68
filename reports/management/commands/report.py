"""Figures by machine: ``report funnel --cycle b2b --from 1404-01-01 --to 1404-12-29 --json``."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import text
from core.calendar.parse import parse_date
from core.parsing import InputError
from opportunities.models import SalesCycle
from reports.machine import funnel_figures
from reports.selectors.query import FunnelQuery
from users.models import Team, User

GROUPINGS = ("week", "month", "season", "year")


class Command(BaseCommand):
    help = "Print the figures of a report. Dates in either calendar; the figures are in the base currency."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", choices=["funnel"])
        parser.add_argument("--cycle", help="code, name or number of the sales cycle (default: the default one)")
        parser.add_argument("--from", dest="start", help="first day, for example 1404-01-01 or 2025-03-21")
        parser.add_argument("--to", dest="end", help="last day")
        parser.add_argument("--calendar", choices=["jalali", "gregorian"], default="jalali", help="of the periods")
        parser.add_argument("--by", choices=GROUPINGS, help="kind of period (season is the quarter)")
        parser.add_argument("--owner", help="only this person's deals (e-mail)")
        parser.add_argument("--team", help="only this team's deals (name)")
        parser.add_argument("--user", help="the figures this person would see (e-mail; default: everything)")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            query = FunnelQuery(
                cycle=self._cycle(options["cycle"]),
                start=self._day(options["start"], options["calendar"]),
                end=self._day(options["end"], options["calendar"]),
                owner_id=getattr(self._user(options["owner"]), "pk", None),
                team_id=self._team(options["team"]),
                calendar=options["calendar"],
                grouping=options["by"],
            )
            if query.start and query.end and query.start > query.end:
                raise CommandError(_("The first date is after the last."))
            figures = funnel_figures(user=self._user(options["user"]), query=query)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        for line in lines(figures):
            self.stdout.write(line)

    def _cycle(self, name: str | None) -> SalesCycle:
        cycles = SalesCycle.objects.order_by("-is_default", "position", "pk")
        if not name:
            found = cycles.filter(is_active=True).first()
        elif name.isdigit():
            found = cycles.filter(pk=min(int(name), 2**63 - 1)).first()
        else:
            exact = cycles.filter(Q(code__iexact=name) | Q(name_en__iexact=name)).first()
            found = exact or next((c for c in cycles if text.tight(c.name_fa) == text.tight(name)), None)
        if found is None:
            known = ", ".join(cycles.values_list("code", flat=True)) or "—"
            raise CommandError(
                _("There is no sales cycle “%(name)s”. Known: %(known)s.") % {"name": name, "known": known}
            )
        return found

    def _day(self, typed: str | None, calendar: Any) -> dt.date | None:
        try:
            return parse_date(typed, calendar) if typed else None
        except InputError as error:
            raise CommandError(f"{typed}: {error}") from error

    def _user(self, email: str | None) -> User | None:
        if not email:
            return None
        found = User.objects.filter(email__iexact=email).first()
        if found is None:
            raise CommandError(_("There is no user with the e-mail address %(email)s.") % {"email": email})
        return found

    def _team(self, name: str | None) -> int | None:
        if not name:
            return None
        found = Team.objects.filter(name__iexact=name).first()
        if found is None:
            raise CommandError(_("There is no team named “%(name)s”.") % {"name": name})
        return int(found.pk)


def lines(figures: dict[str, Any]) -> list[str]:
    """The figures as a short text."""
    opened, closed = figures["opened"], figures["closed"]
    span = f"{figures['from'] or '…'} – {figures['to'] or '…'}"
    out = [f"{figures['cycle']['name']}, {span}", f"opened {opened['total']:,}, open value {opened['open_value']:,}"]
    for step in opened["steps"]:
        conversion = "" if step["conversion_percent"] is None else f", {step['conversion_percent']}% go on"
        out.append(f"  {step['name']}: {step['reached']:,} reached{conversion}, {step['standing']:,} here now")
    out.append(
        f"won {closed['won']:,} ({closed['won_value']:,}), lost {closed['lost']:,}, "
        f"win rate {closed['win_rate_percent']}%, days won {closed['mean_days_won']}, lost {closed['mean_days_lost']}"
    )
    for name, rows in figures["won_by"].items():
        best = ", ".join(f"{row.get('name') or row.get('period') or '—'} {row['value']:,}" for row in rows[:8])
        out.append(f"won by {name}: {best}")
    return out
