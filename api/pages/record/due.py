"""What is due 期限のあるもの: a page for staff (S21), with resolutions and conclusions that do not match."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.clock import today
from api.http.language import href, in_words, plain_path, tr
from api.pages.parts import marks
from api.pages.parts.names import Names
from api.pages.parts.staff_page import StaffPage
from api.reads.question_params import arguments
from projections.answers.due import UNMATCHED, Kind
from projections.answers.due_list import KINDS, as_json, over_before, what_is_due, without_a_day
from projections.engine.event_json import Json, bilingual
from projections.questions.question import QUESTIONS

MOST = 200
"""So many are shown; how many there are is told in any case, and each kind has a list of its own."""


def read(connection: sa.Connection) -> Json:
    query_args = {name: text for name, text in request.args.items() if name in ("kind", "on") and text}
    wanted = arguments(QUESTIONS["S21"], query_args)
    kind, on = wanted.get("kind"), wanted.get("on") or today()
    items = what_is_due(connection, on)
    chosen = [due for due in items if kind in (None, due.kind)]
    return {
        "on": on.isoformat(),
        "kind": kind,
        "total": len(chosen),
        "counts": {name: sum(due.kind == name for due in items) for name in get_args(Kind)},
        "items": as_json(connection, chosen[:MOST], on),
        "over_before": over_before(connection, on),
        "not_recorded": [bilingual(ja, en) for ja, en in without_a_day(connection)],
    }


def show(data: Json, names: Names) -> Json:
    items = [_item(item, names) for item in data["items"]]
    unmatched = [i for i in items if i["kind"] in UNMATCHED]
    others = [i for i in items if i["kind"] not in UNMATCHED]
    return {
        "on": data["on"],
        "total": data["total"],
        "shown": len(items),
        "overdue": [i for i in others if i["days_late"] is not None and i["days_late"] > 0],
        "coming": [i for i in others if i["days_late"] is not None and i["days_late"] <= 0],
        "undated": [i for i in others if i["days_late"] is None],
        "unmatched": unmatched,
        "kinds": [
            {
                "label": tr(*words),
                "count": data["counts"][kind],
                "url": _url(kind, data["on"]),
                "chosen": kind == data["kind"],
            }
            for kind, words in KINDS.items()
            if data["counts"][kind]
        ],
        "all_url": _url(None, data["on"]) if data["kind"] else None,
        "over_before": data["over_before"],
        "not_recorded": [in_words(gap) for gap in data["not_recorded"]],
    }


def _url(kind: str | None, on: str) -> str:
    query = {"kind": kind, "on": on if "on" in request.args else None}
    query_args = {name: value for name, value in query.items() if value is not None}
    return f"{href(plain_path())}?{urlencode(query_args)}" if query_args else href(plain_path())


def _item(item: Json, names: Names) -> Json:
    late = item["days_late"]
    return {
        "kind": item["kind"],
        "kind_label": in_words(item["kind_label"]),
        "thing": names.link(item["thing"]),
        "part": item["part"],
        "rule": {"label": in_words(item["rule"]), "url": href(item["rule_url"])},
        "due": marks.date(item["due"]),
        "since": marks.date(item["since"]),
        "days_late": late,
        "late_label": _late(late),
        "event_url": f"/api/v1/events/{item['position']}",
    }


def _late(days: int | None) -> str | None:
    if days is None:
        return None
    if days > 0:
        return tr(f"{days}日超過", f"{days} days late" if days > 1 else "1 day late")
    if days == 0:
        return tr("本日まで", "due today")
    return tr(f"あと{-days}日", f"{-days} days left" if days < -1 else "1 day left")


def register(blueprint: Blueprint) -> None:
    StaffPage("/due", "record/due.html", "due", read, show).register(blueprint)
