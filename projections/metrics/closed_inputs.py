"""Figures that would tell what is closed: a figure one of whose terms is closed to its reader is not given.

Of a redacted event the words may be closed alone; then what is counted stays as open as it was. But if a
number, a day or a list of an event that a figure counts is closed, a total would give it away: to whoever
knows the other terms, or watches the figure change when something is redacted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.events import EVENTS, Recorded
from domain.kernel.mapper import decode
from domain.values.calendar import fiscal_year_bounds
from projections.engine.event_json import fields_of
from projections.engine.one_moment import once
from projections.engine.view import ViewTable
from projections.metrics.metric import Scope
from projections.tables.log_table import log_table
from projections.views.council import council_work, participation
from projections.views.plan import joint_work
from projections.views.record.closed_parts import closed_part

COUNTED: tuple[ViewTable, ...] = tuple(
    table for view in (participation.VIEW, council_work.VIEW, joint_work.VIEW) for table in view.tables
)
"""Every table from which a figure is counted."""


def has_a_closed_term(scope: Scope, tables: Iterable[str]) -> bool:
    """Whether something that this reader may not see is a term of what was counted from these tables."""
    if scope.viewer.staff:
        return False
    read = [table for table in COUNTED if table.name in set(tables)]
    return any(
        _counts(table, e) and _may_be_in(scope, table, e)
        for e in closed_events(scope.connection)
        for table in read
    )


def _counts(table: ViewTable, e: Recorded[Any]) -> bool:
    return type(e.data) in table.handlers


def _may_be_in(scope: Scope, table: ViewTable, e: Recorded[Any]) -> bool:
    """Whether an event may be counted in the period, or in the one before with which it is compared. What a
    meeting did counts on its day; what belongs to a year, from that year on, however late it happened (a
    settlement, an evaluation); what else there is, from its day on."""
    if table is joint_work.sheet:
        return True  # its year stands in another event
    year: int | None = getattr(e.data, "fiscal_year", None)
    if year is not None:
        return fiscal_year_bounds(year)[0] <= scope.last
    when = e.effective.check()
    if when.earliest is not None and when.earliest > scope.last:
        return False
    is_of_its_day = table is participation.meeting
    return not (is_of_its_day and when.latest is not None and when.latest < scope.before.first)


def closed_events(connection: sa.Connection) -> list[Recorded[Any]]:
    """The events that are counted and of which more than words is redacted."""
    return once(connection, "closed events", lambda: _closed_events(connection))


def _closed_events(connection: sa.Connection) -> list[Recorded[Any]]:
    counted = {event.__name__ for table in COUNTED for event in table.handlers}
    chosen = sa.select(closed_part.table.c.stream, closed_part.table.c.acts, closed_part.table.c.fields)
    closed: dict[tuple[str, int], tuple[str, ...]] = {}
    for stream, acts, fields in connection.execute(chosen.where(closed_part.table.c.acts != "[]")):
        for act in msgspec.json.decode(acts):
            if act["target_type"] in counted:
                closed[stream, act["target_version"]] = tuple(msgspec.json.decode(fields))
    if not closed:
        return []
    log, position = log_table(connection.dialect.name == "postgresql")
    key = sa.tuple_(log.c.originator_id, log.c.originator_version)
    columns = (position, log.c.originator_id, log.c.originator_version, log.c.topic, log.c.state)
    events = connection.execute(sa.select(*columns).where(key.in_(sorted(closed))))
    return [
        e
        for at, stream, version, topic, state in events
        if _tells_more_than_words(
            e := decode(topic, bytes(state), at), closed[stream, version] or EVENTS[e.type].__struct_fields__
        )
    ]


def _tells_more_than_words(e: Recorded[Any], fields: Iterable[str]) -> bool:
    data, words = fields_of(e), (str, type(None), bool)
    when = {"on", "from_date", "to_date", "starts_at", "ends_at", "at"}
    return any(name in when or not isinstance(data.get(name), words) for name in fields if name in data)
