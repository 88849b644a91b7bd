"""One moment: everything that an answer reads is of one position of the log.

A reading is one transaction (on SQLite ``BEGIN``, on PostgreSQL ``REPEATABLE READ READ ONLY``). Its first
statement asks for the position, and with it the database gives the snapshot that everything after it is read
from (sqlite.org/isolation.html; PostgreSQL manual 13.2.2). Whatever is appended meanwhile is not seen.

Because nothing can change within a reading, what was looked up once in it need not be looked up again: see
:func:`once` and :func:`each_once`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

from projections.engine.compiled_select import Prepared
from projections.tables.durable import SETTING
from projections.tables.log_table import log_table

OPTION = "kyodo_reading"
"""The execution option by which a connection knows the reading it belongs to."""

NOT_DURING_A_SWAP = "LOCK TABLE view_build IN ACCESS SHARE MODE"
SWAPPING = "LOCK TABLE view_build IN ACCESS EXCLUSIVE MODE"
"""PostgreSQL finds a table by its name as it is called now, and rows as they were when the reading began: in
a table that a rebuild has swapped in meanwhile, rows of the last few events would be missing. So no reading
goes on while tables are swapped, and a swap waits for those that have begun. (A lock taken before the first
SELECT is taken before the snapshot: PostgreSQL manual, LOCK.)"""

T = TypeVar("T")
Id = TypeVar("Id", bound=Hashable)


@dataclass
class Reading:
    """A reading that has begun. ``fictional``: what the record says of itself; None for a real one."""

    position: int
    fictional: str | None
    looked_up: dict[Hashable, Any] = field(default_factory=dict)
    """What has been looked up in it."""


def reading_engine(url: sa.URL, *, postgres: bool) -> sa.Engine:
    """An engine whose transactions only read, each at one moment. Its pool is its own: who holds a reading
    never waits for another place in the same pool."""
    if not postgres:
        engine = sa.create_engine(url, max_overflow=-1)
        # Python's driver begins nothing before a SELECT (bugs.python.org/issue10740).
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine
    engine = sa.create_engine(url, pool_pre_ping=True, max_overflow=-1)

    @sa.event.listens_for(engine, "connect")
    def only_read(connection: Any, _: Any) -> None:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True

    return engine


@contextmanager
def one_moment(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection of an engine of :func:`reading_engine`, or to a file that nobody else writes, on which a
    reading has begun."""
    with engine.connect() as connection:
        yield begun(connection)


def begun(connection: sa.Connection) -> sa.Connection:
    """The connection, on which nothing has been asked yet, with a reading begun."""
    connection.begin()  # a prepared statement goes to the driver past SQLAlchemy's own way of beginning
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(NOT_DURING_A_SWAP)
    (row,) = _BEGIN.rows(connection)
    reading = Reading(row.position or 0, row.fictional)
    return connection.execution_options(**{OPTION: reading})


def reading_of(connection: sa.Connection) -> Reading | None:
    """The reading that a connection belongs to; None for one on which every statement has its own moment."""
    reading: Reading | None = connection.get_execution_options().get(OPTION)
    return reading


def once(connection: sa.Connection, key: Hashable, look: Callable[[], T]) -> T:
    """What ``look`` finds, looked for once in a reading. Whoever takes it changes nothing in it."""
    reading = reading_of(connection)
    if reading is None:
        return look()
    if key not in reading.looked_up:
        reading.looked_up[key] = look()
    answer: T = reading.looked_up[key]
    return answer


def each_once(
    connection: sa.Connection,
    key: Hashable,
    ids: Iterable[Id],
    look: Callable[[list[Id]], dict[Id, T]],
) -> dict[Id, T]:
    """For each of these ids what ``look`` finds for it, each looked for once in a reading; ids for which
    there is nothing are left out."""
    reading = reading_of(connection)
    wanted = list(dict.fromkeys(ids))
    if reading is None:
        return look(wanted) if wanted else {}
    known: dict[Id, T | None] = reading.looked_up.setdefault(key, {})
    new = [i for i in wanted if i not in known]
    if new:
        expected = reading.looked_up.pop((key, "expected"), {})
        new += [i for i in expected if i not in known and i not in set(new)]
        looked_up = look(new)
        known.update((i, looked_up.get(i)) for i in new)
    return {i: row for i in wanted if (row := known[i]) is not None}


def expect(connection: sa.Connection, key: Hashable, ids: Iterable[Hashable]) -> None:
    """Say what of the kind ``key`` will be asked for: it is looked up together with what is asked first."""
    reading = reading_of(connection)
    if reading is not None:
        reading.looked_up.setdefault((key, "expected"), {}).update(dict.fromkeys(ids))


def remember(connection: sa.Connection, key: Hashable, answers: Mapping[Any, Any]) -> None:
    """Say what :func:`each_once` of the kind ``key`` would find: it was looked up with something else."""
    reading = reading_of(connection)
    if reading is not None:
        reading.looked_up.setdefault(key, {}).update(answers)


def _begin(postgres: bool) -> sa.Select[Any]:
    _, position = log_table(postgres)
    fictional = sa.select(SETTING.c.value).where(SETTING.c.name == "fictional").scalar_subquery()
    return sa.select(sa.func.max(position).label("position"), fictional.label("fictional"))


_BEGIN = Prepared(_begin)
