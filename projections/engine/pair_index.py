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

    def candidates(self, table: sa.Table, postgres: bool, words: Iterable[str]) -> sa.ColumnElement[bool]:
        """Rows that hold every pair of the folded ``words``: all that hold the words, and some more. Words
        without a pair choose nothing, so one of them must have one."""
        wanted = list(dict.fromkeys(pair for word in words for pair in pairs(word)))
        if postgres:
            held: sa.ColumnElement[Any] = sa.literal_column(self._array)
            texts = ARRAY(sa.Text)
            return held.op("@>", is_comparison=True)(sa.cast(sa.literal(wanted, texts), texts))
        index = sa.table(self._of(table.name), sa.column("rowid"))
        quoted = " ".join('"' + pair.replace('"', '""') + '"' for pair in wanted)
        matching = sa.literal_column(index.name).op("MATCH", is_comparison=True)(quoted)
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


def index_of(table: sa.Table) -> PairIndex | None:
    """The pair index a table has, if any: it stands in the table's ``info``."""
    index: Any = table.info.get("pair_index")
    return index if isinstance(index, PairIndex) else None
