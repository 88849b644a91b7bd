"""What a table is: its columns, what is asked once for all of its rows, and what each row becomes.

One declaration a table (kinds/). Reading, checking, showing and recording derive from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from api.http.problems import declare
from api.office.desk.acts import Act
from api.office.tables.reading.sheet import Cell, Place, Sheet, address
from api.office.tables.reading.values import said
from api.setup import rules_of_service
from domain.values.refusal import Refusal

Words = tuple[str, str]
"""Japanese and English."""
T = TypeVar("T")

CELL_NEEDED = declare(
    422,
    "CELL_NEEDED",
    ja="「{column}」が空です。",
    en="“{column_en}” is empty.",
    rule=rules_of_service.SHEETS,
    next_ja="書き入れるか、この行を取り込まないでください。",
    next_en="Write it, or leave this row out.",
)
CELL_MERGED = declare(
    422,
    "CELL_MERGED",
    ja="{range} は横に結合されていて、どの列の値か分かりません。",
    en="{range} is one cell over several columns: which of them it belongs to cannot be told.",
    rule=rules_of_service.SHEETS,
    next_ja="それぞれの値を書くか、この行を取り込まないでください。",
    next_en="Write each value, or leave this row out.",
)
ONCE_NEEDED = declare(
    422,
    "ONCE_NEEDED",
    ja="「{column}」を書いてください。",
    en="“{column_en}” is asked for.",
    rule=rules_of_service.SHEETS,
    next_ja="「一度に聞くこと」の欄に書いてください。",
    next_en="Fill it in where it is asked for once for all rows.",
)


@dataclass(frozen=True)
class Column:
    """What a column may be. ``many``: several columns may be it; ``secret``: what it holds goes into the
    vault, and nowhere else; ``hint``: how it is read."""

    key: str
    words: Words
    needed: bool = False
    many: bool = False
    secret: bool = False
    hint: Words = ("", "")


Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Once:
    """What is asked once for all rows. ``choices``: what there is to choose from; ``usual``: what it is as
    long as nobody says otherwise; ``kind``: how it is typed."""

    key: str
    words: Words
    kind: Literal["choice", "day", "line", "number"] = "line"
    needed: bool = False
    hint: Words = ("", "")
    choices: Callable[[sa.Connection, Mapping[str, str]], Choices] | None = None
    usual: Callable[[sa.Connection, Mapping[str, str]], str] | None = None


@dataclass(frozen=True)
class Fault:
    """What keeps a row from the record: at which cell, in which column, or in which answer given once."""

    refused: Refusal
    place: Place | None = None
    row: int | None = None
    column: str | None = None
    once: str | None = None
    was: str = ""
    """What stands in the cell."""


@dataclass
class Choice:
    """Something that mends, or settles: its words, and what the screen is told."""

    label: str
    do: str


@dataclass
class Ask:
    """What was read in one way and might be meant in another. It hinders nothing."""

    key: str
    sentence: str
    detail: str = ""
    places: list[Place] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class Planned:
    """A command that a row becomes. ``columns``: by field of its input, from which column it comes."""

    kind: str
    name: str
    entity: str
    body: Mapping[str, Any]
    columns: Mapping[str, str] = field(default_factory=dict)

    def act(self, place: str) -> Act:
        return Act(self.kind, self.name, self.entity, self.body, place)

    def column_of(self, pointer: str) -> str | None:
        """From which column the field at ``pointer`` comes."""
        first = pointer.strip("/").partition("/")[0]
        return self.columns.get(first)


class Row:
    """A row as it is read: every cell by its column, every fault noted where it stands."""

    def __init__(self, sheet: Sheet, number: int, columns: Mapping[str, Sequence[int]], table: Table):
        self.sheet, self.number, self.table = sheet, number, table
        self._columns = columns
        self.faults: list[Fault] = []

    def places(self, key: str) -> list[Place]:
        return [(self.number, column) for column in self._columns.get(key, ())]

    def place(self, key: str) -> Place | None:
        return next(iter(self.places(key)), None)

    def text(self, key: str) -> str:
        """What stands there, whatever it is."""
        place = self.place(key)
        return "" if place is None else self.sheet.at(place).text

    def read(self, key: str, reader: Callable[[Cell], T | None]) -> T | None:
        """The value of a column. None: there is none, or it cannot be read, which is noted."""
        column = self.table.column(key)
        place = self.place(key)
        value = None if place is None else self.at(place, key, reader)
        if value is None and column.needed and not any(fault.column == key for fault in self.faults):
            ja, en = column.words
            self.refuse(CELL_NEEDED(column=ja, column_en=en), key)
        return value

    def read_all(self, key: str, reader: Callable[[Cell], T | None]) -> list[tuple[Place, T]]:
        """The values of every column that is this one."""
        values = [(place, self.at(place, key, reader)) for place in self.places(key)]
        return [(place, value) for place, value in values if value is not None]

    def at(self, place: Place, key: str, reader: Callable[[Cell], T | None]) -> T | None:
        """What a cell holds, as ``reader`` reads it; what it refuses is noted."""
        cell, over = self.sheet.at(place), self.sheet.range_over(place)
        try:
            if over is not None and not over.is_down and not cell.is_empty:
                raise CELL_MERGED(range=over.text)
            return reader(cell)
        except Refusal as refused:
            with_cell = Refusal(refused.declared, {**refused.params, "cell": address(place)}, refused.pointer)
            self.faults.append(Fault(with_cell, place, self.number, key, was=cell.text))
            return None

    def refuse(self, refused: Refusal, key: str) -> None:
        """Note what is wrong with a column's value."""
        place = self.place(key)
        was = "" if place is None else self.sheet.at(place).text
        self.faults.append(Fault(refused, place, self.number, key, was=was))


@dataclass
class Plan:
    """What a table becomes: acts before its rows, of each row, and what is to be asked. ``counts``: how many
    of what will be recorded; ``of_once``: from which answer given once a field of the acts before comes."""

    lead: list[Planned] = field(default_factory=list)
    rows: dict[int, list[Planned]] = field(default_factory=dict)
    asks: dict[str, Ask] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    counts: list[tuple[str, int]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """What is kept beside the record when it is recorded: texts that documents are the content of."""
    settled: frozenset[str] = frozenset()

    def ask(
        self,
        key: str,
        place: Place | None,
        sentence: str,
        detail: str = "",
        choices: Callable[[list[Place]], list[Choice]] | None = None,
    ) -> None:
        """Ask once for all cells of which the same is asked, unless it has been settled."""
        if key in self.settled:
            return
        question = self.asks.setdefault(key, Ask(key, sentence, detail))
        if place is not None:
            question.places.append(place)
        question.choices = choices(question.places) if choices is not None else []


@dataclass
class Reading:
    """What a table's plan is made from."""

    connection: sa.Connection
    rows: Sequence[Row]
    once: Mapping[str, str]
    settled: frozenset[str]
    envelope: Callable[[int | None], dict[str, Any]]
    """What the envelope of a row's events says: where it stands, and what was mended on the way."""
    faults: list[Fault] = field(default_factory=list)

    def once_read(self, key: str, reader: Callable[[Cell], T | None]) -> T | None:
        """An answer given once, read as a cell is; what is wrong with it is noted."""
        text = self.once.get(key, "").strip()
        if not text:
            return None
        try:
            return reader(Cell(text, text))
        except Refusal as refused:
            self.faults.append(Fault(refused, once=key, was=text))
            return None


@dataclass(frozen=True)
class Table:
    """A table that may be pasted. ``main``: the column by which a row is known; ``event``: of which event the
    sentence is shown; ``title``: what the document is called that the sheet becomes."""

    key: str
    words: Words
    unit: Words
    columns: tuple[Column, ...]
    once: tuple[Once, ...]
    plan: Callable[[Reading], Plan]
    main: str
    event: str
    title: str
    disclosure: Mapping[str, str]
    leads_to: str
    """Where whoever has recorded it goes on."""
    notes: tuple[Words, ...] = ()
    """What the template's sheet of notes says."""
    most_rows: int = 1_000

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def read_word(cell: Cell) -> str | None:
    """What the cell says, in its own letters."""
    return said(cell) or None
