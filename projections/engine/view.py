"""View: the one idea of this folder. A name, a version, its tables, and pure folds from (row, event) to row.

The same fold runs when an event is appended, in a rebuild, in a verification and in a test. A fold reads no
clock, no random number, no vault and no other view; it may change the row it was handed. A view's file
holds its table, its folds and its queries::

    MATTERS = View("matter_list", 1, ja="案件一覧", en="Matters", source=__name__)
    matter = MATTERS.table("matter", key("matter_id"), column("state"), json_column("doc"))

    @matter.on(MatterRaised)
    def raised(row, e, _):
        return {"state": "raised", "doc": {"title": e.data.title}}
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from domain.kernel.correction_events import EventWithdrawn, PartRedacted, RecordCorrected
from domain.kernel.events import EVENTS, Event, Recorded, lifting_of
from domain.kernel.fingerprints.code import Place, Sources, described, written_at

Row = dict[str, Any]
Key = tuple[Any, ...]
Fold = Callable[..., Row | None]
"""``fold(row, event, key)``: the row as it stands (None if there is none), the recorded event, and the key of
the row (a value, or a tuple for a compound key); gives the row, or None for no row."""
KeysOf = Callable[[Recorded[Any]], Iterable[Any]]

METADATA = sa.MetaData()
"""All view tables. They are disposable: a rebuild makes them anew from the log."""

# Text compares by its UTF-8 bytes on both databases, so that rows have one order (and one digest).
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_WHOLE_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# "sorted", not "deterministic": a struct put into a row must read the same as the object it comes back as.
_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


def key(name: str) -> sa.Column[Any]:
    """A text key column."""
    return sa.Column(name, _TEXT, primary_key=True)


def number_key(name: str) -> sa.Column[Any]:
    """A whole-number key column, e.g. a position. (SQLite keeps a table by its key, without another index, if
    the key is called INTEGER.)"""
    return sa.Column(name, _WHOLE_KEY, primary_key=True, autoincrement=False)


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

    @cached_property
    def name(self) -> str:
        return f"{self.table.name}"  # a str of its own: JSON encoders refuse SQLAlchemy's

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
        each key with the row as it stands (None if there is none), the event and the key; it returns the row
        (key columns may be left out), or None for no row."""

        def declare(fold: Fold) -> Fold:
            for event in events:
                self.handlers[event].append(Handler(keys or _entity, fold))
            return fold

        return declare

    def every(self, keys: KeysOf | None = None, *, fresh: bool = False) -> Callable[[Fold], Fold]:
        """Declare a fold for every event there is; ``keys`` chooses by giving none. ``fresh``: its keys are
        the event's own, e.g. its version, so that no row is there yet."""

        def declare(fold: Fold) -> Fold:
            self.any_event.append(Handler(keys or _entity, fold, fresh))
            return fold

        return declare

    def made_at(self, row: Row) -> Iterator[int]:
        """The positions of events that a row says it was made from: of the first, and of every entry."""
        for name in self.columns:
            yield from _positions(name, row.get(name))

    @cached_property
    def _shape(self) -> tuple[tuple[str, bool], ...]:
        """Every column, and whether it is kept as JSON."""
        return tuple((name, name in self.json_columns) for name in self.columns)

    def handlers_of(self, e: Recorded[Any]) -> list[Handler]:
        """What this table does with an event."""
        own = self.handlers.get(type(e.data))
        return self.any_event if own is None else own + self.any_event

    def as_stored(self, row: Row) -> tuple[Any, ...]:
        """A row as its columns' values, in order."""
        return tuple([_encode(row[n]).decode() if json else row.get(n) for n, json in self._shape])

    def as_row(self, stored: Sequence[Any]) -> Row:
        """The row that :meth:`as_stored` made into ``stored``."""
        return {
            name: _decode(value) if json else value
            for (name, json), value in zip(self._shape, stored, strict=True)
        }


@dataclass
class View:
    """A named, versioned way to see the record. ``source`` is the module whose code folds it.
    ``former_tables`` are tables that it had in earlier versions: nobody reads them, ``kyodo views --prune``
    drops them. ``read_by_rules``: rules of the domain ask it (projections/engine/rule_questions.py), so that
    a command may be refused because of its rows."""

    name: str
    version: int
    ja: str
    en: str
    source: str
    former_tables: tuple[str, ...] = ()
    read_by_rules: bool = False
    tables: list[ViewTable] = field(default_factory=list)

    def table(self, name: str, *columns: sa.Column[Any] | sa.Index, append_only: bool = False) -> ViewTable:
        """Add a table. Its primary key is its key columns."""
        made = ViewTable(self, sa.Table(name, METADATA, *columns), append_only)
        self.tables.append(made)
        return made

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the code that folds this view with everything of ours that it uses, a dot, and the
        same over how older occurrences of its events are read: it changes when either does, for either may
        change rows; it does not when words change (docs/decisions/0018-fingerprints.md)."""
        known = VIEWS.values() if VIEWS.get(self.name) is self else ()
        with Sources(_described) as sources:
            for view in known:  # all at once: they use much of the same
                vars(view)["fingerprint"] = fingerprint_of(view, sources)
            return vars(self).get("fingerprint") or fingerprint_of(self, sources)


_FIXES = (EventWithdrawn, PartRedacted, RecordCorrected)

VIEWS: dict[str, View] = {}
"""Every view by name (filled by projections/registry.py)."""


_ALWAYS = (
    ("projections.engine.fold_events", "fold_events"),
    ("projections.engine.view", "ViewTable.as_stored"),
    ("projections.engine.view", "ViewTable.as_row"),
    ("domain.kernel.mapper", "decode"),
)
"""What makes rows of whatever view."""


def fingerprint_of(view: View, sources: Sources) -> str:
    """See :attr:`View.fingerprint`."""
    lifting = "\n".join(lifting_of(event) for event in _events_of(view))
    return f"{sources.digest(code_of(view))}.{hashlib.sha256(lifting.strip().encode()).hexdigest()}"


def code_of(view: View) -> list[Place]:
    """What the rows of a view are made by: its folds, and the events they are made from."""
    handlers = [h for table in view.tables for own in table.handlers.values() for h in own]
    handlers += [h for table in view.tables for h in table.any_event]
    folds = [written_at(handler.fold) for handler in handlers]
    return [*_ALWAYS, *folds, *(written_at(event) for event in _events_of(view))]


def _events_of(view: View) -> list[type[Event]]:
    """The events of the domain that a view folds, by their names. A view that keeps which fields are
    corrected or redacted depends on all of them."""
    folded = {event for table in view.tables for event in table.handlers}
    of_all = any(table.any_event for table in view.tables) or not folded.isdisjoint(_FIXES)
    every = dict.fromkeys(event for _, event in sorted(EVENTS.items()))
    return [e for e in every if e.__module__.startswith("domain.") and (of_all or e in folded)]


def _described(value: Any) -> str | None:
    """A view is what its folds are, a table what its columns are."""
    if isinstance(value, View):
        return value.name
    if isinstance(value, ViewTable):
        columns = [
            f"{c.name} {c.type} {c.primary_key} {c.nullable} {bool(c.info.get('json'))}"
            for c in value.table.columns
        ]
        return f"{value.name} {value.append_only} {columns}"
    return described(value)


def _entity(e: Recorded[Any]) -> Iterator[str]:
    yield e.entity


def _positions(name: str, value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from _positions(inner, item)
    elif isinstance(value, list):
        for item in value:
            yield from _positions("", item)
    elif isinstance(value, int) and (name == "position" or name.endswith("_position")):
        yield value


class Rows(Protocol):
    """Where rows are kept while folding: a live transaction, a shadow table, a dictionary in a test."""

    def fetch(self, table: ViewTable, keys: Sequence[Key]) -> dict[Key, Row]:
        """The rows there are for these keys."""

    def write(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        """Insert or replace these rows; None deletes."""


class CorrectableRows(Rows, Protocol):
    """Rows of which single ones can be written again, and the log they came from."""

    def rewrite(self, table: ViewTable, rows: dict[Key, Row | None]) -> None:
        """Put these rows in place of those there are, in an append-only table too; None deletes."""

    def events(self, stream: str, until: int) -> Sequence[Recorded[Any]]:
        """The events of a stream up to and with a position, in order."""

    def events_at(self, positions: Sequence[int]) -> Sequence[Recorded[Any]]:
        """The events at these positions, as far as there are any."""
