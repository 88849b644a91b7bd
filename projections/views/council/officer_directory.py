"""Officer directory 協働推進担当者: which section has an officer, which training was held.

Who the officer is shows to staff only, as an id; the public sees whether the post is filled.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.officer_network.aggregate import (
    OfficerDesignated,
    OfficerPostsCreated,
    OfficerRelieved,
    SectionAbolished,
    SectionRegistered,
    SectionRenamed,
    TrainingHeld,
    TrainingPlanned,
)
from domain.values.calendar import EffectiveDate
from projections.engine.event_json import UNDATED_LAST, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("officer_directory", 4, ja="協働推進担当者", en="Collaboration officers", source=__name__)

network = VIEW.table(
    "officer_network",
    key("network_id"),
    column("state", required=True),
    column("title"),
    column("scope"),
    number("sections_total"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
section = VIEW.table(
    "officer_section",
    key("network_id"),
    key("section_id"),
    column("name"),
    column("state", index=True, required=True),
    column("holder", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)
training = VIEW.table(
    "officer_training",
    key("network_id"),
    key("training_id"),
    column("kind", index=True),
    column("state", index=True, required=True),
    column("title"),
    number("attendees"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)


@network.on(OfficerPostsCreated)
def _created(row: Row | None, e: Recorded[OfficerPostsCreated], _: Key) -> Row:
    return {
        "state": "created",
        "title": e.data.title_ja,
        "scope": e.data.scope,
        "sections_total": e.data.sections_total,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"created": event_json(e)},
    }


def _sections(e: Recorded[Any]) -> list[tuple[str, str]]:
    return [(e.entity, e.data.section_id)]


@section.on(SectionRegistered, keys=_sections)
def _registered(row: Row | None, e: Recorded[SectionRegistered], _: Key) -> Row:
    return {
        "name": e.data.name,
        "state": "vacant",
        "holder": None,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"registered": event_json(e), "course": []},
    }


@section.on(SectionRenamed, OfficerDesignated, OfficerRelieved, SectionAbolished, keys=_sections)
def _section(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None:
        return None
    if isinstance(e.data, SectionRenamed):
        row["name"] = e.data.name
    elif isinstance(e.data, OfficerDesignated):
        row["state"], row["holder"] = "filled", e.data.party_id
    else:
        abolished = isinstance(e.data, SectionAbolished)
        row["state"], row["holder"] = "abolished" if abolished else "vacant", None
    row["doc"]["course"].append({"type": e.type, **_without_name(e)})
    return row


def _without_name(e: Recorded[Any]) -> Row:
    """The entry, with the officer under the name that the public cut leaves out."""
    data = event_json(e, leave_out=("party_id",))
    return {**data, "holder": getattr(e.data, "party_id", None)}


def _day(e: Recorded[Any]) -> EffectiveDate | None:
    """When a training was held, or is to be held."""
    return e.effective if isinstance(e.data, TrainingHeld) else e.data.due


@training.on(TrainingPlanned, TrainingHeld, keys=lambda e: [(e.entity, e.data.training_id)])
def _training(row: Row | None, e: Recorded[Any], _: Key) -> Row:
    held = isinstance(e.data, TrainingHeld)
    before = row or {
        "title": None,
        "time": UNDATED_LAST,
        "position": e.position,
        "doc": {"planned": None, "held": None},
    }
    return {
        **before,
        "kind": e.data.kind,
        "state": "held" if held else "planned",
        "title": e.data.title_ja or before["title"],
        "attendees": e.data.attendees if held else None,
        "time": time_key(_day(e), before["time"]),
        "doc": {**before["doc"], "held" if held else "planned": event_json(e)},
    }


def networks() -> sa.Select[Any]:
    """The networks on record, oldest first."""
    return sa.select(network.table).order_by(network.table.c.time, network.table.c.position)


def sections(*, network_id: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """Sections in the order they were registered; ``state``: filled, vacant or abolished."""
    table = section.table
    chosen = sa.select(table).order_by(table.c.time, table.c.position)
    if network_id is not None:
        chosen = chosen.where(table.c.network_id == network_id)
    return chosen.where(table.c.state == state) if state is not None else chosen


def trainings(*, network_id: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """Trainings in the order of the days on which they were or will be held; ``state``: planned or held."""
    table = training.table
    chosen = sa.select(table).order_by(table.c.time, table.c.position)
    if network_id is not None:
        chosen = chosen.where(table.c.network_id == network_id)
    return chosen.where(table.c.state == state) if state is not None else chosen
