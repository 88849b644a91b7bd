"""Requests 開示請求等: a page for staff: what was asked for, what was decided, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.clock import today
from api.http.language import href, plain_path, tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.serving import first_url, next_url
from api.pages.parts.staff_page import StaffPage
from api.reads.collections import row_json
from api.reads.reading import page_of
from api.reads.staff_only import keepers_only
from api.words import wording
from domain.kernel.events import EVENTS
from projections.engine.event_json import Json
from projections.views.record import request_register

OPEN = ("received", "decided")
STATES = (*OPEN, "closed", "withdrawn")


def read(connection: sa.Connection) -> Json:
    state = request.args.get("state")
    chosen = request_register.requests(state=state if state in STATES else None)
    page = page_of(connection, chosen)
    return {
        "on": today().isoformat(),
        "state": state if state in STATES else None,
        "items": [row_json(request_register.request, row) for row in page],
        "next": next_url(page),
    }


def show(data: Json, names: Names) -> Json:
    return {
        "requests": [_request(row, data["on"], names) for row in data["items"]],
        "states": [
            {
                "label": wording.state("DisclosureRequest", state)[0],
                "url": f"{href(plain_path())}?state={state}",
                "chosen": state == data["state"],
            }
            for state in STATES
        ],
        "all_url": href(plain_path()) if data["state"] else None,
        "next_url": data["next"],
        "first_url": first_url(),
    }


def _request(row: Json, on: str, names: Names) -> Json:
    label, tone = wording.state("DisclosureRequest", row["state"])
    is_late = row["state"] == "received" and row["due_on"] is not None and row["due_on"] < on
    return {
        "thing": names.link(row["request_id"]),
        "no": row["received"]["request_no"],
        "kind": wording.value("kind", row["kind"]),
        "state": {"label": label, "tone": tone},
        "received": marks.day(row["received"]["received_on"]),
        "due": marks.day(row["due_on"]),
        "is_late": is_late,
        "items": [_item(item, row["items"][item["item_id"]], names) for item in _requested(row)],
        "course": [
            {
                "label": tr(*EVENTS[e["type"]].LABEL),
                "date": marks.date(e["said"]["effective"]),
                "reason": e.get("reason"),
            }
            for e in row["course"]
        ],
    }


def _requested(row: Json) -> list[Json]:
    """What is asked for, as it was made clearer last."""
    amended = [e for e in row["course"] if e["type"] == "RequestAmended"]
    listed: list[Json] = (amended or [row["received"]])[-1]["requested"]
    return listed


def _item(item: Json, known: Json, names: Names) -> Json:
    last = known["decided"][-1] if known["decided"] else None
    decided = last if last is not None and last["type"] == "RequestItemDecided" else None
    return {
        "what": item.get("what"),
        "documents": [
            names.link(item[name]) for name in ("document_id", "thing_id", "letter_id") if item.get(name)
        ],
        "decision": wording.value("decision", decided["decision"]) if decided else None,
        "decided": marks.day(decided["decided_on"]) if decided else None,
        "ground": wording.value("ground", decided["ground"]) if decided and decided["ground"] else None,
        "reason": decided["reason"] if decided else None,
        "given": [
            {"date": marks.day(disclosed["on"]), "means": wording.value("means", disclosed["means"])}
            for disclosed in known["disclosed"]
        ],
        "review": _review(known["reviews"]),
    }


def _review(reviews: list[Json]) -> str | None:
    """How far the newest review of the decision has come; None if there was none."""
    if not reviews:
        return None
    if "maintained" not in reviews[-1]:
        return tr("審査請求中", "a review is open")
    if reviews[-1]["maintained"]:
        return tr("裁決: 決定を維持", "reviewed: the decision is maintained")
    return tr("裁決: 決定を維持せず、改めて決定", "reviewed: to be decided anew")


def register(blueprint: Blueprint) -> None:
    template = "record/disclosure_requests.html"
    StaffPage("/disclosure-requests", template, "due", read, show, whole=False, permit=keepers_only).register(
        blueprint
    )
