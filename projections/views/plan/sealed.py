"""Sealed submissions 封印中の自己評価: who may know what a side has submitted (decision 0010).

The one place of the rule. Until both sides' self-evaluations are in, what a side has submitted is known to
that side alone: not to the other side, not to the secretariat, not to the public, nor that there is anything.
The table says which sheets have been unsealed and how much lies under the others' seals; whatever it does
not know to be unsealed is sealed.

- The log in order shows a stub at the event's place: something sealed is here, and nothing else about it.
- Everything that is about a thing (its events, its trail, its answers) leaves the event out.
- A view's row has nothing in the event's place, as if there were none.
- A sheet's version counts only what the reader may know of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from domain.evaluation_sheet.aggregate import EvaluationSheet
from domain.evaluation_sheet.events import (
    SIDES,
    SelfEvaluationCorrected,
    SelfEvaluationSubmitted,
    SheetUnsealed,
    Side,
    blind_side,
)
from domain.kernel.events import Recorded
from domain.kernel.viewer import Viewer
from projections.engine.compiled_select import Prepared, among
from projections.engine.event_json import Json, bilingual
from projections.engine.log import version_of
from projections.engine.one_moment import each_once
from projections.engine.view import Key, Row, View, json_column, key, number

VIEW = View("sealed", 2, ja="封印中の自己評価", en="Sealed self-evaluations", source=__name__)

seal = VIEW.table("sheet_seal", key("stream"), number("unsealed", required=True), json_column("submitted"))

STUB = (
    "封印中（評価シートは、双方の自己評価がそろうまで開きません）",
    "sealed (an evaluation sheet opens when both sides' self-evaluations are in)",
)
"""What stands in place of a sealed event: neither whose, nor of which sheet, nor when."""


def _stream(e: Recorded[Any]) -> Iterable[str]:
    return (e.stream,)


@seal.on(SelfEvaluationSubmitted, SelfEvaluationCorrected, keys=_stream)
def _submitted(
    row: Row | None, e: Recorded[SelfEvaluationSubmitted | SelfEvaluationCorrected], _: Key
) -> Row:
    row = row or {"unsealed": 0, "submitted": dict.fromkeys(SIDES, 0)}
    row["submitted"][e.data.side] += 1
    return row


@seal.on(SheetUnsealed, keys=_stream)
def _unsealed(row: Row | None, e: Recorded[SheetUnsealed], _: Key) -> Row | None:
    if row is not None:
        row["unsealed"] = 1
    return row


@dataclass(frozen=True)
class Seals:
    """The seals on some streams, as they bind one reader."""

    viewer: Viewer
    unsealed: frozenset[str] = frozenset()
    submitted: dict[str, dict[Side, int]] = field(default_factory=dict)
    """How many events lie under the seal of each side, by stream."""

    def hides_side(self, stream: str, side: Side) -> bool:
        """Whether this reader must not know what, and whether anything, this side of a sheet submitted."""
        return stream not in self.unsealed and side not in self.viewer.sides

    def hides(self, e: Recorded[Any]) -> bool:
        """Whether this reader must not know of this event."""
        side = blind_side(e)
        return side is not None and self.hides_side(e.stream, side)

    def hidden_in(self, stream: str) -> int:
        """How many events of a stream this reader must not know of."""
        submitted = self.submitted.get(stream, {})
        return sum(n for side, n in submitted.items() if self.hides_side(stream, side))

    def row(self, row: Json, stream: str | None) -> Json:
        """A view's row without what this reader must not know of."""
        if not is_sheet(stream):
            return row
        return cast(Json, self._without(row, stream or ""))

    def _without(self, value: Any, stream: str) -> Any:
        if isinstance(value, list):
            return [self._without(v, stream) for v in value if not self._is_hidden(v, stream)]
        if isinstance(value, dict):
            return {
                name: None if self._is_hidden(inner, stream) else self._without(inner, stream)
                for name, inner in value.items()
            }
        return value

    def _is_hidden(self, value: Any, stream: str) -> bool:
        """Whether a part of a row is what a side submitted: what has a side and its scores."""
        if not isinstance(value, dict) or "scores" not in value:
            return False
        return self.hides_side(stream, value["side"])


def is_sheet(stream: str | None) -> bool:
    """Whether a stream is that of an evaluation sheet: nothing else is ever sealed."""
    return stream is not None and stream.startswith(EvaluationSheet.PREFIX)


def seals_for(connection: sa.Connection, viewer: Viewer, streams: Iterable[str]) -> Seals:
    """The seals on these streams for a reader. In a reading each stream is looked up once."""

    def look(wanted: list[str]) -> dict[str, Any]:
        return {row.stream: row for row in _SEALS.rows(connection, streams=wanted)}

    seals = each_once(connection, seal.name, filter(is_sheet, streams), look)
    unsealed = frozenset(stream for stream, row in seals.items() if row.unsealed)
    return Seals(viewer, unsealed, {s: msgspec.json.decode(row.submitted) for s, row in seals.items()})


_SEALS = Prepared(
    lambda postgres: sa.select(seal.table).where(among(seal.table.c.stream, "streams", postgres))
)


def readable(
    connection: sa.Connection, viewer: Viewer, events: Iterable[Recorded[Any]]
) -> list[Recorded[Any]]:
    """The events that this reader may know of, in their order."""
    listed = list(events)
    seals = seals_for(connection, viewer, (e.stream for e in listed))
    return [e for e in listed if not seals.hides(e)]


def version_seen(connection: sa.Connection, stream: str, viewer: Viewer) -> int:
    """The version of a stream, counted without what this reader must not know of."""
    return version_of(connection, stream) - seals_for(connection, viewer, [stream]).hidden_in(stream)


def stub(position: int) -> Json:
    """What stands at a sealed event's place in the log."""
    nobody = {"party": None, "name": None}
    return {
        "position": position,
        "label": bilingual(*STUB),
        "who": {"role": None, "role_label": bilingual("—", "—"), **nobody},
        "recorded_by": None,
        "asserted_by": nobody,
        "closed": bilingual(*STUB),
        "corrections": [],
        "closed_fields": {},
        "sealed": True,
    }
