"""The worker over real HTTP: nobody who is silent, slow or malformed keeps another from being answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.serve.worker.crew import Crew
from api.serve.worker.incoming import _Chunks
from domain.kernel.events import Actor
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from projections.engine.store import Store
from projections.registry import open_store
from tests.support import server
from tests.support.sockets import asked, everything, get, holding, opened, status_of

SECRETARIAT = CommandTerms(Actor("SEC", "p-test"), frozenset({"SEC"}))
SECONDS = {"HEAD_SECONDS": "2", "BODY_SECONDS": "2", "WRITE_SECONDS": "2"}


def register(store: Store, party: str) -> None:
    command = command_named("Party", "register_organisation")
    store.application.execute(command, party, {"name_ja": "架空の団体", "category": "npo"}, SECRETARIAT)


@pytest.fixture(scope="module")
def store(module_database_url: str) -> Iterator[Store]:
    found = open_store(module_database_url)
    found.create()
    for n in range(5):
        register(found, f"org-{n}")
    yield found
    found.close()


def url_of(store: Store) -> str:
    return str(store.url.render_as_string(hide_password=False))


@pytest.fixture(scope="module")
def base(store: Store) -> Iterator[str]:
    """Two workers with deadlines of two seconds."""
    with server.running_server(url_of(store), env=SECONDS) as address:
        yield address


def timed(base: str, path: str = "/api/v1/events?after=0") -> float:
    """Seconds until an answer is here."""
    started = time.monotonic()
    assert status_of(asked(base, get(path))) == 200
    return time.monotonic() - started


def test_who_says_nothing_or_little_keeps_nobody_waiting(base: str) -> None:
    """Sixty silent connections, twenty that send a head line by line, ten with a body that does not come."""
    head, body = (
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\nusername=",
    )
    timed(base)  # whatever is made once is made
    with holding(base, [b""] * 60 + [head] * 20 + [body] * 10) as held:
        took = []
        for n in range(10):
            for sock in held[60:80]:
                try:
                    sock.sendall(f"X-{n}: y\r\n".encode())
                except OSError:
                    continue  # its time was over
            took.append(timed(base))
            time.sleep(0.3)
        assert max(took) < 2, took
        assert [status_of(everything(sock)) for sock in held[:60]] == [0] * 60
        assert {status_of(everything(sock)) for sock in held[80:]} == {408}


def test_a_deadline_holds_for_the_whole_head_however_its_lines_are_spread(base: str) -> None:
    started = time.monotonic()
    with opened(base, b"GET /en/ HTTP/1.1\r\n") as sock:
        for n in range(4):
            time.sleep(0.4)
            sock.sendall(f"X-{n}: y\r\n".encode())
        answer = everything(sock)
    assert 1.9 < time.monotonic() - started < 5
    assert status_of(answer) == 408
    assert "The request did not arrive in time." in answer.decode()


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n" % (b"a" * 5_000), 414, "ADDRESS_TOO_LONG"),
        (b"GET /%b" % (b"a" * 5_000), 414, "ADDRESS_TOO_LONG"),
        (b"GET / HTTP/1.1\r\nX: %b\r\n\r\n" % (b"a" * 9_000), 431, "HEAD_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\n" + b"X: %b\r\n" % (b"a" * 8_000) * 9, 431, "HEAD_TOO_LARGE"),
        (b"nonsense\r\n\r\n", 400, "REQUEST_MALFORMED"),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400, "REQUEST_MALFORMED"),
        (b"GET / HTTP/7.0\r\n\r\n", 400, "REQUEST_MALFORMED"),
        (b"GET / HTTP/1.1\r\nExpect: a miracle\r\n\r\n", 417, "HTTP_PROBLEM"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: rot13\r\n\r\n", 501, "HTTP_PROBLEM"),
        (
            b"POST /signin HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n"
            + b"x" * 0x200000,
            413,
            "BODY_TOO_LARGE",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_never_became_a_request_gets_the_page_and_the_document(
    base: str, sent: bytes, status: int, code: str
) -> None:
    """A page in the language of the address, and a problem document under /api."""
    for path, language, shown in (
        (b"/", "ja", "次にできること"),
        (b"/en/", "en", "What you can do"),
        (b"/api/v1/", None, f'"code":"{code}"'),
    ):
        answer = asked(base, sent.replace(b" /", b" " + path, 1)).decode()
        if sent.startswith(b"nonsense") and path != b"/":
            continue
        assert status_of(answer.encode()) == status
        assert shown in answer, answer[:2_000]
        assert code in answer
        if language is not None:
            assert f'<html lang="{language}"' in answer and "kyodo.css" in answer


def test_requests_that_come_together_are_answered_in_order(base: str) -> None:
    first = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /api/v1/events?limit=1 HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = asked(base, first + get("/livez"))
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.index(b'"alive":true') < answer.index(b'"items"') < answer.rindex(b'"alive":true')


def test_a_chunked_body_arrives_piece_by_piece(base: str) -> None:
    with opened(base, b"POST /api/v1/parties/-/register-organisation HTTP/1.1\r\nHost: a\r\n") as sock:
        for part in (
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"2\r",
            b"\n{}\r\n0",
            b"\r\n\r\n",
        ):
            time.sleep(0.1)
            sock.sendall(part)
        assert status_of(everything(sock)) == 401


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", True),
        (b"5;name=value\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", True),
        (b"5\r\nhello\r\n0\r\n", False),
        (b"5\r\nhel", False),
        (b"", False),
        (b"no number\r\n", True),
        (b"5" * 9_000, True),
    ],
)
@pytest.mark.parametrize("piece", [1, 3, 10_000])
def test_where_a_chunked_body_ends(body: bytes, ends: bool, piece: int) -> None:
    chunks = _Chunks()
    said = [chunks.passed(body[n : n + piece]) for n in range(0, len(body), piece)]
    assert any(said) == ends
    assert not any(said[: len(said) // 2]) or body[:1] not in (b"5",) or len(body) > 100


def test_who_does_not_read_an_answer_is_given_up(base: str) -> None:
    """Slow readers hold no thread: twice as many as there are, and a reader beside them."""
    path = get("/static/kyodo.css")
    slow = [opened(base, path.replace(b"Connection: close\r\n", b"") * 200, receive=2_048) for _ in range(20)]
    try:
        assert max(timed(base) for _ in range(5)) < 2
        time.sleep(5)
        assert max(timed(base) for _ in range(5)) < 2
        for sock in slow:
            with pytest.raises(ConnectionResetError):
                everything(sock)
    finally:
        for sock in slow:
            sock.close()


def test_a_hundred_followers_wait_without_a_thread_and_hear_of_one_event(base: str, store: Store) -> None:
    newest = store.head()
    address = get(f"/api/v1/events?after={newest}&wait=20")
    with holding(base, [address] * 100) as waiting:
        time.sleep(1)
        assert max(timed(base) for _ in range(5)) < 2
        started = time.monotonic()
        register(store, "org-heard-of")
        answers = [everything(sock) for sock in waiting]
        assert time.monotonic() - started < 8
    assert {status_of(answer) for answer in answers} == {200}
    assert all(b"org-heard-of" in answer for answer in answers)


def test_a_follower_hears_nothing_at_the_end_of_its_time(base: str, store: Store) -> None:
    started = time.monotonic()
    answer = asked(base, get(f"/api/v1/events?after={store.head()}&wait=2"))
    assert 1.9 < time.monotonic() - started < 6
    assert b'"items":[]' in answer and b"Retry-After" not in answer


@contextmanager
def append_locked(store: Store) -> Iterator[None]:
    """An idle session holds the lock that every append takes."""
    with store.engine.connect() as connection:
        if store.postgres:
            connection.execute(sa.text("LOCK TABLE stored_events IN EXCLUSIVE MODE"))
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.rollback()


def command(store: Store, party: str) -> bytes:
    account = Accounts(store.engine).add(f"u-{party}", ["SEC"])
    token = Tokens(store.engine).make(account, "test")
    body = f'{{"id":"{party}","name_ja":"架空の団体","category":"npo"}}'.encode()
    fields = (
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return get("/api/v1/parties/-/register-organisation", *fields).replace(b"GET", b"POST", 1) + body


def test_a_held_append_lock_stops_neither_health_nor_readers(base: str, store: Store) -> None:
    commands = [command(store, f"org-late-{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        with append_locked(store):
            sent = [pool.submit(asked, base, each) for each in commands]
            time.sleep(0.5)
            assert max(timed(base, path) for path in ("/livez", "/readyz", "/", "/api/v1/events") * 3) < 2
        assert {status_of(each.result()) for each in sent} == {201}


def test_a_worker_that_is_given_up_says_so_to_whom_it_leaves_waiting(store: Store) -> None:
    sent = command(store, "org-lost")
    with server.running_server(url_of(store), workers=1, env=SECONDS) as base:
        (worker,) = workers_at(base)
        with ThreadPoolExecutor(1) as pool, append_locked(store):
            answer = pool.submit(asked, base, sent)
            time.sleep(1)
            os.kill(worker, signal.SIGABRT)
            said = answer.result()
        assert (status_of(said), b"ANSWER_LOST" in said) == (500, True)
        assert timed(base) < 15  # another worker has taken its place


def workers_at(base: str) -> list[int]:
    """The workers of a server: children of the process that listens."""
    port = base.rpartition(":")[2]
    found = []
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"127.0.0.1:{port}".encode() in stat.read_bytes():
                parent = int((stat.parent / "stat").read_text().rpartition(")")[2].split()[1])
                found.append((int(stat.parent.name), parent))
        except OSError:
            continue
    processes = {pid for pid, _ in found}
    return [pid for pid, parent in found if parent in processes]


def test_everybody_gets_a_turn_before_somebody_gets_another() -> None:
    crew, done, go = Crew("test", 1), list[str](), threading.Event()
    finished = threading.Event()
    crew.give("first", lambda: go.wait() and None)
    for n in range(50):
        crew.give("many", lambda n=n: done.append(f"many-{n}"))
    crew.give("one", lambda: done.append("one"))
    crew.give("many", finished.set)
    assert crew.waiting >= 52
    go.set()
    assert finished.wait(10)
    assert done.index("one") == 1
    assert done[2:] == [f"many-{n}" for n in range(1, 50)]


def test_nothing_of_the_worker_is_needed_without_it() -> None:
    """The application answers a follower at once where no worker lends it a place."""
    asked_of = "import api.http.waiting, sys; assert not any(m.startswith('gunicorn') for m in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked_of], check=False).returncode == 0
