"""A question put in words: its parameters as text, from a query string or a command line, to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from marshmallow import Schema, ValidationError, fields

from api.access.auth import required_caller
from api.http.json_fields import Body, Truth, Whole, faults_of
from api.http.problems import InvalidInput
from api.http.schemas import field_for
from api.reads.as_of import day_shown
from api.reads.staff_only import office_only
from domain.kernel.refusals import UNKNOWN_ID
from domain.kernel.viewer import Viewer
from projections.engine.event_json import Json
from projections.questions.question import QUESTIONS, Ask, Question


def askable(code: str, viewer: Viewer) -> Question:
    """The question with this code, if this reader may ask it. Refuses ``UNKNOWN_ID``, and for a question of
    the staff ``SIGN_IN_REQUIRED`` or ``FORBIDDEN``."""
    question = QUESTIONS.get(code)
    if question is None:
        raise UNKNOWN_ID(kind="質問", kind_en="question", id=code[:40])
    if question.for_staff and not viewer.staff:
        required_caller()
        raise office_only()
    return question


def put(connection: sa.Connection, question: Question, raw: Mapping[str, str], viewer: Viewer) -> Json:
    """The answer to a question, today. Raises InvalidInput for parameters that do not fit."""
    ask = Ask(connection, viewer, day_shown())
    return question.put(ask, arguments(question, raw))


def arguments(question: Question, raw: Mapping[str, str]) -> dict[str, Any]:
    """Parameters as text, in the types the question declares. Raises InvalidInput with all that is wrong."""
    schema = schema_of(question.code)()
    try:
        accepted = schema.load({name: _plain(schema.fields.get(name), text) for name, text in raw.items()})
    except ValidationError as wrong:
        raise InvalidInput(list(faults_of(wrong.messages))) from None
    return {
        p.name: msgspec.convert(accepted[p.name], p.kind) for p in question.parameters() if p.name in accepted
    }


@cache
def schema_of(code: str) -> type[Schema]:
    """The schema of a question's parameters."""
    question = QUESTIONS[code]
    made = {p.name: field_for(p.kind, required=p.required) for p in question.parameters()}
    return Body.from_dict(made, name=f"Question.{code}")


def _plain(field: fields.Field[Any] | None, text: str) -> Any:
    """Text as the JSON value its field wants; text that is none stays, and the field says what is wrong."""
    if isinstance(field, Whole) and text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal():
        return int(text[:30])
    if isinstance(field, Truth):
        return {"true": True, "false": False}.get(text, text)
    return text


def described(question: Question) -> Json:
    """A question as a reader of the catalogue sees it: its words, its parameters with their types."""
    schema = schema_of(question.code)()
    return {
        "question": question.code,
        "title": {"ja": question.ja, "en": question.en},
        "for_staff": question.for_staff,
        "shows": question.doc,
        "parameters": [
            {
                "name": p.name,
                "required": p.required,
                "type": type(schema.fields[p.name]).__name__,
                "default": p.default,
            }
            for p in question.parameters()
        ],
        "address": f"/api/v1/questions/{question.code}",
    }
