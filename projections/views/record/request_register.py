"""Request register 開示請求等: each request with its terms, and what was decided on each item of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from domain.disclosure_request.events import (
    DisclosureRequestClosed,
    DisclosureRequested,
    DisclosureRequestWithdrawn,
    ItemDisclosed,
    RequestAmended,
    RequestDeadlineExtended,
    RequesterErased,
    RequestItemDecided,
    ReviewDecided,
    ReviewRequested,
)
from domain.kernel.events import Recorded
from projections.engine.event_json import event_json, time_key
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("request_register", 1, ja="開示請求等", en="Requests", source=__name__)

request = VIEW.table(
    "disclosure_request",
    key("request_id"),
    column("kind", index=True, required=True),
    column("state", index=True, required=True),
    column("due_on"),
    column("time", index=True, required=True),
    number("position", required=True),
    json_column("doc"),
)


def _nothing() -> dict[str, list[Any]]:
    return {"decided": [], "disclosed": [], "reviews": []}


@request.on(DisclosureRequested)
def _received(row: Row | None, e: Recorded[DisclosureRequested], _: Key) -> Row:
    items: dict[str, dict[str, list[Any]]] = {item.item_id: _nothing() for item in e.data.requested}
    return {
        "kind": e.data.kind,
        "state": "received",
        "due_on": e.data.due_on.isoformat() if e.data.due_on else None,
        "time": time_key(e.effective),
        "position": e.position,
        "doc": {"received": event_json(e, leave_out=("vault_ref",)), "items": items, "course": []},
    }


@request.on(RequestAmended, RequestDeadlineExtended)
def _terms(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    """What is asked for, and until when it is to be decided: as it stands now."""
    if row is None:
        return None
    if e.data.due_on is not None:
        row["due_on"] = e.data.due_on.isoformat()
    if isinstance(e.data, RequestAmended):
        row["doc"]["items"] = {item.item_id: _nothing() for item in e.data.requested}
    row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


_LISTS: dict[type, str] = {
    RequestItemDecided: "decided",
    ItemDisclosed: "disclosed",
    ReviewRequested: "reviews",
    ReviewDecided: "reviews",
}


@request.on(*_LISTS)
def _item(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is None or e.data.item_id not in row["doc"]["items"]:
        return row
    items = row["doc"]["items"]
    items[e.data.item_id][_LISTS[type(e.data)]].append({"type": e.type, **event_json(e)})
    if isinstance(e.data, ReviewRequested | ReviewDecided):
        # A review opens the case again; a decision that is not maintained has to be made anew.
        if isinstance(e.data, ReviewDecided) and not e.data.maintained:
            items[e.data.item_id]["decided"].append({"type": e.type, **event_json(e)})
        row["state"] = "received" if not _all_decided(items) else "decided"
    elif isinstance(e.data, RequestItemDecided):
        row["state"] = "decided" if _all_decided(items) else "received"
    return row


def _all_decided(items: dict[str, Any]) -> bool:
    """Whether each item has a decision that stands."""
    last = (item["decided"][-1]["type"] if item["decided"] else None for item in items.values())
    return all(type_ == "RequestItemDecided" for type_ in last)


_STATE: dict[type, str] = {DisclosureRequestWithdrawn: "withdrawn", DisclosureRequestClosed: "closed"}


@request.on(DisclosureRequestWithdrawn, DisclosureRequestClosed, RequesterErased)
def _over(row: Row | None, e: Recorded[Any], _: Key) -> Row | None:
    if row is not None:
        row["state"] = _STATE.get(type(e.data), row["state"])
        row["doc"]["course"].append({"type": e.type, **event_json(e)})
    return row


def requests(*, kind: str | None = None, state: str | None = None) -> sa.Select[Any]:
    """The requests on record, newest first."""
    table = request.table
    chosen = sa.select(table).order_by(table.c.time.desc(), table.c.position.desc())
    for name, wanted in (("kind", kind), ("state", state)):
        if wanted is not None:
            chosen = chosen.where(table.c[name] == wanted)
    return chosen
