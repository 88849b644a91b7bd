"""Issues and responses 課題と対応: what somebody said, who, and whether it was measured (P11, S19)."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.http.language import href
from api.pages.parts import marks
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import Page, first_url, next_url, rows
from api.pages.parts.trails import gaps
from api.reads.reading import DEFAULT_LIMIT, page_of, reading
from api.words import wording
from domain.kernel.refusals import UNKNOWN_ID
from projections.engine.event_json import Json, bilingual
from projections.views.matter import issue_board


def read(connection: sa.Connection) -> Json:
    page = page_of(connection, issue_board.issues())
    issues = rows(connection, "issues", list(page))
    return {"issues": issues, "next": next_url(page), "not_recorded": _unmeasured(issues)}


def _unmeasured(issues: list[Json]) -> list[Json]:
    """Problems and effects that nobody is on record as having measured."""
    sentences = []
    if any(i["category"] == "problem" and not i["reassessments"] for i in issues if "reassessments" in i):
        sentences.append(
            bilingual(
                "課題がその後どうなったかを測った記録", "any measurement of what became of the problems"
            )
        )
    if any(i.get("measured") is False for i in issues if i["category"] in ("reaction", "effect")):
        sentences.append(
            bilingual(
                "述べられた効果・反応を確かめた測定",
                "any measurement of the effects claimed",
            )
        )
    return sentences


def show(data: Json, names: Names) -> Json:
    def of(*categories: str) -> list[Json]:
        return [i for i in data["issues"] if i["category"] in categories and "closed" not in i]

    devices = {i["issue_id"]: i for i in of("device")}
    return {
        "problems": [_problem(i, devices, names) for i in of("problem")],
        "devices": [_claim(i, names) for i in devices.values()],
        "effects": [_claim(i, names) for i in of("effect")],
        "reactions": [_claim(i, names) for i in of("reaction")],
        "backgrounds": [_claim(i, names) for i in of("background", "purpose")],
        "future": [_claim(i, names) for i in of("future_issue")],
        "comments": [_claim(i, names) for i in of("third_party_comment")],
        "advice": [_claim(i, names) for i in of("advice")],
        "follow_ups": [_follow_up(i, names) for i in of(issue_board.FOLLOW_UP)],
        "not_recorded": gaps(data["not_recorded"]),
        "next_url": data["next"],
        "first_url": first_url(),
    }


def _claim(i: Json, names: Names) -> Json:
    kind = i["category"]
    return {
        "anchor": i["issue_id"],
        "heading": i.get("heading_ja") or (wording.value("category", kind) if kind in _NAMED else None),
        "text": i["text_ja"],
        "measured": i.get("measured"),
        "subjects": names.links(i["subjects"]),
        "identified": [
            {**link, "certainty": action["said"]["certainty"]}
            for action in i["actions"]
            for link in names.links(action["action_ids"])
        ],
        **marks.dated(i["said"], names),
    }


_NAMED = ("purpose", "background")


def _problem(i: Json, devices: dict[str, Json], names: Names) -> Json:
    return {
        **_claim(i, names),
        "cause": i.get("cause_ja"),
        "countermeasures": [_countermeasure(c, devices, names) for c in i["countermeasures"]],
        "reassessments": [_reassessment(r) for r in i["reassessments"]],
    }


def _countermeasure(c: Json, devices: dict[str, Json], names: Names) -> Json:
    device = c["device_id"]
    return {
        "text": devices[device]["text_ja"] if device in devices else names.label(device),
        "url": f"#{device}" if device in devices else names.url(device),
        "why": c["said"]["reason"] or marks.note(c["said"]),
        **marks.dated(c["said"], names),
    }


def _reassessment(r: Json) -> Json:
    return {
        "metric_label": wording.value("metric", r["metric"]),
        "period_label": (marks.date(r["period"]) or {}).get("label"),
        "value_label": r["value"],
        "verdict_label": wording.value("verdict", r["verdict"]),
    }


def _follow_up(i: Json, names: Names) -> Json:
    label, _ = wording.state("follow_up", i["state"])
    return {
        "anchor": i["issue_id"],
        "text": i["text_ja"],
        "commitment": i["commitment"],
        "commitment_label": wording.value("commitment", i["commitment"]),
        "status_label": label,
        "target": names.link(i["target"]),
        **marks.fact(i["said"], names),
    }


def place_of(connection: sa.Connection, entity: str) -> str | None:
    """Where one issue is shown: on the page of issues if that is the first, else by its trail; None if there
    is no such issue."""
    table = issue_board.issue.table
    position = connection.scalar(sa.select(table.c.position).where(table.c.issue_id == entity))
    if position is None:
        return None
    before = connection.scalar(sa.select(sa.func.count()).where(table.c.position < position)) or 0
    return f"{href('/issues')}#{quote(entity)}" if before < DEFAULT_LIMIT else trail_url(entity)


def find(entity: str) -> AnyResponse:
    """The way to where one issue is shown."""
    with reading() as connection:
        place = place_of(connection, entity)
    if place is None:
        raise UNKNOWN_ID(kind="課題・評価の記録", kind_en="issue", id=entity)
    return redirect(place)


def register(blueprint: Blueprint) -> None:
    Page("/issues", "matter/issues.html", "issues", read, show).register(blueprint)
    blueprint.add_url_rule("/issues/<entity>", "issue", find)
