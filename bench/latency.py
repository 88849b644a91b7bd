"""How long one thing takes: interleaved runs, the median of each, and ratios to the first column."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bench.measuring import percentile
from bench.tables import Figure, Table

Act = Callable[[], object]


@dataclass
class Timed:
    """One way of doing the same things; ``acts`` gives those of one run, each is timed by itself.
    ``each``: how many things one act does."""

    name: str
    acts: Callable[[], Iterable[Act]]
    each: int = 1
    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def run(self) -> None:
        """One run. What ``acts`` does to prepare the next act is not counted."""
        took = []
        for act in self.acts():
            started = time.perf_counter()
            act()
            took.append(time.perf_counter() - started)
        self.keep(took)

    def keep(self, took: Sequence[float]) -> None:
        """Keep what came of a run in which the acts took so many seconds."""
        self.p50s.append(statistics.median(took) / self.each)
        self.p99s.append(percentile(took, 0.99) / self.each)
        self.rates.append(len(took) * self.each / sum(took))

    def ratio(self, first: Timed) -> float:
        """How many times as long as the first column in the same run: the median of the runs."""
        return statistics.median(a / b for a, b in zip(self.p50s, first.p50s, strict=True))

    def rate_ratio(self, first: Timed) -> float:
        """How many times as many in a second as the first column in the same run: the median of the runs."""
        return statistics.median(a / b for a, b in zip(self.rates, first.rates, strict=True))


def timed_in_turn(columns: Sequence[Timed], runs: int) -> None:
    """Run every column ``runs`` times in turn, after a run of each that is not counted."""
    for n in range(runs + 1):
        for column in columns:
            column.run()
            if n == 0:
                for figures in (column.p50s, column.p99s, column.rates):
                    figures.clear()


def timed_table(title: str, unit: str, columns: Sequence[Timed], note: str = "") -> Table:
    """p50 and p99 in milliseconds, things a second, and both ratios to the first column."""
    figures = (
        Figure("p50_ms", "p50 ms"),
        Figure("p50_ratio", "p50, of the first", lasting=True),
        Figure("p99_ms", "p99 ms"),
        Figure("rate", unit, ",.0f"),
        Figure("rate_ratio", f"{unit}, of the first", lasting=True),
    )
    return Table(title, figures, _figures(columns), note)


def _figures(columns: Sequence[Timed]) -> dict[str, dict[str, float]]:
    return {
        c.name: {
            "p50_ms": round(_ms(c.p50s), 3),
            "p50_ratio": round(c.ratio(columns[0]), 3),
            "p99_ms": round(_ms(c.p99s), 3),
            "rate": round(statistics.median(c.rates), 1),
            "rate_ratio": round(c.rate_ratio(columns[0]), 3),
        }
        for c in columns
    }


def _ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000
