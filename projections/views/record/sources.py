"""Sources 出典: the documents on record, and which facts each of them states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from domain.document.aggregate import DisclosureChanged, DocumentRegistered, DocumentRevised, RetentionSet
from domain.document.content import DocumentContentAttached
from domain.kernel.events import Recorded
from projections.engine.event_json import Json, envelope_json, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number_key

VIEW = View("sources", 5, ja="出典", en="Sources", source=__name__)

document = VIEW.table(
    "source_document",
    key("document_id"),
    column("kind", index=True),
    column("visibility"),
    column("time", index=True, required=True),
    json_column("doc"),
)
fact = VIEW.table(
    "source_fact",
    key("fact"),
    number_key("position"),
    column("document_id", index=True),
    column("locator"),
    column("type"),
    column("stream"),
    column("subject"),
    append_only=True,
)


@document.on(DocumentRegistered)
def _registered(row: Row | None, e: Recorded[DocumentRegistered], _: Key) -> Row:
    return {
        "kind": e.data.kind,
        "visibility": e.data.disclosure.visibility,
        "time": time_key(e.effective),
        "doc": event_json(e),
    }


@document.on(DocumentRevised)
def _revised(row: Row | None, e: Recorded[DocumentRevised], _: Key) -> Row | None:
    if row is not None:
        row["doc"].setdefault("revisions", []).append(event_json(e))
    return row


@document.on(RetentionSet)
def _retained(row: Row | None, e: Recorded[RetentionSet], _: Key) -> Row | None:
    """How long it is held; the newest word counts."""
    if row is not None:
        row["doc"]["retention"] = event_json(e)
    return row


@document.on(DocumentContentAttached)
def _attached(row: Row | None, e: Recorded[DocumentContentAttached], _: Key) -> Row | None:
    if row is not None:
        row["doc"].setdefault("contents", []).append(event_json(e))
    return row


@document.on(DisclosureChanged)
def _disclosure(row: Row | None, e: Recorded[DisclosureChanged], _: Key) -> Row | None:
    if row is not None:
        row["visibility"] = e.data.to.visibility
        row["doc"]["disclosure"] = e.data.to
        row["doc"].setdefault("disclosure_changes", []).append(envelope_json(e))
    return row


def _facts(e: Recorded[Any]) -> Iterator[tuple[str, int]]:
    for name in e.source.facts if e.source else ():
        yield name, e.position


@fact.every(keys=_facts)
def _fact(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    source = e.source
    return {
        "document_id": source.document_id if source else None,
        "locator": source.locator if source else None,
        "type": e.type,
        "stream": e.stream,
        "subject": e.subject,
    }


def documents(*, kind: str | None = None) -> sa.Select[Any]:
    """The documents on record, by the day they bear; those without one by id."""
    table = document.table
    chosen = sa.select(table).order_by(table.c.time, table.c.document_id)
    return chosen.where(table.c.kind == kind) if kind is not None else chosen


def title_and_contents(connection: sa.Connection, document_id: str) -> tuple[str | None, list[Json]] | None:
    """The title of a document, and its contents that are held, oldest first; None if it is not on record.
    Neither is cut to what the public may see."""
    table = document.table
    doc = connection.scalar(sa.select(table.c.doc).where(table.c.document_id == document_id))
    if doc is None:
        return None
    known = msgspec.json.decode(doc)
    return known["title"], known.get("contents", [])


def facts(*, document_id: str | None = None, name: str | None = None) -> sa.Select[Any]:
    """Which event states which fact, by fact and position."""
    table = fact.table
    chosen = sa.select(table).order_by(table.c.fact, table.c.position)
    if document_id is not None:
        chosen = chosen.where(table.c.document_id == document_id)
    return chosen.where(table.c.fact == name) if name is not None else chosen
