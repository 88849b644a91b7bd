"""Corrections 訂正 and redactions 非公開: what was changed in the record, by whom, and why (S20, P12).

One row for each correction proposed and each redaction made, with what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from domain.kernel.correction_events import (
    CorrectionDeclined,
    CorrectionProposed,
    EventWithdrawn,
    PartRedacted,
    RecordCorrected,
    RedactionLifted,
)
from domain.kernel.events import Recorded
from domain.kernel.mapper import decode
from domain.kernel.record import kind_of
from projections.engine.compiled_select import Prepared, among
from projections.engine.event_json import event_json
from projections.engine.one_moment import each_once
from projections.engine.view import Key, Row, View, column, json_column, key, number
from projections.tables.log_table import log_table

VIEW = View("corrections", 3, ja="訂正と非公開の措置", en="Corrections and redactions", source=__name__)

fix = VIEW.table(
    "record_fix",
    key("stream"),
    key("fix_id"),
    column("act", required=True),
    column("state", index=True, required=True),
    column("entity", index=True),
    column("kind"),
    column("target_event", index=True),
    column("target_type"),
    number("target_version"),
    column("ground", index=True),
    column("changed_at", index=True, required=True),
    number("position", required=True, index=True),
    json_column("doc"),
)


def _correction(e: Recorded[Any]) -> Iterator[tuple[str, str]]:
    yield e.stream, f"correction/{e.data.correction_id}"


def _redaction(e: Recorded[Any]) -> Iterator[tuple[str, str]]:
    yield e.stream, f"redaction/{e.data.redaction_id}"


def _row(row: Row | None, e: Recorded[Any], act: str, state: str) -> Row:
    data = e.data
    made = row or {"doc": {}, "ground": None, "target_version": None, "target_type": None}
    made["doc"][e.type] = event_json(e)
    return {
        **made,
        "act": act,
        "state": state,
        "entity": e.entity,
        "kind": kind_of(e.stream).__name__,
        "target_event": getattr(data, "target_event", None) or made.get("target_event"),
        "target_version": getattr(data, "target_version", None) or made["target_version"],
        "target_type": getattr(data, "target_type", None) or made["target_type"],
        "changed_at": e.recorded_at.isoformat(),
        "position": e.position,
    }


@fix.on(CorrectionProposed, keys=_correction)
def _proposed(row: Row | None, e: Recorded[CorrectionProposed], _: Key) -> Row:
    return _row(row, e, "correction", "proposed")


@fix.on(CorrectionDeclined, keys=_correction)
def _declined(row: Row | None, e: Recorded[CorrectionDeclined], _: Key) -> Row:
    return _row(row, e, "correction", "declined")


@fix.on(RecordCorrected, keys=_correction)
def _corrected(row: Row | None, e: Recorded[RecordCorrected], _: Key) -> Row:
    return _row(row, e, "correction", "approved")


@fix.on(EventWithdrawn, keys=lambda e: [(e.stream, f"withdrawal/{e.data.target_version}")])
def _withdrawn(row: Row | None, e: Recorded[EventWithdrawn], _: Key) -> Row:
    return _row(row, e, "withdrawal", "withdrawn")


@fix.on(PartRedacted, keys=_redaction)
def _redacted(row: Row | None, e: Recorded[PartRedacted], _: Key) -> Row:
    return {**_row(row, e, "redaction", "in_force"), "ground": e.data.redacted.ground}


@fix.on(RedactionLifted, keys=_redaction)
def _lifted(row: Row | None, e: Recorded[RedactionLifted], _: Key) -> Row:
    return _row(row, e, "redaction", "lifted")


def fixes(*, act: str | None = None, state: str | None = None, entity: str | None = None) -> sa.Select[Any]:
    """Corrections and redactions, newest first."""
    table = fix.table
    chosen = sa.select(table).order_by(table.c.position.desc())
    for name, value in (("act", act), ("state", state), ("entity", entity)):
        if value is not None:
            chosen = chosen.where(table.c[name] == value)
    return chosen


def in_force(narrowed: sa.ColumnElement[bool], postgres: bool) -> sa.Select[Any]:
    """The corrections in force and what was withdrawn, narrowed: of which stream, and the event of it."""
    log, position = log_table(postgres)
    joined = fix.table.join(log, position == fix.table.c.position)
    chosen = sa.select(fix.table.c.stream, position, log.c.topic, log.c.state).select_from(joined)
    return chosen.where(narrowed, sa.or_(fix.table.c.state == "approved", fix.table.c.state == "withdrawn"))


_STANDING = Prepared(lambda postgres: in_force(among(fix.table.c.stream, "streams", postgres), postgres))


def standing_corrections(
    connection: sa.Connection, streams: Iterable[str]
) -> dict[str, list[Recorded[RecordCorrected]]]:
    """The corrections of the events of these streams, by the id of the corrected event, oldest first. In a
    reading each stream is looked up once."""
    corrections: dict[str, list[Recorded[RecordCorrected]]] = {}
    for e in _in_force(connection, streams):
        if isinstance(e.data, RecordCorrected):
            corrections.setdefault(e.data.target_event, []).append(e)
    return corrections


def standing_and_withdrawn(
    connection: sa.Connection, streams: Iterable[str]
) -> tuple[dict[str, list[Recorded[RecordCorrected]]], dict[str, Recorded[EventWithdrawn]]]:
    """:func:`standing_corrections`, and of what was withdrawn by whom and why, by the id of its event."""
    corrected: dict[str, list[Recorded[RecordCorrected]]] = {}
    withdrawn: dict[str, Recorded[EventWithdrawn]] = {}
    for e in _in_force(connection, streams):
        if isinstance(e.data, RecordCorrected):
            corrected.setdefault(e.data.target_event, []).append(e)
        else:
            withdrawn[e.data.target_event] = e
    return corrected, withdrawn


def _in_force(connection: sa.Connection, streams: Iterable[str]) -> list[Recorded[Any]]:
    def look(wanted: list[str]) -> dict[str, list[Any]]:
        made: dict[str, list[Any]] = {}
        for stream, position, topic, state in _STANDING.rows(connection, streams=wanted):
            made.setdefault(stream, []).append(decode(topic, bytes(state), position))
        return made

    listed = [e for made in each_once(connection, fix.name, streams, look).values() for e in made]
    return sorted(listed, key=lambda e: e.position)
