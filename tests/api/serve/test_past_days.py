"""Past days over real HTTP: what takes long is made aside, and what was lost is made again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from projections.registry import open_store
from tests.api.serve.test_worker import register
from tests.support import server
from tests.support.sockets import asked, get, status_of

DAY = "as_known_on=2100-01-01"


@pytest.fixture
def folder(database_url: str, tmp_path: Path) -> Path:
    """Where files of the past are: beside an SQLite record, else where the service runs."""
    path = urlsplit(database_url).path
    return Path(path).parent / "past" if database_url.startswith("sqlite") else tmp_path / "var" / "past"


@pytest.fixture
def base(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A service that folds five events at once, over a record of twelve."""
    store = open_store(database_url)
    store.create()
    for n in range(12):
        register(store, f"org-{n}")
    store.close()
    port = server.free_port()
    env = server.settings_for(database_url) | {"PAST_AT_ONCE": "5", "PYTHONPATH": str(server.ROOT)}
    with server.running(server.gunicorn(port, 2), port, env, cwd=tmp_path, patience=60) as address:
        yield address


def until_made(base: str, path: str) -> tuple[bytes, set[int]]:
    """The answer once it is there, and the statuses before it."""
    before, end = set[int](), time.monotonic() + 120
    while status_of(answer := asked(base, get(path))) != 200:
        before.add(status_of(answer))
        assert time.monotonic() < end, answer[:500]
        time.sleep(0.3)
    return answer, before


def test_a_past_day_is_made_aside_and_never_fails_for_long(base: str, folder: Path) -> None:
    address = f"/api/v1/parties?{DAY}"
    answer = asked(base, get(address, "Accept-Language: en"))
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert (status_of(answer), told["code"], told["status"]) == (202, "PAST_BEING_MADE", 202)
    assert b"Retry-After: 5" in head and b"no-store" in head and b"application/problem+json" in head
    for page, shown in ((f"/timeline?{DAY}", "用意しています"), (f"/en/timeline?{DAY}", "is being prepared")):
        answer = asked(base, get(page))
        if status_of(answer) != 200:  # it may be there by now
            assert status_of(answer) == 202 and b"Refresh: 5" in answer and b"kyodo.css" in answer
            assert shown in answer.decode()
    answer, before = until_made(base, address)
    assert before <= {202}
    for n, harm in enumerate((Path.unlink, lambda path: path.write_bytes(b"half of it"))):
        for path in folder.glob("*.sqlite"):
            harm(path)
        again, before = until_made(base, f"{address}&limit={60 + n}")  # no kept answer
        assert (again.partition(b"\r\n\r\n")[2], before) == (answer.partition(b"\r\n\r\n")[2], {202})
    assert list(folder.glob("*.draft")) == []
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}


def test_a_table_of_a_past_day_says_so_before_it_begins(base: str) -> None:
    assert status_of(asked(base, get(f"/timeline.csv?{DAY}"))) in (200, 202)
    answer, before = until_made(base, f"/timeline.csv?{DAY}")
    assert before <= {202} and b"text/csv" in answer
