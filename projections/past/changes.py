"""What changed between two days, on the recorded axis (domain.md 3): of one thing, and of the whole record.

The two states compared are those known at the end of each day in Japan, whatever the days on which things
took effect; every event behind a change tells both its days. What is closed or sealed today is so in both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from domain.evaluation_sheet.events import BLIND
from domain.kernel.correction_events import CORRECTING, RecordCorrected
from domain.kernel.events import Recorded
from domain.kernel.record import KINDS, kind_of
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.streams import entity_of
from domain.kernel.viewer import Viewer
from domain.rules import dates
from domain.values.refusal import refusal
from projections.answers.describing import Describer
from projections.answers.public_cut import public_row
from projections.engine.event_json import ORDER_COLUMNS, Json, bilingual, event_json
from projections.engine.fold_events import DictRows, fold_events
from projections.engine.log import events_at
from projections.engine.view import ViewTable
from projections.past.files import position_on
from projections.rebuild.differences import Path, differences
from projections.views.matter import decision_trail
from projections.views.matter.decision_trail import step, thing
from projections.views.plan.sealed import seal, seals_for
from projections.views.record.closed_parts import closed_in

PERIOD_BACKWARDS = refusal(
    "PERIOD_BACKWARDS",
    ja="{to}は{since}より前の日です。",
    en="{to} is before {since}.",
    rule=dates.CHANGES_BETWEEN,
    next_ja="日を入れ替えてください。",
    next_en="Exchange the two days.",
    kind="invalid",
)
MOST_EVENTS = 20
"""So many events of a thing are listed in the whole record's changes; ``count`` tells how many there are."""
MOST_OF_ONE = 5_000
FIXING = CORRECTING
AXIS = bilingual(
    "記録の時間軸（いつ記録されたか）。効力の日は、出来事ごとに示します。",
    "The recorded axis (when things were put on record). Each event also tells when it took effect.",
)


def period(connection: sa.Connection, since: dt.date, to: dt.date) -> tuple[int, int]:
    """The positions of the last events known on each of two days. Refuses ``PERIOD_BACKWARDS``."""
    if to < since:
        raise PERIOD_BACKWARDS(since=since.isoformat(), to=to.isoformat()).at("/to")
    return position_on(connection, since), position_on(connection, to)


# ------------------------------------------------------------------------------------------- one thing


def of_one(
    connection: sa.Connection,
    stream: str,
    since: dt.date,
    to: dt.date,
    viewer: Viewer,
    table: ViewTable | None = None,
) -> Json:
    """What became known of one thing after the end of ``since`` until the end of ``to``: for each field that
    says something else, what it said, what it says, and the events behind it.

    A thing's state is everything on record of it, by type of event and as corrected by then, with the plain
    columns of its row in ``table`` (its state, its title). Corrections and redactions are no part of it: they
    are what stands behind a change.
    """
    first, last = period(connection, since, to)
    positions = decision_trail.positions_of_entity(connection, entity_of(stream), MOST_OF_ONE)
    seals = seals_for(connection, viewer, [stream])
    own = [
        e
        for e in events_at(connection, [p for p in positions if p <= last])
        if e.stream == stream and not seals.hides(e)
    ]
    new = [e for e in own if e.position > first]
    steps = list(_columns(table, own, first))
    seen = _seen(connection, stream, viewer)
    before = _state([e for e in own if e.position <= first], steps[0][1], seen)
    after = _state(own, steps[-1][1], seen)
    changes = [(change, _behind(change.place, new, steps)) for change in differences(before, after)]
    describer = Describer(connection, [e for _, events in changes for e in events], viewer=viewer)
    return {
        "axis": AXIS,
        "from": since.isoformat(),
        "to": to.isoformat(),
        "known_before": before is not None,
        "known_after": after is not None,
        "items": [
            {
                "field": change.path,
                "before": change.before,
                "after": change.after,
                "events": [describer.describe(e) for e in events],
            }
            for change, events in changes
        ],
    }


Columns = dict[str, Any]
Seen = Callable[[Json], Json]
_THEIRS = {"AppointmentEnded": "reason"}
"""That a member left is public, why is theirs."""


def _seen(connection: sa.Connection, stream: str, viewer: Viewer) -> Seen:
    """How this reader sees a row of this stream, by what is closed today."""
    closed = closed_in(connection, [stream])

    def seen(row: Json) -> Json:
        if viewer.staff:
            return row
        for type_, name in _THEIRS.items():
            row |= {type_: [{**entry, name: None} for entry in row[type_]]} if type_ in row else {}
        return public_row(row, closed, stream)

    return seen


def _state(events: Sequence[Recorded[Any]], columns: Columns, seen: Seen) -> Json | None:
    """Everything on record of a thing, as corrected by these events."""
    if not events:
        return None
    state: Json = dict(columns)
    for e in kind_of(events[0].stream).as_corrected(events):
        if not isinstance(e.data, FIXING):
            state.setdefault(e.type, []).append(event_json(e))
    return seen(state)


def _columns(
    table: ViewTable | None, own: Sequence[Recorded[Any]], first: int
) -> Iterator[tuple[Recorded[Any] | None, Columns]]:
    """The plain columns of a thing's row as it was known at a position, and after each event since."""
    rows = DictRows(own)
    yield None, _fold(table, [e for e in own if e.position <= first], rows)
    for e in own:
        if e.position > first:
            yield e, _fold(table, [e], rows)


def _fold(table: ViewTable | None, events: Sequence[Recorded[Any]], rows: DictRows) -> Columns:
    if table is None or not events:
        return {}
    fold_events([table.view], events, rows)
    row = rows.fetch(table, [(events[0].entity,)]).get((events[0].entity,), {})
    left_out = {*table.json_columns, *ORDER_COLUMNS}
    return {name: value for name, value in row.items() if name not in left_out}


def _behind(
    place: Path, new: Sequence[Recorded[Any]], steps: Sequence[tuple[Recorded[Any] | None, Columns]]
) -> list[Recorded[Any]]:
    """The events that made a field say something else: all, if the thing itself is new."""
    if not place:
        return list(new)
    if len(place) == 1:
        return [
            e
            for (_, earlier), (e, later) in pairwise(steps)
            if e is not None and earlier.get(place[0]) != later.get(place[0])
        ]
    own = [e for e in new if e.event_id == place[1]]
    return own or [
        e
        for e in new
        if isinstance(e.data, RecordCorrected)
        and e.data.target_event == place[1]
        and any(change.field.partition(".")[0] in place[2:3] for change in e.data.changes)
    ]


# ------------------------------------------------------------------------------------ the whole record


def of_all(
    connection: sa.Connection,
    since: dt.date,
    to: dt.date,
    viewer: Viewer,
    *,
    after: int = 0,
    limit: int = 50,
    fitting: Callable[[list[Json]], int] = len,
) -> Json:
    """The things of which something was recorded in a period, in the order of the first such event, each with
    its newest events. ``after`` is the ``cursor`` of the last thing read: the position of its first event.
    ``fitting``: how many of them, from the first on, the answer holds."""
    first, last = period(connection, since, to)
    table = step.table
    began = sa.func.min(table.c.position).label("began")
    chosen = (
        sa.select(table.c.entity, began, sa.func.count().label("count"))
        .select_from(table.outerjoin(thing.table, thing.table.c.id == table.c.entity))
        .where(table.c.position > first, table.c.position <= last, *_tellable(viewer))
        .group_by(table.c.entity)
        .having(began > after)
        .order_by(began)
    )
    rows = connection.execute(chosen.limit(limit + 1)).all()
    page = rows[:limit]
    events = _newest(connection, [row.entity for row in page], first, last, viewer)
    describer = Describer(connection, [e for own in events.values() for e in own], viewer=viewer)
    names = decision_trail.things(connection, [row.entity for row in page])
    items = [
        {
            **_thing(row.entity, names.get(row.entity)),
            "count": row.count,
            "events": [describer.describe(e) for e in events[row.entity]],
        }
        for row in page
    ]
    shown = fitting(items)
    return {
        "axis": AXIS,
        "from": since.isoformat(),
        "to": to.isoformat(),
        "items": items[:shown],
        "cursor": page[shown - 1].began if shown and len(rows) > shown else None,
    }


def _tellable(viewer: Viewer) -> Iterator[sa.ColumnElement[bool]]:
    """Without what is under a seal, for everybody: a count would tell that somebody has submitted. Persons
    are nobody's business but the staff's."""
    table = step.table
    unsealed = sa.exists().where(seal.table.c.stream == table.c.entity, seal.table.c.unsealed == 1)
    yield sa.or_(table.c.type.not_in([event.__name__ for event in BLIND]), unsealed)
    if not viewer.staff:
        party = thing.table.c.kind == "Party"
        yield sa.or_(thing.table.c.kind.is_(None), sa.not_(party), table.c.entity.like("org-%"))


def _newest(
    connection: sa.Connection, entities: Sequence[str], first: int, last: int, viewer: Viewer
) -> dict[str, list[Recorded[Any]]]:
    """The newest events of each of these things in a period, oldest first."""
    table = step.table
    positions: list[int] = []
    for entity in entities:
        chosen = sa.select(table.c.position).where(table.c.entity == entity)
        within = chosen.where(table.c.position > first, table.c.position <= last)
        newest = within.where(next(_tellable(viewer))).order_by(table.c.position.desc())
        positions += connection.scalars(newest.limit(MOST_EVENTS))
    events: dict[str, list[Recorded[Any]]] = {entity: [] for entity in entities}
    for e in events_at(connection, sorted(positions)):
        events[e.entity].append(e)
    return events


def _thing(entity: str, known: Json | None) -> Json:
    kind = KINDS[known["kind"]] if known else None
    return {
        "id": entity,
        "kind": known["kind"] if known else None,
        "kind_label": bilingual(*kind.LABEL) if kind else None,
        "title": known["title"] if known else None,
        "collection": kind.COLLECTION if kind else None,
    }


def kind_of_thing(connection: sa.Connection, entity: str) -> str:
    """What kind of thing this is. Refuses ``UNKNOWN_ID``."""
    known = decision_trail.things(connection, [entity]).get(entity)
    if known is None or known["entity"] != entity:
        raise UNKNOWN_ID(kind="記録", kind_en="record", id=entity)
    return str(known["kind"])
