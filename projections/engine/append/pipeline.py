"""PostgreSQL: the statements of one transaction, sent together and answered together.

libpq's pipeline mode, spoken without psycopg's cursors, which took two thirds of the time of an append with
its dozen small statements. Every statement is prepared on the connection when it is first met; values are
text and whole numbers (and the bytes of events), as everywhere in the record.
"""

from __future__ import annotations

import itertools
import select
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection, DataError, Error
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

PREPARED_MOST = 500
"""Statements kept prepared on a connection; any more are sent with their text."""
VALUES_MOST = 64
"""A statement with more values than this (many rows at once) is hardly met twice, and not prepared."""

_prepared: WeakKeyDictionary[Connection[Any], dict[str, bytes]] = WeakKeyDictionary()
"""For each connection the names of its statements. They outlive a transaction, also one rolled back."""
_numbers = itertools.count(1)

_READ: dict[int, Callable[[bytes], Any]] = {
    17: lambda value: bytes.fromhex(value[2:].decode()),  # bytea
    20: int,  # bigint
    23: int,  # integer
}
"""How values are read, by the number of their type; everything else is text."""


class Answer:
    """What a statement answers: its rows, once they have come."""

    def __init__(self, prepares: str | None = None):
        self.prepares = prepares
        """The statement that is prepared, if that is what was asked for."""
        self.rows: list[tuple[Any, ...]] | None = None


class Pipeline:
    """A transaction: what is executed in the block is committed at its end, or nothing is. An error may show
    itself later than the statement that made it, at the end of the block at the latest."""

    def __init__(self, connection: Connection[Any]):
        self._pg = connection.pgconn
        self._names = _prepared.setdefault(connection, {})
        self._new_names: dict[str, bytes] = {}
        self._awaited: deque[Answer | None] = deque()
        """What the server has still to answer, in order; None: that it has come to this point."""
        self._failed: Error | None = None
        self._arrival = select.poll()
        self._arrival.register(self._pg.socket, select.POLLIN)

    def __enter__(self) -> Pipeline:
        self._pg.enter_pipeline_mode()
        self.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.execute("COMMIT")
            self._catch_up()
            if kind is None:
                self._raise_failed()
        finally:
            self._leave()

    def cursor(self, *, waits: bool = False) -> PipelineCursor:
        """Something like a driver's cursor. Fetch from it before it executes something else. ``waits``: it
        waits for every statement, so that a failure shows itself there, and can be undone to a savepoint."""
        return PipelineCursor(self, waits)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Answer:
        """Send a statement (with ``%s`` for its values), and do not wait for its answer: the server is at
        work on it while the next one is made here."""
        sent = [_sent(value) for value in values]
        formats = [Format.BINARY if isinstance(v, bytes) else Format.TEXT for v in values]
        name = self._names.get(sql) or self._new_names.get(sql) or self._prepare(sql, len(sent))
        if name is None:
            self._pg.send_query_params(_numbered(sql), sent, param_formats=formats)
        else:
            self._pg.send_query_prepared(name, sent, param_formats=formats)
        self._pg.flush()  # as much as goes without waiting
        return self._await(Answer())

    def rows(self, answer: Answer) -> list[tuple[Any, ...]]:
        """The rows a statement has answered with; waits for it. Raises what has failed up to it."""
        if answer in self._awaited:
            self._pg.send_flush_request()
            self._flush()
            while answer in self._awaited:
                self._receive()
        self._raise_failed()
        return answer.rows or []

    def settle(self) -> None:
        """Wait for everything that was sent. Raises what has failed; then the transaction goes on, to be
        rolled back to a savepoint."""
        self._catch_up()
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed

    def _prepare(self, sql: str, values: int) -> bytes | None:
        if values > VALUES_MOST or len(self._names) + len(self._new_names) >= PREPARED_MOST:
            return None
        name = self._new_names[sql] = f"kyodo_{next(_numbers)}".encode()
        self._pg.send_prepare(name, _numbered(sql))
        self._await(Answer(prepares=sql))
        return name

    def _await(self, answer: Answer) -> Answer:
        self._awaited.append(answer)
        return answer

    def _raise_failed(self) -> None:
        if self._failed is not None:
            raise self._failed

    # -- what goes over the line

    def _catch_up(self) -> None:
        """Let the server come to the end of what it was sent, whatever has failed."""
        self._pg.pipeline_sync()
        self._awaited.append(None)
        self._flush()
        while self._awaited:
            self._receive()

    def _leave(self) -> None:
        """Give the connection back as it was: in no transaction and in no pipeline."""
        if isinstance(self._failed, InvalidSqlStatementName):  # somebody has dropped what was prepared
            self._names.clear()
        if self._pg.status != ConnStatus.OK:
            return
        if self._pg.transaction_status != TransactionStatus.IDLE:
            self._pg.send_query_params(b"ROLLBACK", None)
            self._await(Answer())
            self._catch_up()
        self._pg.exit_pipeline_mode()

    def _flush(self) -> None:
        while self._pg.flush():
            self._arrival.modify(self._pg.socket, select.POLLIN | select.POLLOUT)
            if any(event & select.POLLIN for _, event in self._arrival.poll()):
                self._pg.consume_input()
            self._arrival.modify(self._pg.socket, select.POLLIN)

    def _receive(self) -> None:
        """Take in the answer that is next."""
        answer = self._awaited[0]
        while (result := self._next_result()) is not None:
            if result.status == ExecStatus.FATAL_ERROR:
                self._failed = self._failed or error_from_result(result)
            elif answer is None:
                break
            elif result.status == ExecStatus.TUPLES_OK:
                answer.rows = _rows(result)
            elif result.status == ExecStatus.COMMAND_OK and answer.prepares is not None:
                self._names[answer.prepares] = self._new_names.pop(answer.prepares)
        self._awaited.popleft()

    def _next_result(self) -> PGresult | None:
        while self._pg.is_busy():
            self._arrival.poll()
            self._pg.consume_input()
        return self._pg.get_result()


class PipelineCursor:
    """What code that knows drivers' cursors may use in a pipeline."""

    def __init__(self, pipeline: Pipeline, waits: bool):
        self._pipeline = pipeline
        self._waits = waits
        self._answer: Answer | None = None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._answer = self._pipeline.execute(sql, values)
        if self._waits:
            self._pipeline.settle()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        for values in rows:
            self.execute(sql, values)

    def fetchall(self) -> list[tuple[Any, ...]]:
        assert self._answer is not None, "nothing was executed"
        return self._pipeline.rows(self._answer)

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(iter(self.fetchall()), None)


@lru_cache(maxsize=4096)
def _numbered(sql: str) -> bytes:
    """The statement with ``$1``, ``$2`` and so on for its values. (None has ``%s`` in a text.)"""
    first, *others = sql.split("%s")
    return "".join([first, *(f"${n}{other}" for n, other in enumerate(others, 1))]).encode()


def _sent(value: str | int | bytes | None) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    text = value.encode() if isinstance(value, str) else b"%d" % value
    if b"\0" in text:
        raise DataError("a text cannot hold the character NUL")
    return text


def _rows(result: PGresult) -> list[tuple[Any, ...]]:
    readers = [_READ.get(result.ftype(n), bytes.decode) for n in range(result.nfields)]
    return [
        tuple(
            [
                None if (value := result.get_value(row, n)) is None else read(value)
                for n, read in enumerate(readers)
            ]
        )
        for row in range(result.ntuples)
    ]
