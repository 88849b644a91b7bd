"""Questions 質問: what anybody may ask the record, with a form, and the answer in plain words (domain.md 5).

The staff see their own questions too. What is shown of an answer is what the API gives: its sentence, its
content name by name, the events it rests on, and what is not recorded.
"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Blueprint, request

from api.http.form_field import FormField
from api.http.language import AXES, href, in_words, tr
from api.http.problems import InvalidInput
from api.pages.parts import marks
from api.pages.parts.answer_tree import moment, tree
from api.pages.parts.names import Names, trail_url
from api.pages.parts.serving import Page
from api.pages.parts.steps import author, written_by
from api.reads.question_params import askable, described, put
from api.reads.reading import viewer
from api.words.answers import answer_field
from domain.values.refusal import Refusal
from projections.engine.event_json import Json, bilingual
from projections.questions.question import QUESTIONS, Question

_INPUTS: dict[str, Literal["number", "date", "checkbox"]] = {
    "Whole": "number",
    "Date": "date",
    "Day": "date",
    "Truth": "checkbox",
}
"""The kind of form field for a type of parameter; anything else is text."""


def read_all(connection: sa.Connection) -> Json:
    """The questions this reader may ask."""
    staff = viewer().staff
    return {"items": [described(asked) for asked in QUESTIONS.values() if staff or not asked.for_staff]}


def show_all(data: Json, names: Names) -> Json:
    listed = [
        {
            "code": asked["question"],
            "title": tr(asked["title"]["ja"], asked["title"]["en"]),
            "url": _url(asked["question"]),
            "for_staff": asked["for_staff"],
        }
        for asked in sorted(data["items"], key=lambda asked: _rank(asked["question"]))
    ]
    return {
        "public": [asked for asked in listed if not asked["for_staff"]],
        "staff": [asked for asked in listed if asked["for_staff"]],
    }


def _rank(code: str) -> tuple[str, int]:
    return code[0], int(code[1:])


def _url(code: str) -> str:
    return href(f"/questions/{quote(code)}")


def read(connection: sa.Connection, code: str) -> Json:
    """A question with its form and, where the address has what it needs, its answer or why there is none."""
    asked = askable(code, viewer())
    given = {name: text.strip() for name, text in request.args.items() if text.strip() and name not in AXES}
    page: Json = {"question": described(asked), "given": given, "answer": None, "refused": []}
    if not given and any(p.required for p in asked.parameters()):
        return page
    try:
        return {**page, "answer": put(connection, asked, given, viewer())}
    except InvalidInput as wrong:
        return {**page, "refused": [_told(fault) for fault in wrong.faults]}
    except Refusal as refused:
        return {**page, "refused": [_told(refused)]}


def _told(refused: Refusal) -> Json:
    return {
        "code": refused.code,
        "pointer": refused.pointer,
        "detail": bilingual(refused.sentence("ja"), refused.sentence("en")),
        "what_next": bilingual(refused.what_next("ja"), refused.what_next("en")),
    }


def show(data: Json, names: Names) -> Json:
    asked, answered = QUESTIONS[data["question"]["question"]], data["answer"]
    refused = [
        {**told, "detail": in_words(told["detail"]), "next": in_words(told["what_next"])}
        for told in data["refused"]
    ]
    shown: Json = {
        "code": asked.code,
        "title": tr(asked.ja, asked.en),
        "action": _url(asked.code),
        "fields": _form(asked, data, {told["pointer"]: told["detail"] for told in refused}),
        "refused": refused,
        "answered": answered is not None,
        "formats": {"json": _data(asked, data["given"])} if answered is not None else {},
    }
    if answered is None:
        return {**shown, **dict.fromkeys(ANSWER)}
    return {
        **shown,
        "says": in_words(answered["says"]),
        "trail_url": trail_url(answered["parameters"]["id"]) if "trail" in answered["answer"] else None,
        "tree": tree(answered["answer"], names),
        "events": [_event(told, names) for told in answered["events"]],
        "not_recorded": [in_words(gap) for gap in answered["unknown"]],
    }


ANSWER = ("says", "trail_url", "tree", "events", "not_recorded")
"""What a page shows of an answer, and nothing before there is one."""


def _data(asked: Question, given: Json) -> str:
    query = f"?{urlencode(given)}" if given else ""
    return f"/api/v1/questions/{quote(asked.code)}{query}"


def _form(asked: Question, data: Json, errors: Json) -> list[FormField]:
    return [
        FormField(
            p["name"],
            answer_field(p["name"]),
            _INPUTS.get(p["type"], "text"),
            value=data["given"].get(p["name"]),
            required=p["required"],
            error=errors.get(f"/{p['name']}"),
            maxlength=200,
        )
        for p in data["question"]["parameters"]
    ]


def _event(told: Json, names: Names) -> Json:
    """An event an answer rests on; one that is sealed tells its place only."""
    if told["label"] is None:
        return {"sealed": True}
    fact: dict[str, Any] = {
        "certainty": told["certainty"],
        "asserted_by_label": author(told, names),
        "written_label": written_by(told, names),
        "source": names.source(told["source"]),
        "corrected": marks.corrected(told["corrections"], names),
    }
    return {
        "sealed": False,
        "label": in_words(told["label"]),
        "date": marks.date(told["effective"]),
        "recorded": moment(told["recorded_at"]),
        "title": names.label(told["subject"]),
        "url": names.url(told["subject"]),
        **fact,
    }


def register(blueprint: Blueprint) -> None:
    Page("/questions", "record/questions.html", "questions", read_all, show_all).register(blueprint)
    Page("/questions/<code>", "record/question.html", "questions", read, show, whole=False).register(
        blueprint
    )
