"""The texts of attached files, in a file of their own beside the record, by the SHA-256 of each file.

It can be made anew from the contents at any time, so it is no table of the record, and the same for both
databases. Whether somebody may find a text is not judged here: it is found through the row of the event that
attached the file, and closed with it (matching.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from projections.answers.finding.words import Word
from projections.engine.pair_index import PairIndex
from projections.engine.spelling.written_values import all_tokens
from projections.engine.text_folding import folded, pairs

MOST_SAYING = 500
"""Files in which a word is looked up: the newest that say it."""
_METADATA = sa.MetaData()
_TEXT = sa.Table(
    "attached",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("tokens", sa.Text, nullable=False),
    sa.Column("pairs", sa.Text, nullable=False),
)
_PAIRS = PairIndex("pairs", "number")


class Attached:
    """The texts in the file at a path, which need not be there."""

    def __init__(self, path: Path):
        self._path = path

    def keep(self, sha256: str, text: str) -> None:
        """Keep the text of a file; an empty one says that it has none that can be read."""
        lines = [line for part in text.splitlines() if (line := folded(part))]
        tokens = f" {' '.join(dict.fromkeys(all_tokens(lines)))} "
        whole = "\n".join(lines)
        row = {
            "sha256": sha256,
            "text": text,
            "folded": whole,
            "tokens": tokens,
            "pairs": " ".join([*pairs(whole), *tokens.split()]),
        }
        self._make()
        with self._begin() as connection:
            connection.execute(_TEXT.delete().where(_TEXT.c.sha256 == sha256))
            connection.execute(_TEXT.insert().values(row))

    def forget(self, gone: Iterable[str]) -> None:
        """Remove the texts of files that are no more."""
        if self._path.exists():
            with self._begin() as connection:
                for sha256 in gone:
                    connection.execute(_TEXT.delete().where(_TEXT.c.sha256 == sha256))

    def known(self) -> frozenset[str]:
        """The files that have been read, whether or not they have a text."""
        if not self._path.exists():
            return frozenset()
        with self._begin() as connection:
            return frozenset(connection.scalars(sa.select(_TEXT.c.sha256)))

    def text(self, sha256: str) -> str | None:
        """The text of a file; None if it has none, or was not read."""
        if not self._path.exists():
            return None
        with self._begin() as connection:
            return connection.scalar(sa.select(_TEXT.c.text).where(_TEXT.c.sha256 == sha256)) or None

    def said_in(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words with the files whose text says each. One of a single character is not looked for."""
        if not self._path.exists():
            return words
        with self._begin() as connection:
            return tuple(
                replace(word, files=tuple(connection.scalars(_saying(word)))) if len(word.typed) > 1 else word
                for word in words
            )

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(f"sqlite:///{self._path}", poolclass=NullPool)
        with engine.begin() as connection:
            yield connection

    def _make(self) -> None:
        """The file, for its owner alone: it holds what closed documents say."""
        if self._path.exists():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_name(f"draft-{os.getpid()}.sqlite")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        made = Attached(draft)
        with made._begin() as connection:
            _METADATA.create_all(connection)
            for statement in _PAIRS.create_sql("attached", postgres=False):
                connection.exec_driver_sql(statement)
        try:
            os.link(draft, self._path)
        except FileExistsError:  # another process was faster
            pass
        finally:
            draft.unlink(missing_ok=True)


def _saying(word: Word) -> sa.Select[tuple[str]]:
    values = [f" {token} " for token in word.values]
    in_text = [sa.func.instr(_TEXT.c.folded, text) > 0 for text in word.texts]
    in_values = [sa.func.instr(_TEXT.c.tokens, token) > 0 for token in values]
    return (
        sa.select(_TEXT.c.sha256)
        .where(_PAIRS.chosen(_TEXT, False, [[*word.texts, *values]], every=True))
        .where(sa.or_(*in_text, *in_values))
        .order_by(_TEXT.c.number.desc())
        .limit(MOST_SAYING)
    )
