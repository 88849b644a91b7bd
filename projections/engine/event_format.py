"""The newest event format that a record holds, stated by the record itself (table ``event_format``).

Two versions of the software may work on one record for a while. The older one cannot read events that only
the newer one knows: so whoever records an event in a shape that the record did not hold yet says so, in the
same transaction, and every append looks first whether it knows all that is held. Older software goes on
serving what it can read, and records nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import EVENTS, Recorded
from domain.rules import recording
from domain.rules.edition import EDITION
from domain.values.refusal import refusal
from projections.tables.durable import EVENT_FORMAT, RULES_EDITION
from projections.tables.software import software_version

FORMAT_NEWER = refusal(
    "FORMAT_NEWER",
    ja="この版の知らない形の出来事があります（{event}、形{shape}）。記録には {needed} 以降の版が必要です。",
    en="The record holds events of a shape that this version does not know ({event}, {shape}). "
    "To record, {needed} or later is needed.",
    rule=recording.VERSIONS,
    next_ja="その版以降のソフトウェアで起動し直してください。読むことはできます。",
    next_en="Start again with that version or a later one. Reading goes on.",
    kind="unavailable",
)
RULES_NEWER = refusal(
    "RULES_NEWER",
    ja="この記録には、この版の知らない規則が適用されています。記録には {needed} 以降の版が必要です。",
    en="Rules are in force here that this version does not know. To record, {needed} or later is needed.",
    rule=recording.VERSIONS,
    next_ja="その版以降のソフトウェアで起動し直してください。読むことはできます。",
    next_en="Start again with that version or a later one. Reading goes on.",
    kind="unavailable",
)


class EventFormats:
    """What an append knows of the shapes that are held, and of the rules in force: as of the last time it
    looked."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}
        self._edition = EDITION

    def look(self, cursor: Any) -> None:
        """Look again, on the cursor of the append. Refuses ``FORMAT_NEWER``, ``RULES_NEWER``."""
        cursor.execute("SELECT edition, software FROM rules_edition ORDER BY edition DESC LIMIT 1")
        edition, needed = tuple(cursor.fetchone())
        if edition > EDITION:
            raise RULES_NEWER(needed=needed)
        self._edition = edition
        cursor.execute("SELECT event, class_version, software FROM event_format ORDER BY since DESC")
        rows = [tuple(row) for row in cursor.fetchall()]
        _refuse_newer(rows)
        self._held = {event: shape for event, shape, _ in rows}

    def state(self, cursor: Any, postgres: bool, recorded: Sequence[Recorded[Any]]) -> None:
        """State the shapes of these events that the record did not hold so far, and the edition of the rules
        if they are the first under it. Whoever looks next finds that something has changed: what is known
        here changes only then, for this may still be rolled back."""
        risen: dict[str, Recorded[Any]] = {}
        for e in recorded:
            newest = risen[e.type].schema if e.type in risen else self._held.get(e.type, 0)
            if e.schema > newest:
                risen[e.type] = e
        mark = "%s" if postgres else "?"
        if recorded and self._edition < EDITION:
            cursor.execute(
                f"INSERT INTO rules_edition (edition, since, software) VALUES ({mark},{mark},{mark})",
                (EDITION, recorded[0].position, software_version()),
            )
        for e in risen.values():
            cursor.execute(
                f"INSERT INTO event_format (event, class_version, since, software) "
                f"VALUES ({mark},{mark},{mark},{mark}) ON CONFLICT (event) DO UPDATE SET "
                "class_version=excluded.class_version, since=excluded.since, software=excluded.software",
                (e.type, e.schema, e.position, software_version()),
            )


def refuse_newer_format(connection: sa.Connection) -> None:
    """Refuse ``FORMAT_NEWER`` where the record holds what this code does not know."""
    c = EVENT_FORMAT.c
    chosen = sa.select(c.event, c.class_version, c.software).order_by(c.since.desc())
    _refuse_newer([tuple(row) for row in connection.execute(chosen)])


def _refuse_newer(rows: Sequence[tuple[Any, ...]]) -> None:
    for event, shape, software in rows:
        known = EVENTS.get(event)
        if known is None or known.class_version < shape:
            raise FORMAT_NEWER(event=event, shape=shape, needed=software)


def editions_in_force(connection: sa.Connection) -> Callable[[int], int]:
    """Which edition of the rules was in force when the event at a position was recorded."""
    c = RULES_EDITION.c
    rows = [tuple(row) for row in connection.execute(sa.select(c.since, c.edition).order_by(c.since))]
    return lambda position: max((edition for since, edition in rows if since <= position), default=1)


def event_formats(connection: sa.Connection) -> dict[str, int]:
    """The newest shape of each event that the record holds, by its name in the log."""
    chosen = sa.select(EVENT_FORMAT.c.event, EVENT_FORMAT.c.class_version).order_by(EVENT_FORMAT.c.event)
    return {row.event: row.class_version for row in connection.execute(chosen)}
