"""Records made once in a test process, then copied: a file on SQLite, a template on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.postgres import Postgres

Prepare = Callable[[str], None]
"""``prepare(url)`` makes a record in an empty database, and leaves no connection open."""


def full_name(name: str, prepare: Prepare) -> str:
    """``name`` with the module of the function that makes the record: two files of tests may call different
    records the same."""
    made_by = prepare.func if isinstance(prepare, partial) else prepare
    return f"{name}-{made_by.__module__}.{made_by.__qualname__}"


class Copies:
    """Records by a name, in a folder of the test session."""

    def __init__(self, folder: Path):
        self._folder = folder

    def sqlite(self, name: str, prepare: Prepare, to: Path) -> str:
        """The URL of a copy in the folder ``to``."""
        original = self._folder / f"{full_name(name, prepare)}.sqlite"
        if not original.exists():
            prepare(f"sqlite:///{original}")
        for file in self._folder.glob(f"{original.name}*"):  # the log that SQLite writes ahead as well
            shutil.copy(file, to / file.name)
        return f"sqlite:///{to / original.name}"


def copied(request: pytest.FixtureRequest, name: str, prepare: Prepare, to: Path) -> Iterator[str]:
    """For a fixture whose parameter is ``sqlite`` or ``postgres``: the URL of a copy of its own."""
    if request.param == "sqlite":
        copies: Copies = request.getfixturevalue("copies")
        yield copies.sqlite(name, prepare, to)
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.fresh(server.template(full_name(name, prepare), prepare))
    yield url
    server.drop(url)
