"""Closed parts 非公開: what the public may not see, on which ground, and when that is looked at again.

Anything whose event carries a disclosure other than public: a document, one agenda item, one piece of
evidence. The event stays in the log; the public sees a stub that says that something is there, and why it
is closed (domain.md 3, Disclosure; O32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.disclosure import Disclosure
from domain.record import Recorded
from projections.naming import part_of
from projections.view import Row, View, column, json_column, key, number

VIEW = View("closed_parts", 1, ja="非公開の部分", en="Closed parts", source=__name__)

closed_part = VIEW.table(
    "closed_part",
    key("part"),
    column("stream", index=True),
    column("visibility"),
    column("ground", index=True),
    column("review_on", index=True),
    json_column("disclosure"),
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
def _fold(row: Row | None, e: Recorded[Any]) -> Row | None:
    disclosure = _disclosure(e)
    if disclosure is None or disclosure.visibility == "public":
        return None
    return {
        "stream": e.stream,
        "visibility": disclosure.visibility,
        "ground": disclosure.ground,
        "review_on": disclosure.review_on.isoformat() if disclosure.review_on else None,
        "disclosure": disclosure,
        "reason": getattr(e.data, "reason", None) or e.reason,
        "position": e.position,
    }


@dataclass(frozen=True)
class ClosedParts:
    """The closed parts of some streams, ready to be asked about single events."""

    parts: dict[str, Disclosure]

    def of(self, e: Recorded[Any]) -> Disclosure | None:
        """Why this event is closed to the public; None if it is open."""
        return self.parts.get(e.stream) or self.parts.get(part_of(e))


def closed_in(connection: sa.Connection, streams: Iterable[str]) -> ClosedParts:
    """Which parts of these streams are closed now."""
    table, found = closed_part.table, {}
    wanted = sorted(set(streams))
    for start in range(0, len(wanted), 400):
        chosen = sa.select(table.c.part, table.c.disclosure).where(
            table.c.stream.in_(wanted[start : start + 400])
        )
        for part, disclosure in connection.execute(chosen):
            found[part] = msgspec.json.decode(disclosure, type=Disclosure)
    return ClosedParts(found)
