"""The questions of domain.md 5 over HTTP: the catalogue, and an endpoint for each."""

from __future__ import annotations

from flask import Blueprint, Response, request

from api.asked import described, put
from api.auth import required_caller
from api.reading import answer, is_staff, reading, viewer
from domain.record import FORBIDDEN, UNKNOWN_ID
from projections.asking import QUESTIONS


def list_questions() -> Response:
    """Every question the caller may ask, with its parameters."""
    shown = [described(asked) for asked in QUESTIONS.values() if is_staff() or not asked.for_staff]
    return answer({"items": shown, "next": None})


def ask_question(code: str) -> Response:
    """The answer: its content, the events it rests on, their sources, and what is unknown."""
    asked = QUESTIONS.get(code)
    if asked is None:
        raise UNKNOWN_ID(kind="質問", id=code[:40])
    if asked.for_staff and not is_staff():
        required_caller()
        raise FORBIDDEN(roles="職員", roles_en="staff", have="なし", have_en="none")
    with reading() as connection:
        return answer(put(connection, asked, request.args.to_dict(), viewer()))


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/questions", view_func=list_questions)
    blueprint.add_url_rule("/questions/<code>", view_func=ask_question)
