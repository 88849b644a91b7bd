"""A page of the database is overwritten while nobody looks: who says so, does every command end in words?"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from tests.drills.faults import Service, until
from tests.drills.load import Load

TABLE = "party"
"""The view that is damaged; its list is asked for."""


def damaged_page(service: Service, token: str) -> tuple[str, int]:
    """What is told of it, and how many faults of ours it showed."""
    load = Load(service.base, token, "damaged")
    load.begin()
    until(lambda: len(load.acknowledged) > 20, 60)
    load.end()
    service.stop()
    place, offset, size = _first_page(service)
    whole = place.read_bytes()
    _overwrite(place, offset, b"\xde\xad" * (size // 2))
    service.place.start()
    service.start()
    answered = _asked(service, "/api/v1/parties")
    ready = _asked(service, "/readyz")
    ended = [_command(service, "check"), _command(service, "verify")]
    service.stop()
    if service.place.is_postgres:
        service.place.stop()
    _overwrite(place, 0, whole)
    service.place.start()
    service.start()
    mended = [_command(service, "check"), _command(service, "verify")]
    ready_again = _asked(service, "/readyz")
    told = (
        f"a list of what is damaged: {answered}; /readyz: {ready}\n"
        + "".join(f"    {line}\n" for line in ended)
        + f"    mended: {'; '.join(mended)}; /readyz: {ready_again}"
    )
    problems = [
        not answered.startswith("503 DATABASE_DAMAGED"),
        not ready.startswith("503"),
        any("ends with 3" not in line for line in ended),
        any("ends with 0" not in line for line in mended),
        not ready_again.startswith("200"),
    ]
    return told, sum(problems)


def _first_page(service: Service) -> tuple[Path, int, int]:
    """The file, the place in it and the size of the first page of the table; its database is not running."""
    if service.place.is_postgres:
        with psycopg.connect(service.place.url) as connection:
            asked = "SELECT current_setting('data_directory'), pg_relation_filepath(%s)"
            folder, name = connection.execute(asked, (TABLE,)).fetchone() or ("", "")
        service.place.stop()
        return Path(folder) / name, 0, 8_192
    path = Path(service.place.url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone()[0]
    connection.close()
    return path, (page - 1) * size, size


def _overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def _asked(service: Service, path: str) -> str:
    """The status, and what a problem or ``/readyz`` says of damage."""
    try:
        with urllib.request.urlopen(service.base + path, timeout=60) as response:
            status, found = response.status, json.load(response)
    except urllib.error.HTTPError as error:
        status, found = error.code, json.load(error)
    if path == "/readyz":
        return f"{status} check {found['check']['state']} {' '.join(found['check']['failed'])}".strip()
    return f"{status} {found.get('code', '')}".strip()


def _command(service: Service, *words: str) -> str:
    """How a command ended, with its first words."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *words],
        cwd=service.place.folder,
        env=service.env() | {"LANG": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if "Traceback" in said:
        return f"kyodo {' '.join(words)}: a traceback"
    marks = ("DATABASE_DAMAGED", "FAILS", "all is well")
    lines = [line for line in said.splitlines() if any(mark in line for mark in marks)]
    return f"kyodo {' '.join(words)} ends with {done.returncode}: {(lines or ['-'])[0][:110]}"
