"""What a part of the benchmark is given: a database of its own, and a record of so many events in it."""

from __future__ import annotations

import argparse
import itertools
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from bench.prepared import checkpoint, matter_of
from bench.tables import Table
from projections.engine.store import Store
from projections.registry import open_store

if TYPE_CHECKING:
    from tests.support.postgres import Postgres

_numbers = itertools.count(1)


@dataclass
class Context:
    """One database and one record in it. A part reads the record or rebuilds its views, but appends nothing
    to it: what it wants to change it takes a copy of (:meth:`copy`)."""

    url: str
    """The address of the prepared record."""
    events: int
    """About how many events it was asked to have."""
    postgres: Postgres | None
    """The running server; None on SQLite."""
    options: argparse.Namespace
    folder: Path
    """A folder for files, gone when the benchmark ends."""
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def database(self) -> str:
        return "PostgreSQL" if self.postgres else "SQLite"

    @cached_property
    def store(self) -> Store:
        """The prepared record, open."""
        store = open_store(self.url)
        self.closing.callback(store.close)
        return store

    @cached_property
    def matter(self) -> str:
        """The id of a matter with a whole story: the one with the most events."""
        return matter_of(self.store)

    def fresh_url(self) -> str:
        """The address of a new, empty database."""
        if self.postgres:
            return self.postgres.fresh()
        return f"sqlite:///{self.folder / f'fresh-{next(_numbers)}.db'}"

    def fresh(self) -> Store:
        """A new record: every table, no event. It is closed when the part has ended."""
        store = open_store(self.fresh_url())
        self.closing.callback(store.close)
        store.create()
        return store

    def copy(self) -> str:
        """The address of a copy of the prepared record, to be changed."""
        name = sa.make_url(self.url).database or ""
        self.close()  # nobody may be connected to what is copied
        if self.postgres:
            return self.postgres.fresh(name)
        checkpoint(open_store(self.url))
        copied = self.folder / f"copy-{next(_numbers)}.db"
        shutil.copyfile(name, copied)
        return f"sqlite:///{copied}"

    def close(self) -> None:
        """Close every store that was opened here."""
        self.closing.close()
        self.__dict__.pop("store", None)


class Module(Protocol):
    """A file of the benchmark that measures one thing. It is registered by one line in ``__main__.PARTS``."""

    TITLE: str

    def measure(self, context: Context) -> list[Table]:
        """Everything in interleaved runs, ``context.options.runs`` of them, as ratios to the first rows."""


@dataclass(frozen=True)
class Part:
    """A line of the registry. ``once``: what it measures does not depend on how long the record is, so that
    it is measured at the first size only."""

    module: Module
    once: bool = False
