"""What a part of the benchmark hands back: tables of figures, as text for people and as JSON values.

Absolute figures belong to the machine of the day; the ratios (and the memory) are what is committed in
``docs/performance.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Figures = Mapping[str, float | None]


@dataclass(frozen=True)
class Figure:
    """One figure that every row of a table has. ``key``: its name in JSON; ``form``: how it is written.
    ``lasting``: it says something on another machine too, as a ratio does."""

    key: str
    head: str
    form: str = ",.2f"
    lasting: bool = False


@dataclass(frozen=True)
class Table:
    """Rows by name, the one that the others are compared with first. None: it could not be measured.
    ``note``: what a reader has to know, Markdown."""

    title: str
    figures: tuple[Figure, ...]
    rows: Mapping[str, Figures]
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else was measured or held: JSON values, not shown."""

    def markdown(self) -> str:
        """The table with everything in it."""
        return "\n".join(
            [f"\n### {self.title}\n", *markdown_rows([f.head for f in self.figures], self._cells())]
            + ([f"\n{self.note}"] if self.note else [])
        )

    def _cells(self) -> dict[str, list[str]]:
        return {
            name: [written(values.get(f.key), f.form) for f in self.figures]
            for name, values in self.rows.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values, as :func:`table_of` reads them."""
        return {
            "title": self.title,
            "figures": [vars(f) for f in self.figures],
            "rows": {name: dict(values) for name, values in self.rows.items()},
            "note": self.note,
            "facts": dict(self.facts),
        }


def table_of(value: Mapping[str, Any]) -> Table:
    """The table that :meth:`Table.as_json` wrote."""
    figures = tuple(Figure(**f) for f in value["figures"])
    return Table(value["title"], figures, value["rows"], value["note"], value["facts"])


def markdown_rows(heads: list[str], rows: Mapping[str, list[str]], corner: str = "") -> list[str]:
    """A Markdown table whose first column is the rows' names."""
    lines = [f"| {corner} | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    return lines + [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]


def written(value: float | None, form: str) -> str:
    """A figure as people read it; a dash for none."""
    return "–" if value is None else format(value, form)
