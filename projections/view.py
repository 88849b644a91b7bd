"""View: the one idea of this folder. A name, a version, its tables, and pure folds from (row, event) to row.

The same fold runs when an event is appended, in a rebuild, in a verification and in a test. A fold reads no
clock, no random number, no vault and no other view; it may change the row it was handed. A view's file
holds its table, its folds and its queries::

    MATTERS = View("matter_list", 1, ja="案件一覧", en="Matters", source=__name__)
    matter = MATTERS.table("matter", key("matter_id"), column("state"), json_column("doc"))

    @matter.on(MatterRaised)
    def raised(row, e):
        return {"state": "raised", "doc": {"title": e.data.title}}
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from domain.fixing import RecordCorrected
from domain.record import EVENTS, Event, Recorded, lifting_of

Row = dict[str, Any]
Key = tuple[Any, ...]
Fold = Callable[..., Row | None]
"""``fold(row, event)``, or ``fold(row, event, key)`` for events that touch several rows."""
KeysOf = Callable[[Recorded[Any]], Iterable[Any]]

METADATA = sa.MetaData()
"""All view tables. They are disposable: a rebuild makes them anew from the log."""

# Text compares by its UTF-8 bytes on both databases, so that rows have one order (and one digest).
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# "sorted", not "deterministic": a struct put into a row must read the same as the object it comes back as.
_encode = msgspec.json.Encoder(order="sorted").encode


def key(name: str) -> sa.Column[Any]:
    """A text key column."""
    return sa.Column(name, _TEXT, primary_key=True)


def number_key(name: str) -> sa.Column[Any]:
    """A whole-number key column, e.g. a position."""
    return sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)


def column(name: str, *, index: bool = False, required: bool = False) -> sa.Column[Any]:
    """A text column, null if not known (``required``: never null, so that lists can be ordered by it)."""
    return sa.Column(name, _TEXT, index=index, nullable=not required)


def number(name: str, *, index: bool = False, required: bool = False) -> sa.Column[Any]:
    """A whole-number column, null if not known (never 0 for unknown). Truth is 1 or 0."""
    return sa.Column(name, sa.BigInteger, index=index, nullable=not required)


def json_column(name: str) -> sa.Column[Any]:
    """A document, kept as JSON text with sorted keys: the same bytes on every database."""
    return sa.Column(name, _TEXT, info={"json": True})


@dataclass(frozen=True)
class Handler:
    """For one event type: which rows it touches, and how. ``fresh``: these rows cannot be there yet, so
    nobody looks for them."""

    keys: KeysOf
    fold: Fold
    fresh: bool = False


@dataclass
class ViewTable:
    """One table of a view with its folds. ``append_only``: every event makes new rows, none is read."""

    view: View
    table: sa.Table
    append_only: bool
    handlers: dict[type[Event], list[Handler]] = field(default_factory=lambda: defaultdict(list))
    any_event: list[Handler] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"{c.name}" for c in self.table.columns)

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        return tuple(f"{c.name}" for c in self.table.primary_key.columns)

    @cached_property
    def json_columns(self) -> frozenset[str]:
        return frozenset(f"{c.name}" for c in self.table.columns if c.info.get("json"))

    def on(self, *events: type[Event], keys: KeysOf | None = None) -> Callable[[Fold], Fold]:
        """Declare a fold for these events. ``keys`` tells the keys of the rows touched (each a value, or a
        tuple for a compound key); by default the public id of the aggregate. The fold is called once for
        each key with the row as it stands (None if there is none) and the event, and with the key if it
        has a third parameter; it returns the row (key columns may be left out), or None for no row."""

        def declare(fold: Fold) -> Fold:
            for event in events:
                self.handlers[event].append(Handler(keys or _entity, _three_arguments(fold)))
            return fold

        return declare

    def every(self, keys: KeysOf | None = None, *, fresh: bool = False) -> Callable[[Fold], Fold]:
        """Declare a fold for every event there is; ``keys`` chooses by giving none. ``fresh``: its keys are
        the event's own, e.g. its version, so that no row is there yet."""

        def declare(fold: Fold) -> Fold:
            self.any_event.append(Handler(keys or _entity, _three_arguments(fold), fresh))
            return fold

        return declare

    def handlers_of(self, e: Recorded[Any]) -> Iterator[Handler]:
        """What this table does with an event."""
        yield from self.handlers.get(type(e.data), ())
        yield from self.any_event

    def as_stored(self, row: Row) -> tuple[Any, ...]:
        """A row as its columns' values, in order."""
        return tuple(
            _encode(row[name]).decode() if name in self.json_columns else row.get(name)
            for name in self.columns
        )

    def as_row(self, stored: Sequence[Any]) -> Row:
        """The row that :meth:`as_stored` made into ``stored``."""
        return {
            name: msgspec.json.decode(value) if name in self.json_columns else value
            for name, value in zip(self.columns, stored, strict=True)
        }


@dataclass
class View:
    """A named, versioned way to see the record. ``source`` is the module whose code folds it."""

    name: str
    version: int
    ja: str
    en: str
    source: str
    tables: list[ViewTable] = field(default_factory=list)

    def __post_init__(self) -> None:
        VIEWS[self.name] = self

    def table(self, name: str, *columns: sa.Column[Any] | sa.Index, append_only: bool = False) -> ViewTable:
        """Add a table. Its primary key is its key columns."""
        made = ViewTable(self, sa.Table(name, METADATA, *columns), append_only)
        self.tables.append(made)
        return made

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the code that folds this view and over how older occurrences of its events are read:
        it changes when either does, for either may change rows."""
        source = inspect.getsource(importlib.import_module(self.source))
        return hashlib.sha256("\n".join([source, *self._liftings()]).encode()).hexdigest()

    def _liftings(self) -> Iterator[str]:
        """How the events of the domain that this view folds have been renamed and upcast, by their names."""
        for event in dict.fromkeys(event for _, event in sorted(EVENTS.items())):
            folded = any(table.any_event or event in table.handlers for table in self.tables)
            if folded and event.__module__.startswith("domain.") and (lifting := lifting_of(event)):
                yield lifting


VIEWS: dict[str, View] = {}
"""Every view by name, filled when its module is imported (``import projections.views``)."""


def _entity(e: Recorded[Any]) -> Iterator[str]:
    yield e.entity


def _three_arguments(fold: Fold) -> Fold:
    if len(inspect.signature(fold).parameters) == 3:
        return fold
    return lambda row, e, _: fold(row, e)


class Rows(Protocol):
    """Where rows are kept while folding: a live transaction, a shadow table, a dictionary in a test."""

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows there are for these keys."""

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        """Insert or replace these rows; None deletes."""


class CorrectableRows(Rows, Protocol):
    """Rows of which single ones can be written again, and the log they came from."""

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        """Replace these rows, in an append-only table too."""

    def event(self, stream: str, version: int) -> Recorded[Any]:
        """One recorded event. LookupError if there is none."""


def fold_events(views: Iterable[View], events: Sequence[Recorded[Any]], rows: CorrectableRows) -> None:
    """Fold ``events`` (in order) into all tables of ``views``: the same for one command and for a page."""
    from projections.correcting import correct_rows

    chosen, start = list(views), 0
    for n, e in enumerate(events, 1):
        if type(e.data) is RecordCorrected:
            _fold_all(chosen, events[start:n], rows)
            correct_rows(chosen, e, rows)
            start = n
    _fold_all(chosen, events[start:], rows)


def _fold_all(views: Iterable[View], events: Sequence[Recorded[Any]], rows: Rows) -> None:
    for view in views:
        for table in view.tables:
            work = list(_touched(table, events))
            if work:
                _fold_table(table, work, rows)


_Work = tuple[Key, Handler, Recorded[Any]]


def _touched(table: ViewTable, events: Sequence[Recorded[Any]]) -> Iterator[_Work]:
    for e in events:
        for handler in table.handlers_of(e):
            for k in handler.keys(e):
                yield (k if isinstance(k, tuple) else (k,)), handler, e


def _fold_table(table: ViewTable, work: list[_Work], rows: Rows) -> None:
    old = dict.fromkeys(k for k, handler, _ in work if not (handler.fresh or table.append_only))
    known = rows.fetch(table, list(old)) if old else {}
    current: dict[Key, Row | None] = {k: known.get(k) for k, _, _ in work}
    for k, handler, e in work:
        after = handler.fold(current[k], e, k[0] if len(k) == 1 else k)
        if after is not None:
            after.update(zip(table.key_columns, k, strict=True))
        current[k] = after
    absent = [k for k, row in current.items() if row is None and k not in known]
    for k in absent:
        del current[k]
    rows.write(table, current)


class DictRows:
    """Rows in memory, for tests and for small as-of answers; ``log`` holds the events they come from."""

    def __init__(self, log: Iterable[Recorded[Any]] = ()) -> None:
        self.tables: dict[str, dict[Key, tuple[Any, ...]]] = defaultdict(dict)
        self.log = {(e.stream, e.version): e for e in log}

    def event(self, stream: str, version: int) -> Recorded[Any]:
        return self.log[stream, version]

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        self.write(table, rows)

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        held = self.tables[table.name]
        return {k: table.as_row(held[k]) for k in keys if k in held}

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        held = self.tables[table.name]
        for k, row in rows.items():
            if row is None:
                held.pop(k, None)
            else:
                held[k] = table.as_stored(row)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The stored rows of a table, in key order."""
        return [row for _, row in sorted(self.tables[name].items())]
