"""When corrected events took effect, as it stood at a position: by that they are in force on a day or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from domain.kernel.corrected import corrected, same_fact
from domain.kernel.correction_events import EFFECTIVE, RecordCorrected
from domain.kernel.events import EVENTS, Event, Recorded
from domain.values.calendar import EffectiveDate
from projections.engine.compiled_select import Prepared, among
from projections.engine.log import event_of, events_at
from projections.views.record.corrections import fix

Dates = dict[str, EffectiveDate]
"""Effective dates by the id of the event."""


def standing_dates(living: sa.Connection, until: int, streams: Iterable[str] | None = None) -> Dates:
    """The dates of the events whose date was corrected by a position; of all streams, or of these."""
    newest: dict[str, Recorded[RecordCorrected]] = {}
    for made in _made(living, 0, until, streams):
        newest[made.data.target_event] = made
    return {
        event_id: corrected(target, made.data.standing).effective
        for event_id, made in newest.items()
        if _about_dates(made) and (target := event_of(living, made.stream, made.data.target_version))
    }


def dates_corrected(living: sa.Connection, after: int, until: int) -> bool:
    """Whether the date of an event was corrected after one position, up to another."""
    return any(map(_about_dates, _made(living, after, until, None)))


def _about_dates(made: Recorded[RecordCorrected]) -> bool:
    names = same_fact(EVENTS.get(made.data.target_type, Event), EFFECTIVE)
    return any(change.field.partition(".")[0] in names for change in made.data.standing)


def _made(
    living: sa.Connection, after: int, until: int, streams: Iterable[str] | None
) -> list[Recorded[RecordCorrected]]:
    chosen = _ALL if streams is None else _OF_STREAMS
    parameters: dict[str, Any] = {} if streams is None else {"streams": sorted(streams)}
    rows = chosen.rows(living, after=after, until=until, **parameters)
    return events_at(living, sorted(row.position for row in rows))


def _approved() -> sa.Select[Any]:
    c = fix.table.c
    after: Any = sa.bindparam("after", type_=sa.BigInteger)
    until: Any = sa.bindparam("until", type_=sa.BigInteger)
    chosen = sa.select(c.position).where(c.act == "correction", c.state == "approved")
    return chosen.where(c.position > after, c.position <= until)


_ALL = Prepared(lambda _: _approved())
_OF_STREAMS = Prepared(lambda postgres: _approved().where(among(fix.table.c.stream, "streams", postgres)))
