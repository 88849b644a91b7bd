"""What changed between two days 二つの日のあいだの変更: of the whole record, or of one thing, field by field.

Both on the recorded axis: what was put on record in between, whenever it took effect.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.language import href, in_words, tr
from api.http.problems import worded
from api.pages.parts import marks
from api.pages.parts.answer_tree import tree
from api.pages.parts.names import Names
from api.pages.parts.serving import Page, first_url
from api.pages.parts.steps import recorded
from api.reads.changes_query import FILTERS, changes_of, period_of
from api.reads.reading import limit, viewer, whole_cursor
from api.words import wording
from domain.values.refusal import Refusal
from projections.engine.event_json import Json, bilingual
from projections.past import changes

PER_PAGE = 20


def read(connection: sa.Connection) -> Json:
    query_args = {name: request.args.get(name, "").strip() for name in (*FILTERS, "id")}
    if not any(query_args.values()):
        return {"asked": query_args}
    try:
        if query_args["id"]:
            return {
                "asked": query_args,
                "one": changes_of(connection, query_args["id"], query_args, viewer()),
            }
        since, to = period_of(query_args)
        after, most = whole_cursor(), limit(PER_PAGE)
        page_of_changes = changes.of_all(connection, since, to, viewer(), after=after, limit=most)
        return {"asked": query_args, "all": page_of_changes}
    except Refusal as refused:
        if refused.declared.kind != "invalid":
            raise
        return {"asked": query_args, "refused": _told(refused)}


def _told(refused: Refusal) -> Json:
    return {
        "code": refused.code,
        "detail": bilingual(worded(refused).sentence("ja"), worded(refused).sentence("en")),
        "what_next": bilingual(refused.what_next("ja"), refused.what_next("en")),
    }


def show(data: Json, names: Names) -> Json:
    query_args, refused = data["asked"], data.get("refused")
    page_of_changes = data.get("one") or data.get("all") or {}
    return {
        "asked": query_args,
        "thing": names.link(query_args["id"]) if query_args["id"] else None,
        "refused": refused and {name: in_words(refused[name]) for name in ("detail", "what_next")},
        "axis": in_words(changes.AXIS),
        "period": {"from": page_of_changes["from"], "to": page_of_changes["to"]} if page_of_changes else None,
        "one": [_change(item, names) for item in data["one"]["items"]] if "one" in data else None,
        "all": [_thing(item, page_of_changes, names) for item in data["all"]["items"]]
        if "all" in data
        else None,
        "whole_url": _url(query_args["from"], query_args["to"]) if query_args["id"] else None,
        "next_url": _url(query_args["from"], query_args["to"], cursor=page_of_changes["cursor"])
        if page_of_changes.get("cursor")
        else None,
        "first_url": first_url(),
    }


def _url(since: str, to: str, **more: Any) -> str:
    return href("/changes", **{"from": since} | ({"to": to} if to else {}) | more)


def _change(item: Json, names: Names) -> Json:
    name = _name(item["field"])
    return {
        "path": item["field"],
        "label": wording.field(name) if name else tr("記録の全体", "the whole"),
        "before": tree(item["before"], names, name),
        "after": tree(item["after"], names, name),
        "events": [_event(e, names) for e in item["events"]],
    }


def _name(path: str) -> str:
    """The field that a path ends in: ``options[2].text`` is a ``text``."""
    return path.rsplit(".", 1)[-1].partition("[")[0]


def _thing(item: Json, changes: Json, names: Names) -> Json:
    more = item["count"] - len(item["events"])
    return {
        "label": names.label(item["id"]),
        "url": names.url(item["id"]),
        "kind_label": names.kind_label(item["id"]),
        "count": tr(f"{item['count']}件", f"{item['count']} events" if item["count"] > 1 else "1 event"),
        "more": tr(f"ほか{more}件", f"and {more} more") if more > 0 else None,
        "changes_url": _url(changes["from"], changes["to"], id=item["id"]),
        "events": [_event(e, names) for e in item["events"]],
    }


def _event(e: Json, names: Names) -> Json:
    return {
        "label": tr(e["label"]["ja"], e["label"]["en"]),
        "when": marks.date(e["effective"]),
        "recorded": recorded(e["recorded_at"]),
        "closed": in_words(e["closed"]) if e["closed"] else None,
        "url": f"/api/v1/events/{e['position']}",
    }


def register(blueprint: Blueprint) -> None:
    Page("/changes", "record/changes.html", "changes", read, show).register(blueprint)
