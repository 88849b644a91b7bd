"""Closed parts 非公開: what the public may not see, on which ground, and when that is looked at again.

Anything whose event carries a disclosure other than public: a document, one agenda item, one piece of
evidence; and any event, or field of one, that was redacted. The event stays in the log; the public sees a
stub that says that something is there, and why it is closed (domain.md 3, Disclosure; O32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.closing import EFFECTIVE_POINTER, ClosedParts, event_part, part_of, widened
from domain.kernel.corrected import corrected
from domain.kernel.correction_events import PartRedacted, RecordCorrected, RedactionLifted
from domain.kernel.events import EVENTS, Recorded
from domain.kernel.mapper import decode
from domain.values.disclosure import Disclosure
from projections.engine.compiled_select import Prepared, among
from projections.engine.event_json import Json, fields_of
from projections.engine.one_moment import each_once, expect
from projections.engine.view import Key, Row, View, column, json_column, key, number
from projections.tables.log_table import log_table

VIEW = View("closed_parts", 1, ja="非公開の部分", en="Closed parts", source=__name__)

closed_part = VIEW.table(
    "closed_part",
    key("part"),
    column("stream", index=True),
    column("visibility"),
    column("ground", index=True),
    column("review_on", index=True),
    json_column("disclosure"),
    json_column("fields"),
    json_column("acts"),
    column("reason"),
    number("position"),
)


def _disclosure(e: Recorded[Any]) -> Disclosure | None:
    for name in ("disclosure", "to"):
        value = getattr(e.data, name, None)
        if isinstance(value, Disclosure):
            return value
    return None


def _parts(e: Recorded[Any]) -> Iterator[str]:
    if _disclosure(e) is not None:
        yield part_of(e)


@closed_part.every(keys=_parts)
def _fold(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    disclosure = _disclosure(e)
    if disclosure is None or disclosure.visibility == "public":
        return None
    return {
        "stream": e.stream,
        "visibility": disclosure.visibility,
        "ground": disclosure.ground,
        "review_on": disclosure.review_on.isoformat() if disclosure.review_on else None,
        "disclosure": disclosure,
        "fields": [],
        "acts": [],
        "reason": getattr(e.data, "reason", None) or e.reason,
        "position": e.position,
    }


@closed_part.on(PartRedacted, RedactionLifted, keys=lambda e: [event_part(e.stream, e.data.target_event)])
def _redact(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """An event may be redacted more than once: it is closed until the last redaction is lifted, and whole as
    long as one of them closes the whole. The newest one gives the ground."""
    acts: list[Row] = row["acts"] if row is not None else []
    acts = [act for act in acts if act["redaction_id"] != e.data.redaction_id]
    if isinstance(e.data, PartRedacted):
        acts.append({**fields_of(e), "position": e.position})
    return _closed_by(e.stream, acts) if acts else None


@closed_part.on(RecordCorrected, keys=lambda e: [event_part(e.stream, e.data.target_event)])
def _corrected(row: Row | None, e: Recorded[RecordCorrected], _: Key) -> Row | None:
    """A part that was closed of what is corrected now may stand elsewhere: all of that is closed."""
    if row is None:
        return None
    acts: list[Row] = row["acts"]
    for act in acts:
        for change in e.data.changes:
            act["fields"] = list(dict.fromkeys(widened(name, change.field) for name in act["fields"]))
    return _closed_by(e.stream, acts)


def _closed_by(stream: str, acts: list[Row]) -> Row:
    newest = acts[-1]
    redacted = msgspec.convert(newest["redacted"], Disclosure)
    is_whole = any(not act["fields"] for act in acts)
    return {
        "stream": stream,
        "visibility": redacted.visibility,
        "ground": redacted.ground,
        "review_on": redacted.review_on.isoformat() if redacted.review_on else None,
        "disclosure": redacted,
        "fields": [] if is_whole else sorted({name for act in acts for name in act["fields"]}),
        "acts": acts,
        "reason": newest["reason"],
        "position": newest["position"],
    }


_CLOSED = Prepared(
    lambda postgres: sa.select(
        closed_part.table.c.stream,
        closed_part.table.c.part,
        closed_part.table.c.disclosure,
        closed_part.table.c.fields,
        closed_part.table.c.acts,
    ).where(among(closed_part.table.c.stream, "streams", postgres))
)


def closed_in(connection: sa.Connection, streams: Iterable[str]) -> ClosedParts:
    """Which parts of these streams are closed now. In a reading each stream is looked up once: ask for all
    that stand on a page together."""
    parts, fields, redacted = {}, {}, dict[Target, str]()
    for rows in each_once(connection, closed_part.name, streams, partial(_rows_of, connection)).values():
        for row in rows:
            parts[row.part] = msgspec.json.decode(row.disclosure, type=Disclosure)
            acts = msgspec.json.decode(row.acts)
            if row.fields != "[]":
                fields[row.part] = with_its_day(acts[0]["target_type"], msgspec.json.decode(row.fields))
            if acts:
                redacted[row.stream, acts[0]["target_version"]] = row.part
    look = partial(_said, connection)
    originals = each_once(connection, "said by redacted events", redacted, look) if redacted else {}
    return ClosedParts(
        parts, fields, {redacted[target]: originals_of for target, originals_of in originals.items()}
    )


def with_its_day(type_: str, names: Iterable[str]) -> tuple[str, ...]:
    """What is named, and when the event took effect, if its own date is named."""
    listed = tuple(names)
    return (*listed, EFFECTIVE_POINTER) if EVENTS[type_].WHEN in listed else listed


def expect_closed(connection: sa.Connection, streams: Iterable[str]) -> None:
    """Say which streams :func:`closed_in` will be asked about: they are looked up together."""
    expect(connection, closed_part.name, streams)


def _rows_of(connection: sa.Connection, streams: list[str]) -> dict[str, list[Any]]:
    rows_by_key: dict[str, list[Any]] = {}
    for row in _CLOSED.rows(connection, streams=streams):
        rows_by_key.setdefault(row.stream, []).append(row)
    return rows_by_key


Target = tuple[str, int]
"""A redacted event: its stream and its version."""


def _said(connection: sa.Connection, targets: list[Target]) -> dict[Target, tuple[Json, ...]]:
    """What redacted events say, as they were recorded and, if they were corrected, as they stand."""
    log, position = log_table(connection.dialect.name == "postgresql")
    columns = (position, log.c.originator_id, log.c.originator_version, log.c.topic, log.c.state)
    key = sa.tuple_(log.c.originator_id, log.c.originator_version)
    fixes = (log.c.topic == RecordCorrected.__name__) & log.c.originator_id.in_({s for s, _ in targets})
    chosen = sa.select(*columns).where(key.in_(targets) | fixes).order_by(position)
    originals: dict[Target, tuple[Recorded[Any], ...]] = {}
    for at, stream, version, topic, state in connection.execute(chosen):
        e = decode(topic, bytes(state), at)
        if isinstance(e.data, RecordCorrected):
            before = originals.get((stream, e.data.target_version))
            if before is not None:
                originals[stream, e.data.target_version] = (before[0], corrected(before[0], e.data.standing))
        else:
            originals[stream, version] = (e,)
    return {
        target: tuple(map(_plain, events)) for target, events in originals.items() if target in set(targets)
    }


def _plain(e: Recorded[Any]) -> Json:
    return {"data": fields_of(e), "reason": e.reason, "note": e.note, "document_no": e.document_no}
