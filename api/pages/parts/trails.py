"""The trail of anything on record 経緯: why it exists, what happened, what came of it (domain.md S1)."""

from __future__ import annotations

from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import Page
from api.pages.parts.steps import author, steps, written_by
from api.reads.reading import is_staff
from projections.answers.trail import trail
from projections.engine.event_json import Json


def read(connection: sa.Connection, entity: str) -> Json:
    return trail(connection, entity, staff=is_staff())


def show(data: Json, names: Names) -> Json:
    subject = data["subject"]["id"]
    return {
        "kind_label": names.kind_label(subject),
        "title": names.label(subject),
        "url": names.url(subject),
        **sides(data, names),
        "truncated": data["truncated"],
        "formats": {"prov": prov_url(subject)},
    }


def sides(data: Json, names: Names) -> Json:
    """What led here, what happened to it and its parts, what came of it, and what is not recorded."""
    return {
        "backward": steps(data["backward"]["steps"], data["links"], names),
        "own": steps(own_steps(data), data["links"], names, page_of=data["subject"]["id"]),
        "forward": steps(after(data), data["links"], names),
        "not_recorded": gaps(data["not_recorded"]),
    }


def own_steps(data: Json, *types: str) -> list[Json]:
    """What happened to the subject of a trail and to its parts (a study's questions, a plan's measures), in
    order; of these types if any are named."""
    entity = data["subject"]["id"]
    parts = [step for step in data["forward"]["steps"] if step["entity"] == entity]
    happened = sorted(
        [*data["own"]["steps"], *parts],
        key=lambda step: (
            step["effective"]["earliest"] or "0000",
            step["effective"]["latest"] or "9999",
            step["position"],
        ),
    )
    return [step for step in happened if not types or step["type"] in types]


def after(data: Json) -> list[Json]:
    """What came of the subject of a trail, outside itself."""
    return [step for step in data["forward"]["steps"] if step["entity"] != data["subject"]["id"]]


def every_step(data: Json) -> list[Json]:
    """All events of a trail."""
    return [step for side in ("backward", "own", "forward") for step in data[side]["steps"]]


def gaps(gap_list: list[Json]) -> list[str]:
    """What is not recorded, in the language of the page."""
    return [tr(gap["ja"], gap["en"]) for gap in gap_list]


def prov_url(subject: str) -> str:
    return f"/api/v1/things/{quote(subject)}/trail.prov.json"


def fact_of(e: Json, names: Names) -> Json:
    """The marks under a described event."""
    return {
        "certainty": e["certainty"],
        "asserted_by_label": author(e, names),
        "written_label": written_by(e, names),
        "moved": marks.moved(e["moved"] or {}),
        "source": names.source(e["source"]),
        "corrected": marks.corrected(e["corrections"], names),
        "line": e["position"],
    }


def _of_a_page(entity: str) -> AnyResponse:
    return redirect(trail_url(entity))


def register(blueprint: Blueprint) -> None:
    Page("/trails/<path:entity>", "record/trail.html", "", read, show).register(blueprint)
    for place in ("council", "meetings", "matters", "actions", "studies", "plans", "groups"):
        blueprint.add_url_rule(f"/{place}/<path:entity>/trail", f"{place}_trail", _of_a_page)
