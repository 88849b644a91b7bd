"""Matter list 案件: each matter with everything that was recorded of it, part by part (S1-S9, P2).

The council's conclusion and the city's decision stand side by side, each with its own author.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.kernel.correction_events import CORRECTING
from domain.kernel.events import Recorded
from domain.matter.aggregate import Matter
from domain.matter.events import CityDecisionRecorded, MatterConcluded, MatterSuperseded
from domain.matter.state import ADOPTING
from projections.engine.event_json import UNDATED_FIRST, event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View(
    "matter_list",
    5,
    ja="案件一覧",
    en="Matters",
    source=__name__,
    read_by_rules=True,
)

matter = VIEW.table(
    "matter",
    key("matter_id"),
    column("state", index=True),
    column("title"),
    column("council_id", index=True),
    column("time", index=True, required=True),
    number("position", required=True),
    number("concluded_position"),
    column("concluded_time", index=True),
    number("entrusted", required=True),
    json_column("doc"),
)

STATES = {
    "MatterRaised": "raised",
    "OptionProposed": "deliberating",
    "OptionAmended": "deliberating",
    "OptionWithdrawn": "deliberating",
    "OptionsFrozen": "deliberating",
    "CriterionAdopted": "deliberating",
    "OptionAssessed": "deliberating",
    "EvidenceAttached": "deliberating",
    "OpinionRecorded": "deliberating",
    "MatterCarriedOver": "carried_over",
    "MatterRescinded": "rescinded",
    "MatterWithdrawn": "withdrawn",
}
"""The state a matter is in after an event, where the event alone tells."""

_SETTLED = {"concluded", "in_force", "superseded", "rescinded", "withdrawn"}


def _state_after(row: Row, e: Recorded[Any]) -> str:
    """The state a matter is in after an event (as domain/matter/state.py has it)."""
    before: str = row["state"]
    data = e.data
    if isinstance(data, MatterConcluded):
        return "in_force" if data.effective_from is not None and data.result in ADOPTING else "concluded"
    if isinstance(data, CityDecisionRecorded):
        answered = [response["disposition"] for response in row["doc"].get("CityResponseRecorded", ())][-1:]
        concluded = [response["result"] for response in row["doc"].get("MatterConcluded", ())][-1:]
        return before if answered == ["declined"] or concluded == ["rejected"] else "in_force"
    if isinstance(data, MatterSuperseded):
        return before if data.clauses else "superseded"
    after = STATES.get(e.type, before)
    return before if before in _SETTLED and after == "deliberating" else after


def _of_matters(e: Recorded[Any]) -> Iterator[str]:
    if e.stream.startswith(Matter.PREFIX):
        yield e.entity


@matter.every(keys=_of_matters)
def _fold(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None and isinstance(e.data, CORRECTING):
        return None  # what is said of the record begins nothing
    if row is None:
        row = {
            "state": "raised",
            "title": getattr(e.data, "title", None),
            "council_id": getattr(e.data, "council_id", None),
            "time": time_key(e.effective, UNDATED_FIRST),
            "position": e.position,
            "concluded_position": None,
            "concluded_time": None,
            "entrusted": 0,
            "doc": {},
        }
    row["state"] = _state_after(row, e)
    if e.type == "MatterConcluded":
        row["concluded_position"] = e.position
        row["concluded_time"] = time_key(e.effective, UNDATED_FIRST)
        row["entrusted"] = int(e.data.result == "entrusted")
    if e.type == "EntrustmentReported":
        row["entrusted"] = 0
    # Whoever commented is in no view: not even the reference under which the vault knows them.
    row["doc"].setdefault(e.type, []).append(event_json(e, leave_out=("vault_ref",)))
    return row


def matters(*, council_id: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """The matters on record, by the time when they were raised, newest first."""
    table = matter.table
    chosen = sa.select(table).order_by(table.c.time.desc(), table.c.position.desc())
    if council_id is not None:
        chosen = chosen.where(table.c.council_id == council_id)
    return chosen.where(table.c.state == state) if state is not None else chosen


def newest_conclusions(most: int) -> sa.Select[Any]:
    """The matters concluded last."""
    table = matter.table
    concluded = sa.select(table).where(table.c.concluded_time.is_not(None))
    return concluded.order_by(table.c.concluded_time.desc(), table.c.concluded_position.desc()).limit(most)


def entrusted(connection: sa.Connection, council_id: str) -> list[str]:
    """Matters of a council left to the chair and not yet reported."""
    table = matter.table
    chosen = sa.select(table.c.matter_id).where(table.c.council_id == council_id, table.c.entrusted == 1)
    return list(connection.scalars(chosen.order_by(table.c.matter_id)))
