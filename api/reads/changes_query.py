"""What changed between two days, asked for by text: from a query string, a form or a command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from api.http.clock import today
from api.reads.as_of import day_of
from api.reads.collections import COLLECTIONS
from domain.kernel.record import KINDS
from domain.kernel.viewer import Viewer
from domain.rules import dates
from domain.values.refusal import refusal
from projections.engine.event_json import Json
from projections.past import changes

FILTERS = ("from", "to")

FROM_WHICH_DAY = refusal(
    "FROM_WHICH_DAY",
    ja="いつからの変更かを、日で示してください。",
    en="Say since which day.",
    rule=dates.CHANGES_BETWEEN,
    next_ja="例: 2027-03-31 から 2027-06-30 まで（終わりの日を省くと今日まで）",
    next_en="For example 2027-03-31 to 2027-06-30 (without the last day: until today)",
    kind="invalid",
)


def period_of(raw: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    """``from`` and ``to``, today if left out. Refuses ``FROM_WHICH_DAY`` and ``NOT_A_DAY``."""
    if not raw.get("from"):
        raise FROM_WHICH_DAY().at("/from")
    return day_of(raw["from"], "/from"), day_of(raw["to"], "/to") if raw.get("to") else today()


def changes_of(connection: sa.Connection, entity: str, raw: Mapping[str, str], viewer: Viewer) -> Json:
    """What changed of one thing. Refuses ``UNKNOWN_ID``."""
    since, to = period_of(raw)
    kind = changes.kind_of_thing(connection, entity)
    table = next((c.table for c in COLLECTIONS if c.kind == kind), None)
    stream = KINDS[kind].stream_for(entity)
    answer = changes.of_one(connection, stream, since, to, viewer, table)
    return {"id": entity, "collection": KINDS[kind].COLLECTION, **answer}
