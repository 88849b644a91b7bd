"""案件 /desk/matters: the list, and one matter: five strips with the one next act, what can be recorded, and
the questions about it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask import Blueprint, request
from werkzeug.wrappers import Response

from api.access.auth import required_caller
from api.http.clock import today
from api.http.language import href, in_words, tr
from api.office.desk.frame import Entry, Screen, office_page
from api.office.forms import offered
from api.office.forms.pages import form_path
from api.office.matters.strips import strips
from api.pages.matter import matters
from api.pages.parts.names import Names
from api.pages.parts.serving import rows
from api.reads.reading import reading, viewer
from api.words import wording
from domain.values.refusal import Refusal
from projections.engine.event_json import Json
from projections.questions.question import QUESTIONS, Ask
from projections.views.matter import matter_list

ENTRIES = (Entry("matters", "/desk/matters", "案件", "Matters"),)
ASKED = ("S1", "S3", "S4", "S5", "S8", "S9", "S7")
"""The questions about a matter, in the order in which they are asked."""
SHOWN = 200


def show_list() -> Response:
    """The matters on record, those that wait for something first."""
    with reading() as connection:
        chosen = connection.execute(matter_list.matters().limit(SHOWN))
        listed = rows(connection, "matters", chosen)
        names = Names(connection, listed)
        lines = [_line(m, names) for m in listed]
        return office_page(
            "office/matters/list.html",
            "matters",
            title=tr("案件", "Matters"),
            open=[line for line in lines if not line["over"]],
            over=[line for line in lines if line["over"]],
            new_url=href("/desk/matters/-/raise-matter"),
        )


def _line(m: Json, names: Names) -> Json:
    label, tone = wording.state("Matter", m["state"])
    decided = bool(m.get("CityDecisionRecorded"))
    return {
        "title": names.label(m["matter_id"]),
        "url": href(f"/desk/matters/{quote(m['matter_id'])}"),
        "state_label": label,
        "tone": tone,
        "over": decided or m["state"] in ("withdrawn", "rescinded", "superseded"),
    }


def show(id: str) -> Response:
    """One matter."""
    caller, day = required_caller(), today()
    with reading() as connection:
        data = matters.read(connection, id)
        names = Names(connection, data)
        page = matters.show(data, names)
        code = request.args.get("question", ASKED[0])
        offers = offered.shown("Matter", id, caller, lambda command: form_path(command, id))
        listed = [_next_act(strip, id, offers) for strip in strips(data, page, names)]
        return office_page(
            "office/matters/matter.html",
            "matters",
            title=page["title"],
            sum=_sum(page, data["matter"], day),
            public_url=names.url(id),
            account_url=href(f"/matters/{quote(id)}/account"),
            strips=listed,
            questions=_questions(id, code),
            answer=_answer(connection, id, code, day),
            **offers,
        )


def _next_act(strip: Json, entity: str, offers: Json) -> Json:
    """A strip with what can be done in it now, and where what is done already is put right."""
    place = href(f"/desk/matters/{quote(entity)}/{strip['command']}")
    possible = strip["command"] == "city" or any(one["url"] == place for one in offers["now"])
    line = strip["line"]
    mend = href(f"/desk/mend/{line}" if line is not None else f"/trails/{quote(entity)}")
    return {
        **strip,
        "url": place if possible and strip["state"] != "todo" else None,
        "mend_url": mend if strip["done"] else None,
    }


def _sum(page: Json, m: Json, day: dt.date) -> str:
    """How it stands, in a sentence."""
    raised = (page["raised"] or {}).get("date")
    since = ""
    if raised and raised["precision"] == "day":
        days = (day - dt.date.fromisoformat(raised["value"])).days
        since = tr(f"提起から{days}日。", f"Raised {days} days ago. ")
    return since + (page["answer"] or f"{tr('状態：', 'State: ')}{page['state_label']}")


def _questions(entity: str, chosen: str) -> list[Json]:
    return [
        {
            "label": tr(QUESTIONS[code].ja, QUESTIONS[code].en),
            "url": href(f"/desk/matters/{quote(entity)}", question=code) + "#h-q",
            "chosen": code == chosen,
        }
        for code in ASKED
    ]


def _answer(connection: sa.Connection, entity: str, code: str, day: dt.date) -> Json | None:
    """The answer to a question about the matter: in a sentence, what is not recorded, and where all of it
    is."""
    if code not in ASKED:
        return None
    question = QUESTIONS[code]
    name = next(p.name for p in question.parameters() if p.required)
    try:
        answered: Any = question.put(Ask(connection, viewer(), day), {name: entity})
    except Refusal:
        return None
    return {
        "says": in_words(answered["says"]),
        "unknown": [in_words(gap) for gap in answered["unknown"]],
        "url": href(f"/questions/{code}", **{name: entity}),
    }


def register(blueprint: Blueprint) -> None:
    Screen("/matters", show_list).register(blueprint)
    Screen("/matters/<id>", show).register(blueprint)
