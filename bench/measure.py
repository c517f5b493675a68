"""Timings and their table."""

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.client import Answer


@dataclass
class Result:
    """One line of the table; ``ratio`` is p50 over the bare template view's."""

    name: str
    n: int
    p50_ms: float
    p95_ms: float
    queries: int = 0
    bytes: int = 0
    ratio: float = 0.0
    rate: float | None = None
    note: str = ""


@dataclass
class Case:
    """A named request (or several that belong together), repeated ``rounds`` times in turn with the others."""

    name: str
    run: Callable[[int], list[Answer]]
    rounds: int = 30
    times: list[float] = field(default_factory=list)
    last: list[Answer] = field(default_factory=list)

    def once(self, number: int, *, warm: bool = False) -> None:
        """Run and remember; the first two rounds only warm up."""
        answers = self.run(number)
        if not warm:
            self.times.append(sum(a.ms for a in answers))
            self.last = answers

    def result(self) -> Result:
        """Median, 95th percentile, statements and bytes of the last run."""
        ordered = sorted(self.times)
        p95 = ordered[max(0, round(0.95 * len(ordered)) - 1)]
        queries = sum(a.queries for a in self.last)
        size = sum(len(a.body) for a in self.last)
        return Result(self.name, len(ordered), round(statistics.median(ordered), 2), round(p95, 2), queries, size)


def in_turn(cases: list[Case]) -> list[Result]:
    """Run all cases round by round, so that a busy moment of the machine hurts them alike."""
    for case in cases:
        for number in range(2):
            case.once(-1 - number, warm=True)
    for number in range(max(case.rounds for case in cases)):
        for case in cases:
            if number < case.rounds:
                case.once(number)
    return [case.result() for case in cases]


def with_ratios(results: list[Result], floor: str = "bare_template") -> list[Result]:
    """Fill each result's ratio to the floor."""
    base = next((r.p50_ms for r in results if r.name == floor), 0)
    for result in results:
        result.ratio = round(result.p50_ms / base, 2) if base else 0.0
    return results


def table(results: list[Result]) -> str:
    """The results as text."""
    head = f"{'name':<22}{'n':>5}{'p50 ms':>11}{'p95 ms':>11}{'queries':>9}{'kB':>9}{'ratio':>8}  note"
    rows = [
        f"{r.name:<22}{r.n:>5}{r.p50_ms:>11.2f}{r.p95_ms:>11.2f}{r.queries:>9}{r.bytes / 1024:>9.1f}{r.ratio:>8.2f}  "
        f"{f'{r.rate:.1f}/s ' if r.rate is not None else ''}{r.note}"
        for r in results
    ]
    return "\n".join([head, *rows])


def write_json(results: list[Result], path: Path) -> None:
    """The results as a list of objects."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(r) for r in results], indent=1), encoding="utf-8")
