"""Charts as data: what ECharts draws (see js/behaviors/chart.js) and the same as a table."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import money
from core.display import (
    current,
    format_money,
    format_money_compact,
    format_number,
    format_percent,
    format_period,
    format_time,
    money_unit_name,
)
from opportunities.choices import Status
from reports.links import FunnelLinks
from reports.selectors.funnel import Funnel
from reports.selectors.results import Figure, Results

BARS = 10
NUMBER = format_html(' class="{}"', "text-end")


@dataclass(frozen=True)
class Cell:
    """A cell of the table twin."""

    html: str
    url: str = ""

    @property
    def link(self) -> str:
        """The text, leading to its records when there are any to lead to."""
        return format_html('<a href="{}">{}</a>', self.url, self.html) if self.url else self.html


@dataclass(frozen=True)
class Chart:
    """A chart with its table."""

    id: str
    title: str
    note: str
    data: dict[str, Any]
    head: list[str]
    rows: list[list[Cell]]
    total: list[Cell] | None = None
    is_empty: bool = False

    @property
    def body(self) -> SafeString:
        """The rows as HTML: written here, for a template takes five times as long over hundreds of cells."""
        return format_html_join("\n", "<tr>{}</tr>", ((self._cells(row),) for row in self.rows))

    @staticmethod
    def _cells(row: list[Cell]) -> SafeString:
        return format_html_join("", "<td{}>{}</td>", ((NUMBER if at else "", cell.link) for at, cell in enumerate(row)))


@dataclass
class ChartMaker:
    """Makes the charts of one funnel question in one currency."""

    links: FunnelLinks
    currency: str
    period: str
    charts: list[Chart] = field(default_factory=list)

    @property
    def unit(self) -> str:
        """The word of the unit amounts are shown in."""
        return money_unit_name(self.currency)

    def amount(self, value: Decimal) -> float:
        """An amount as a plain number in the reader's unit."""
        return float(money.in_unit(value, money.unit_for(self.currency, current().money_unit)))

    def funnel(self, funnel: Funnel) -> Chart:
        """Deals by the furthest stage they reached."""
        first = funnel.steps[0].reached if funnel.steps else 0
        data, rows = [], []
        for step in funnel.steps:
            share = Decimal(step.reached) / first if first else None
            url = self.links.opened(**({"status": Status.WON} if step.is_won else {"reached": step.stage.pk}))
            count = format_number(step.reached)
            data.append({"value": step.reached, "label": f"{count} ({format_percent(share, 0)})", "url": url})
            rows.append([Cell(str(step.stage)), Cell(count, url), Cell(format_percent(share, 1))])
        return Chart(
            id="funnel",
            title=_("Sales funnel (number of deals)"),
            note=_(
                "Deals opened in the period (%(period)s), counted in every stage up to the furthest one they reached: "
                "a lost deal counts where it got to."
            )
            % {"period": self.period},
            data={
                "kind": "funnel",
                "unit": _("deals"),
                "categories": [str(step.stage) for step in funnel.steps],
                "series": [{"name": _("Deals"), "data": data}],
            },
            head=[_("Stage"), _("Deals"), _("Of the first stage")],
            rows=rows,
            is_empty=not funnel.total,
        )

    def by_period(self, results: Results) -> Chart:
        """Won value by period of the reader's calendar, with the number of lost deals in the table."""
        rows, data = [], []
        for period, won, lost in zip(results.periods, results.won_by["period"], results.lost_by["period"], strict=True):
            url = self.links.period(period, Status.WON)
            lost_url = self.links.period(period, Status.LOST)
            data.append(
                {"value": self.amount(won.value), "label": format_money_compact(won.value, self.currency), "url": url}
            )
            rows.append(
                [
                    Cell(format_period(period)),
                    Cell(format_number(won.count), url),
                    Cell(format_money(won.value, self.currency, with_unit=False), url),
                    Cell(format_number(lost.count), lost_url),
                ]
            )
        return Chart(
            id="won-by-period",
            title=_("Won by period (%(unit)s)") % {"unit": self.unit},
            note=_("Sum of the amounts of deals won on a day of the period; days are cut at your midnight."),
            data={
                "kind": "bar",
                "unit": self.unit,
                "categories": [format_period(period) for period in results.periods],
                "series": [{"name": _("Won"), "colour": "green", "data": data}],
            },
            head=[_("Period"), _("Deals won"), self._amount_head(), _("Deals lost")],
            rows=rows,
            total=[
                Cell(_("Total")),
                Cell(format_number(results.won.count)),
                Cell(format_money(results.won.value, self.currency, with_unit=False)),
                Cell(format_number(results.lost.count)),
            ],
            is_empty=not (results.won.count or results.lost.count),
        )

    def lost_by_period(self, results: Results) -> Chart:
        """The number of lost deals by period."""
        rows, data = [], []
        for period, figure in zip(results.periods, results.lost_by["period"], strict=True):
            url = self.links.period(period, Status.LOST)
            data.append({"value": figure.count, "label": format_number(figure.count), "url": url})
            amount = format_money(figure.value, self.currency, with_unit=False)
            rows.append([Cell(format_period(period)), Cell(format_number(figure.count), url), Cell(amount, url)])
        return Chart(
            id="lost-by-period",
            title=_("Lost by period (number of deals)"),
            note=_("Number of deals lost on a day of the period; days are cut at your midnight."),
            data={
                "kind": "bar",
                "unit": _("deals"),
                "categories": [format_period(period) for period in results.periods],
                "series": [{"name": _("Lost"), "colour": "orange", "data": data}],
            },
            head=[_("Period"), _("Deals lost"), self._amount_head()],
            rows=rows,
            is_empty=not results.lost.count,
        )

    def _amount_head(self) -> str:
        return _("Amount (%(unit)s)") % {"unit": self.unit}

    def won_by(self, heading: str, title: str, note: str, figures: list[Figure], without: str) -> Chart:
        """Won value under the headings of one grouping, largest first."""
        return self._bars(f"won-by-{heading}", title, note, heading, figures, without, Status.WON, by_value=True)

    def lost_by(self, heading: str, title: str, note: str, figures: list[Figure], without: str) -> Chart:
        """The number of lost deals under the headings of one grouping, largest first."""
        ranked = sorted(figures, key=lambda f: (f.key is None, -f.count, f.label))
        return self._bars(f"lost-by-{heading}", title, note, heading, ranked, without, Status.LOST, by_value=False)

    def _bars(
        self,
        name: str,
        title: str,
        note: str,
        heading: str,
        figures: list[Figure],
        without: str,
        status: str,
        *,
        by_value: bool,
    ) -> Chart:
        categories, data, rows = [], [], []
        for at, figure in enumerate(figures):
            url = self.links.of(heading, figure.key, status)
            label = figure.label or without
            amount = format_money(figure.value, self.currency, with_unit=False)
            rows.append([Cell(label, url), Cell(format_number(figure.count), url), Cell(amount, url)])
            if at < BARS:
                categories.append(label)
                words = format_money_compact(figure.value, self.currency) if by_value else format_number(figure.count)
                value = self.amount(figure.value) if by_value else figure.count
                data.append({"value": value, "label": words, "url": url})
        return Chart(
            id=name,
            title=title,
            note=note,
            data={
                "kind": "bar",
                "horizontal": True,
                "unit": "",
                "categories": categories,
                "series": [{"name": title, "colour": "primary" if status == Status.WON else "orange", "data": data}],
            },
            head=[_("Name"), _("Deals"), self._amount_head()],
            rows=rows,
            is_empty=not figures,
        )


def counted_at(moment: dt.datetime) -> str:
    """The sentence that says of which moment figures are that are not counted at each look."""
    return _("As counted at %(time)s; counted anew every ten minutes.") % {"time": format_time(moment)}


def charts_of(maker: ChartMaker, results: Results) -> list[Chart]:
    """The charts of won and lost deals, in the order of the page."""
    unit = {"unit": maker.unit}
    won_note = _("Sum of the amounts of deals won in the period (%(period)s).") % {"period": maker.period}
    lost_note = _("Number of deals lost in the period (%(period)s).") % {"period": maker.period}
    product_note = _("Sum of the lines of deals won in the period; a deal counts once under each of its products.")
    if results.products_at:
        product_note += " " + counted_at(results.products_at)
    won, lost = results.won_by, results.lost_by
    return [
        maker.won_by("owner", _("Won by person (%(unit)s)") % unit, won_note, won["owner"], _("nobody")),
        maker.won_by("team", _("Won by team (%(unit)s)") % unit, won_note, won["team"], _("no team")),
        maker.won_by("office", _("Won by office (%(unit)s)") % unit, won_note, won["office"], _("no office")),
        maker.won_by("product", _("Won by product (%(unit)s)") % unit, product_note, won["product"], _("no product")),
        maker.won_by("source", _("Won by source (%(unit)s)") % unit, won_note, won["source"], _("no source")),
        maker.lost_by("reason", _("Lost by reason (number of deals)"), lost_note, lost["reason"], _("no reason given")),
        maker.lost_by("stage", _("Lost by stage (number of deals)"), lost_note, lost["stage"], _("unknown stage")),
        maker.lost_by_period(results),
    ]
