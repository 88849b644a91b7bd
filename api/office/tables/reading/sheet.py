"""A sheet: cells by row and column, each known by its address as everybody who works with sheets knows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | dt.time | None
Place = tuple[int, int]
"""Row and column, from 1."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def column_letters(column: int) -> str:
    """``1`` is A, ``27`` is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(place: Place) -> str:
    """``(7, 2)`` is B7."""
    return f"{column_letters(place[1])}{place[0]}"


def place_of(text: str) -> Place | None:
    """``B7`` is ``(7, 2)``; None for what is no address."""
    match = _ADDRESS.fullmatch(text)
    return None if match is None else (int(match[2]), column_number(match[1]))


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: as text, and as the value that a file says it is. ``formula``: it was computed;
    without a value stored beside the formula, nobody here knows what it comes to."""

    text: str
    value: Value = None
    formula: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.formula

    @property
    def is_unknown(self) -> bool:
        """A formula of which no result was stored."""
        return self.formula and not self.text


EMPTY = Cell("")


@dataclass(frozen=True)
class Range:
    """Cells that are one: from its first to its last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, place: Place) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right

    @property
    def first(self) -> Place:
        return self.top, self.left

    @property
    def is_down(self) -> bool:
        """Whether it lies in one column."""
        return self.left == self.right

    @property
    def text(self) -> str:
        return f"{address(self.first)}:{address((self.bottom, self.right))}"


@dataclass(frozen=True)
class Sheet:
    """One sheet as it stands. ``cells`` holds what is not empty; of cells that are one, the first."""

    name: str
    cells: Mapping[Place, Cell]
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    rows: int = field(init=False, compare=False)
    """The last row that holds something."""
    columns: int = field(init=False, compare=False)
    _over: Mapping[Place, Range] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        over = {
            (row, column): one
            for one in self.merged
            for row in range(one.top, one.bottom + 1)
            for column in range(one.left, one.right + 1)
        }
        object.__setattr__(self, "_over", over)
        object.__setattr__(self, "rows", max((row for row, _ in self.cells), default=0))
        object.__setattr__(self, "columns", max((column for _, column in self.cells), default=0))

    def range_over(self, place: Place) -> Range | None:
        """The cells that are one with this, if it is one of several."""
        return self._over.get(place)

    def own(self, place: Place) -> Cell:
        """What stands in the cell itself."""
        return self.cells.get(place, EMPTY)

    def at(self, place: Place) -> Cell:
        """What the cell says: of cells that are one, each says what the first does."""
        over = self.range_over(place)
        return self.own(over.first if over is not None else place)

    def with_cells(self, changed: Mapping[Place, str]) -> Sheet:
        """The same sheet with other words in some cells. A cell that was one of several is its own then."""
        if not changed:
            return self
        cells = dict(self.cells)
        merged = [one for one in self.merged if not any(one.holds(place) for place in changed)]
        for one in set(self.merged) - set(merged):
            for row in range(one.top, one.bottom + 1):
                for column in range(one.left, one.right + 1):
                    cells[row, column] = self.own(one.first)
        for place, text in changed.items():
            cells[place] = Cell(text, text)
        whole = {place: cell for place, cell in cells.items() if not cell.is_empty}
        return Sheet(self.name, whole, tuple(merged), self.hidden_rows, self.hidden_columns)

    def row(self, number: int, columns: int | None = None) -> Iterator[tuple[int, Cell]]:
        """The columns of a row with what their cells say."""
        for column in range(1, (columns or self.columns) + 1):
            yield column, self.at((number, column))


@dataclass(frozen=True)
class Workbook:
    """What a file or a pasted text holds: the sheets that can be seen, and the names of those that cannot,
    which are told and not read."""

    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    encoding: str | None = None
    """Of a text: how its letters were written."""

    def sheet(self, name: str | None) -> Sheet:
        """The sheet of this name, or the first that holds something."""
        by_name = {sheet.name: sheet for sheet in self.sheets}
        if name in by_name:
            return by_name[name]
        return next((sheet for sheet in self.sheets if sheet.cells), self.sheets[0])
