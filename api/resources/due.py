"""What is due over HTTP: ``/api/v1/due?kind=minutes&on=2026-04-01``, for staff."""

from __future__ import annotations

from flask import Blueprint, Response

from api.http.clock import today
from api.http.query import asks
from api.reads.question_params import arguments
from api.reads.reading import limit, one_page, reading, whole_cursor
from api.reads.staff_only import staff_only
from projections.answers.due_list import as_json, what_is_due
from projections.questions.question import QUESTIONS


@asks("kind", "on", paged=True)
def list_due(query_args: dict[str, str]) -> Response:
    """What is due, the latest first, then what has no date; counted on the day ``on``, today by default.

    ``total`` is how much there is. Refuses SIGN_IN_REQUIRED, FORBIDDEN.
    """
    staff_only()
    wanted = arguments(QUESTIONS["S21"], query_args)
    kind, on = wanted.get("kind"), wanted.get("on") or today()
    most, start = limit(), whole_cursor()
    with reading() as connection:
        due_items = what_is_due(connection, on, None if kind is None else [kind])
        items = as_json(connection, due_items[start : start + most], on)
    following = start + most if start + most < len(due_items) else None
    return one_page({"on": on.isoformat(), "total": len(due_items), "items": items}, following)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/due", view_func=list_due)
