"""An index over pairs of characters, kept by the database itself in the transaction that writes a row.

A table that is searched has a column with the pairs of its text, separated by blanks. PostgreSQL indexes it
by a GIN index on the array made of it. SQLite keeps an FTS5 table without content beside it, written by
triggers: so the index follows whatever writes rows, in an append as in a rebuild, and follows the table when
a rebuild swaps it in. (FTS5's own trigram tokenizer finds no word of two characters: engine.md.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from projections.engine.text_folding import pairs

# Every character but white space belongs to a token, so that a pair of any two is one.
_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"


@dataclass(frozen=True)
class PairIndex:
    """The index of a table on its ``column`` of pairs; ``number``: a whole-number column unique to a row."""

    column: str
    number: str

    def create_sql(self, name: str, postgres: bool, *, filled: bool = True) -> list[str]:
        """The statements that make the index of the table called ``name``, of the rows that are there. On
        SQLite it can be made empty, to be filled in parts (``filled=False``, :meth:`fill_sql`,
        :meth:`follow_sql`)."""
        if postgres:
            # What is new waits in a list that every search reads: kept short, in kB.
            few = "WITH (gin_pending_list_limit = 512)"
            return [f"CREATE INDEX ix_{name}_{self.column} ON {name} USING gin ({self._array}) {few}"]
        empty = (
            f"CREATE VIRTUAL TABLE {self._of(name)} USING fts5({self.column}, content='', columnsize=0, "
            f'detail=none, tokenize="{_TOKENIZER}")'
        )
        return [empty, self._fill(name), *self._triggers(name)] if filled else [empty]

    def fill_sql(self, name: str) -> str:
        """SQLite: the statement that indexes the rows after one row id, up to another."""
        return f"{self._fill(name)} WHERE rowid>? AND rowid<=?"

    def follow_sql(self, name: str) -> list[str]:
        """SQLite: the statements that let a filled index follow its table from now on."""
        return self._triggers(name)

    def drop_sql(self, name: str, postgres: bool) -> list[str]:
        """What dropping the table called ``name`` leaves to be dropped."""
        return [] if postgres else [f"DROP TABLE IF EXISTS {self._of(name)}"]

    def rename_sql(self, old: str, new: str, postgres: bool) -> list[str]:
        """The statements by which the index follows its table, just renamed from ``old`` to ``new``."""
        if postgres:
            return []
        return [
            *(f"DROP TRIGGER {self._of(old)}_{act}" for act in ("insert", "update", "delete")),
            f"ALTER TABLE {self._of(old)} RENAME TO {self._of(new)}",
            *self._triggers(new),
        ]

    def chosen(
        self, table: sa.Table, postgres: bool, words: Iterable[Iterable[str]], *, every: bool
    ) -> sa.ColumnElement[bool]:
        """Rows that hold every pair of every word, or with not ``every`` of any: all that hold the words, and
        some more. A word is given as the ways in which it may stand there: folded texts, and tokens that have
        a blank on both sides. A way without a pair chooses nothing, so none of them may be a single
        character."""
        wanted = [[held for way in ways if (held := _held(way))] for ways in words]
        if postgres:
            array: sa.ColumnElement[Any] = sa.literal_column(self._array)
            texts = ARRAY(sa.Text)
            of_words = [
                sa.or_(*(array.op("@>", is_comparison=True)(sa.cast(sa.literal(w), texts)) for w in ways))
                for ways in wanted
            ]
            return sa.and_(*of_words) if every else sa.or_(*of_words)
        index = sa.table(self._of(table.name), sa.column("rowid"))
        sought = (" AND " if every else " OR ").join(
            f"({' OR '.join(map(_all_of, ways))})" for ways in wanted
        )
        matching = sa.literal_column(index.name).op("MATCH", is_comparison=True)(sought)
        return table.c[self.number].in_(sa.select(index.c.rowid).where(matching))

    def _fill(self, name: str) -> str:
        held = f"{self._of(name)}(rowid, {self.column})"
        return f"INSERT INTO {held} SELECT {self.number}, {self.column} FROM {name}"

    @property
    def _array(self) -> str:
        return f"string_to_array({self.column}, ' ')"

    def _of(self, name: str) -> str:
        return f"{name}_{self.column}"

    def _triggers(self, name: str) -> list[str]:
        index, held = self._of(name), f"rowid, {self.column}"
        add = f"INSERT INTO {index}({held}) VALUES (new.{self.number}, new.{self.column});"
        # Without content FTS5 must be told what it is to forget.
        remove = (
            f"INSERT INTO {index}({index}, {held}) VALUES ('delete', old.{self.number}, old.{self.column});"
        )
        changed = f"old.{self.column} <> new.{self.column}"
        return [
            f"CREATE TRIGGER {index}_insert AFTER INSERT ON {name} BEGIN {add} END",
            f"CREATE TRIGGER {index}_update AFTER UPDATE ON {name} WHEN {changed} BEGIN {remove} {add} END",
            f"CREATE TRIGGER {index}_delete AFTER DELETE ON {name} BEGIN {remove} END",
        ]


def _held(way: str) -> list[str]:
    """What a row holds that has this text, or this token, in it."""
    return [way.strip()] if way.startswith(" ") else pairs(way)


def _all_of(held: Iterable[str]) -> str:
    return f"({' AND '.join(map(_quoted, held))})"


def _quoted(held: str) -> str:
    return '"' + held.replace('"', '""') + '"'


def index_of(table: sa.Table) -> PairIndex | None:
    """The pair index a table has, if any: it stands in the table's ``info``."""
    index: Any = table.info.get("pair_index")
    return index if isinstance(index, PairIndex) else None
