"""Closed parts 非公開: what the public may not see, on which ground, and when that is looked at again.

Anything whose event carries a disclosure other than public: a document, one agenda item, one piece of
evidence; and any event, or field of one, that was redacted. The event stays in the log; the public sees a
stub that says that something is there, and why it is closed (domain.md 3, Disclosure; O32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.correction_events import PartRedacted, RedactionLifted
from domain.kernel.events import Recorded
from domain.values.disclosure import Disclosure
from projections.engine.compiled_select import Prepared, among
from projections.engine.event_json import fields_of, part_of
from projections.engine.one_moment import each_once, expect
from projections.engine.view import Key, Row, View, column, json_column, key, number

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


def event_part(stream: str, event_id: str) -> str:
    """The part that a redacted event is."""
    return f"{stream}/event/{event_id}"


@closed_part.on(PartRedacted, RedactionLifted, keys=lambda e: [event_part(e.stream, e.data.target_event)])
def _redact(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """An event may be redacted more than once: it is closed until the last redaction is lifted, and whole as
    long as one of them closes the whole. The newest one gives the ground."""
    acts: list[Row] = row["acts"] if row is not None else []
    acts = [act for act in acts if act["redaction_id"] != e.data.redaction_id]
    if isinstance(e.data, PartRedacted):
        acts.append({**fields_of(e), "position": e.position})
    if not acts:
        return None
    newest = acts[-1]
    redacted = msgspec.convert(newest["redacted"], Disclosure)
    is_whole = any(not act["fields"] for act in acts)
    return {
        "stream": e.stream,
        "visibility": redacted.visibility,
        "ground": redacted.ground,
        "review_on": redacted.review_on.isoformat() if redacted.review_on else None,
        "disclosure": redacted,
        "fields": [] if is_whole else sorted({name for act in acts for name in act["fields"]}),
        "acts": acts,
        "reason": newest["reason"],
        "position": newest["position"],
    }


@dataclass(frozen=True)
class ClosedParts:
    """The closed parts of some streams, ready to be asked about single events."""

    parts: dict[str, Disclosure]
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For redacted events of which only some fields are closed: their names, by part."""

    def of(self, e: Recorded[Any]) -> Disclosure | None:
        """Why this event is closed to the public; None if it is open. What is said of a redacted event when
        it is corrected is as closed as the event."""
        about = getattr(e.data, "target_event", None)
        told_of = self.parts.get(event_part(e.stream, about)) if about else None
        is_act = isinstance(e.data, PartRedacted | RedactionLifted)
        return (
            self.parts.get(e.stream)
            or self.parts.get(part_of(e))
            or (None if is_act else told_of)
            or self.of_event(e.stream, e.event_id)
        )

    def of_event(self, stream: str | None, event_id: str | None) -> Disclosure | None:
        """Why the whole of an event is redacted; None if it is not."""
        part = event_part(stream or "", event_id or "")
        return None if self.fields.get(part) else self.parts.get(part)

    def fields_of(self, stream: str | None, event_id: str | None) -> dict[str, Disclosure]:
        """The redacted fields of an event that is open otherwise."""
        part = event_part(stream or "", event_id or "")
        names = self.fields.get(part, ())
        return dict.fromkeys(names, self.parts[part]) if names else {}


_CLOSED = Prepared(
    lambda postgres: sa.select(
        closed_part.table.c.stream,
        closed_part.table.c.part,
        closed_part.table.c.disclosure,
        closed_part.table.c.fields,
    ).where(among(closed_part.table.c.stream, "streams", postgres))
)


def closed_in(connection: sa.Connection, streams: Iterable[str]) -> ClosedParts:
    """Which parts of these streams are closed now. In a reading each stream is looked up once: ask for all
    that stand on a page together."""
    found, fields = {}, {}
    for rows in each_once(connection, closed_part.name, streams, partial(_rows_of, connection)).values():
        for row in rows:
            found[row.part] = msgspec.json.decode(row.disclosure, type=Disclosure)
            if row.fields != "[]":
                fields[row.part] = tuple(msgspec.json.decode(row.fields))
    return ClosedParts(found, fields)


def expect_closed(connection: sa.Connection, streams: Iterable[str]) -> None:
    """Say which streams :func:`closed_in` will be asked about: they are looked up together."""
    expect(connection, closed_part.name, streams)


def _rows_of(connection: sa.Connection, streams: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in _CLOSED.rows(connection, streams=streams):
        found.setdefault(row.stream, []).append(row)
    return found
