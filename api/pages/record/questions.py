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
from api.http.problems import InvalidInput, worded
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
    return {
        "items": [described(question) for question in QUESTIONS.values() if staff or not question.for_staff]
    }


def show_all(data: Json, names: Names) -> Json:
    listed = [
        {
            "code": question["question"],
            "title": tr(question["title"]["ja"], question["title"]["en"]),
            "url": _url(question["question"]),
            "for_staff": question["for_staff"],
        }
        for question in sorted(data["items"], key=lambda question: _rank(question["question"]))
    ]
    return {
        "public": [question for question in listed if not question["for_staff"]],
        "staff": [question for question in listed if question["for_staff"]],
    }


def _rank(code: str) -> tuple[str, int]:
    return code[0], int(code[1:])


def _url(code: str) -> str:
    return href(f"/questions/{quote(code)}")


def read(connection: sa.Connection, code: str) -> Json:
    """A question with its form and, where the address has what it needs, its answer or why there is none."""
    question = askable(code, viewer())
    arguments = {
        name: text.strip() for name, text in request.args.items() if text.strip() and name not in AXES
    }
    page: Json = {"question": described(question), "given": arguments, "answer": None, "refused": []}
    if not arguments and any(p.required for p in question.parameters()):
        return page
    try:
        return {**page, "answer": put(connection, question, arguments, viewer())}
    except InvalidInput as wrong:
        return {**page, "refused": [_told(fault) for fault in wrong.faults]}
    except Refusal as refused:
        return {**page, "refused": [_told(refused)]}


def _told(refused: Refusal) -> Json:
    return {
        "code": refused.code,
        "pointer": refused.pointer,
        "detail": bilingual(worded(refused).sentence("ja"), worded(refused).sentence("en")),
        "what_next": bilingual(refused.what_next("ja"), refused.what_next("en")),
    }


def show(data: Json, names: Names) -> Json:
    question, answered = QUESTIONS[data["question"]["question"]], data["answer"]
    refused = [
        {**fault, "detail": in_words(fault["detail"]), "next": in_words(fault["what_next"])}
        for fault in data["refused"]
    ]
    shown: Json = {
        "code": question.code,
        "title": tr(question.ja, question.en),
        "action": _url(question.code),
        "fields": _form(question, data, {fault["pointer"]: fault["detail"] for fault in refused}),
        "refused": refused,
        "answered": answered is not None,
        "formats": {"json": _data(question, data["given"])} if answered is not None else {},
    }
    if answered is None:
        return {**shown, **dict.fromkeys(ANSWER)}
    return {
        **shown,
        "says": in_words(answered["says"]),
        "trail_url": trail_url(answered["parameters"]["id"]) if "trail" in answered["answer"] else None,
        "tree": tree(answered["answer"], names),
        "events": [_event(fault, names) for fault in answered["events"]],
        "not_recorded": [in_words(gap) for gap in answered["unknown"]],
    }


ANSWER = ("says", "trail_url", "tree", "events", "not_recorded")
"""What a page shows of an answer, and nothing before there is one."""


def _data(question: Question, arguments: Json) -> str:
    query = f"?{urlencode(arguments)}" if arguments else ""
    return f"/api/v1/questions/{quote(question.code)}{query}"


def _form(question: Question, data: Json, errors: Json) -> list[FormField]:
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


def _event(event: Json, names: Names) -> Json:
    """An event an answer rests on; one that is sealed tells its place only."""
    if event["label"] is None:
        return {"sealed": True}
    fact: dict[str, Any] = {
        "certainty": event["certainty"],
        "asserted_by_label": author(event, names),
        "written_label": written_by(event, names),
        "moved": marks.moved(event["moved"] or {}),
        "source": names.source(event["source"]),
        "corrected": marks.corrected(event["corrections"], names),
    }
    return {
        "sealed": False,
        "label": in_words(event["label"]),
        "date": marks.date(event["effective"]),
        "recorded": moment(event["recorded_at"]),
        "title": names.label(event["subject"]),
        "url": names.url(event["subject"]),
        **fact,
    }


def register(blueprint: Blueprint) -> None:
    Page("/questions", "record/questions.html", "questions", read_all, show_all).register(blueprint)
    Page("/questions/<code>", "record/question.html", "questions", read, show, whole=False).register(
        blueprint
    )
