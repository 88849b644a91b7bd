"""The questions of domain.md 5 over HTTP: the catalogue, and an endpoint for each.

Both are tagged by what they say, so that whoever asks again is told that nothing has changed (304): an answer
depends on the record, on the reader and on the day, and so is checked every time.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from api.http.language import AXES
from api.http.query import Query, Read
from api.reads.question_params import askable, described, put, schema_of
from api.reads.reading import answer, is_staff, reading, viewer
from projections.questions.question import QUESTIONS, Question


def list_questions() -> Response:
    """Every question the caller may ask, with its parameters."""
    shown = [described(question) for question in QUESTIONS.values() if is_staff() or not question.for_staff]
    return answer({"items": shown, "next": None}, tagged=True)


def ask_question(code: str) -> Response:
    """The answer to a question: its content, the events it rests on, their sources, and what is unknown."""
    question = askable(code, viewer())
    arguments = {name: text for name, text in request.args.items() if name not in AXES}
    with reading() as connection:
        return answer(put(connection, question, arguments, viewer()), tagged=True)


def _read_of(question: Question) -> Read:
    """The address of one question, described with the parameters that the question declares."""

    def read() -> Response:
        return ask_question(question.code)

    read.__doc__ = f"{question.ja} / {question.en}\n\n{question.doc}"
    read.query = Query(schema=schema_of(question.code))  # type: ignore[attr-defined]
    return read


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/questions", view_func=list_questions)
    blueprint.add_url_rule("/questions/<code>", view_func=ask_question)
    for code, question in QUESTIONS.items():
        blueprint.add_url_rule(f"/questions/{code}", f"question_{code}", _read_of(question))
