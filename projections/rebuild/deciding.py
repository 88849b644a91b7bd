"""A whole log decided anew, event after event (domain/recording/deciding_anew.py): does it keep its own law?

What rules ask of views is asked as of each event's place: the views that rules read are folded along, in a
database in memory. Nothing is locked, and nothing of the record is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, cast

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.recording.deciding_anew import Verdict, decide_anew
from domain.recording.judging import judge
from projections.engine.database import CursorRows, create_sql
from projections.engine.event_format import editions_in_force
from projections.engine.fold_events import fold_events
from projections.engine.log import WHOLE, events_after, events_at, streams_naming
from projections.engine.rule_questions import RuleQuestion
from projections.engine.store import Store
from projections.engine.view import VIEWS

PAGE = 1_000
"""Events read from the log at a time."""


def decide_log_anew(store: Store, until: int | None = None) -> Iterator[Verdict]:
    """A verdict for each act on record, up to a position (None: as far as the log goes now)."""
    until = store.head() if until is None else until
    with store.engine.connect() as connection:
        editions = editions_in_force(connection)
    with LogUpTo(store) as past:
        yield from decide_anew(_events(store, until), past, editions, judge)


def _events(store: Store, until: int) -> Iterator[Recorded[Any]]:
    position = 0
    while position < until:
        with store.engine.connect() as connection:
            page = events_after(connection, position, limit=PAGE)
        if not page:
            return
        for event in page:
            if event.position > until:
                return
            yield event
        position = page[-1].position


class _Rows(CursorRows):
    """Rows in memory; what a correction corrects is read from the log itself."""

    def __init__(self, cursor: Any, log: LogUpTo):
        super().__init__(cursor, False)
        self._log = log

    def events(self, stream: str, until: int) -> list[Recorded[Any]]:
        return [e for e in self._log.events_of(stream, 0, None) if e.position <= until]

    def events_at(self, positions: Sequence[int]) -> list[Recorded[Any]]:
        return self._log.events_at(positions)


class LogUpTo:
    """The log up to the event that is decided (the ``Past`` of domain/recording/deciding_anew.py)."""

    def __init__(self, store: Store):
        self._store = store
        self._views = [view for view in VIEWS.values() if view.read_by_rules]
        self._engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
        self._until = 0

    def __enter__(self) -> Self:
        self._connection = self._engine.connect()
        self._cursor = self._connection.connection.cursor()
        for table in (table for view in self._views for table in view.tables):
            for statement in create_sql(table.table, False, table.name):
                self._cursor.execute(statement)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._engine.dispose()

    def events_at(self, positions: Sequence[int]) -> list[Recorded[Any]]:
        """The events at these positions of the log."""
        with self._store.engine.connect() as connection:
            return events_at(connection, positions)

    def events_of(self, stream: str, after: int, until: int | None) -> Iterable[Recorded[Any]]:
        events = self._store.application.events.get(originator_id=stream, gt=after or None, lte=until)
        return cast("Iterable[Recorded[Any]]", events)

    @property
    def open_business(self) -> Callable[[str], list[str]]:
        return self._asked("open_business")

    @property
    def groups_of(self) -> Callable[[str], list[str]]:
        return self._asked("groups_of")

    @property
    def meetings_at(self) -> Callable[[str], list[str]]:
        return self._asked("meetings_at")

    def naming(self, about: str) -> list[str]:
        after, _, entity = about.partition("/")
        with self._store.engine.connect() as connection:
            return streams_naming(connection, entity, int(after), self._until)

    def placed(self, stream: str) -> list[Recorded[Any]]:
        with self._store.engine.connect() as connection:
            events = events_after(connection, stream=stream, limit=WHOLE)
        return [e for e in events if e.position <= self._until]

    def advance(self, events: Sequence[Recorded[Any]]) -> None:
        self._until = events[-1].position
        fold_events(self._views, events, _Rows(self._cursor, self))

    def _asked(self, name: str) -> Callable[[str], list[str]]:
        question: RuleQuestion = self._store.rule_question(name)
        return lambda about: sorted(question.answer(self._connection, about))
