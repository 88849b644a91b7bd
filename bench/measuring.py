"""How things are measured: interleaved runs, medians, and a table of ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Column:
    """One way of doing the same work; ``run`` returns how many things it did."""

    name: str
    run: Callable[[], int]
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Things a second, the median of the runs."""
        return statistics.median(self.rates)


def interleaved(columns: Sequence[Column], runs: int) -> None:
    """Run every column ``runs`` times, one after another in turn, so that all meet the same conditions."""
    for _ in range(runs):
        for column in columns:
            started = time.perf_counter()
            done = column.run()
            column.rates.append(done / (time.perf_counter() - started))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(title: str, unit: str, columns: Sequence[Column]) -> str:
    """A Markdown table: rate of each column, and its ratio to the first."""
    lines = [f"\n### {title}\n", f"| | {unit} | of the first |", "|---|---:|---:|"]
    lines += [f"| {c.name} | {c.rate:,.0f} | {c.rate / columns[0].rate:.2f} |" for c in columns]
    return "\n".join(lines)


def figures(columns: Sequence[Column]) -> dict[str, dict[str, float]]:
    """The same as JSON values."""
    return {c.name: {"rate": round(c.rate, 1), "ratio": round(c.rate / columns[0].rate, 3)} for c in columns}
