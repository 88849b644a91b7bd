"""How things are measured: interleaved runs, medians, and ratios to the first column of the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.tables import Figure, Table


class Done(NamedTuple):
    """What a run did that took its own time: so many things, seconds, and the most memory it held (MB)."""

    things: int
    seconds: float
    peak_mb: float | None = None


@dataclass
class Column:
    """One way of doing the same work; ``run`` returns how many things it did, or a :class:`Done` if not all
    of it is to be timed."""

    name: str
    run: Callable[[], int | Done]
    rates: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Things a second, the median of the runs."""
        return statistics.median(self.rates)

    @property
    def peak_mb(self) -> float | None:
        """The most memory that any run has held, where that was measured."""
        return max(self.peaks) if self.peaks else None

    def ratio(self, first: Column) -> float:
        """How many times as fast as the first column in the same run: the median of the runs."""
        return statistics.median(a / b for a, b in zip(self.rates, first.rates, strict=True))


def interleaved(columns: Sequence[Column], runs: int) -> None:
    """Run every column ``runs`` times, one after another in turn, so that all meet the same conditions."""
    for _ in range(runs):
        for column in columns:
            started = time.perf_counter()
            done = column.run()
            if not isinstance(done, Done):
                done = Done(done, time.perf_counter() - started)
            column.rates.append(done.things / done.seconds)
            if done.peak_mb is not None:
                column.peaks.append(done.peak_mb)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Gives what tells how many seconds the block took."""
    started, ended = time.perf_counter(), 0.0
    yield lambda: ended - started
    ended = time.perf_counter()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rates_table(title: str, unit: str, columns: Sequence[Column], note: str = "") -> Table:
    """Rate of each column, its ratio to the first, and the memory it took where that was measured."""
    figures = [Figure("rate", unit, ",.0f"), Figure("ratio", "of the first", lasting=True)]
    if any(column.peaks for column in columns):
        figures.append(Figure("peak_mb", "memory, MB", ",.0f", lasting=True))
    rows = {
        c.name: {"rate": round(c.rate, 1), "ratio": round(c.ratio(columns[0]), 4), "peak_mb": c.peak_mb}
        for c in columns
    }
    return Table(title, tuple(figures), rows, note)
