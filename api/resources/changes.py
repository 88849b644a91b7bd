"""What changed between two days over HTTP: ``/api/v1/changes?from=2027-03-31&to=2027-06-30``, of the whole
record, and ``/api/v1/<collection>/<id>/changes`` of one thing.

Both are told on the recorded axis; as everywhere, ``as_known_on`` and ``in_force_on`` narrow what is seen.
"""

from __future__ import annotations

from flask import Blueprint, Response

from api.http.query import asks
from api.reads.changes_query import FILTERS, changes_of, period_of
from api.reads.collections import COLLECTIONS
from api.reads.reading import answer, fitting, limit, one_page, reading, viewer, whole_cursor
from projections.past import changes


@asks(*FILTERS, paged=True, needs=("from",))
def list_changes(query_args: dict[str, str]) -> Response:
    """Everything of which something was recorded after the end of ``from`` until the end of ``to``.

    In the order of the first such event, each thing with its newest events and how many there are.
    """
    since, to = period_of(query_args)
    most, after = limit(), whole_cursor()
    with reading() as connection:
        answer = changes.of_all(
            connection,
            since,
            to,
            viewer(),
            after=after,
            limit=most,
            fitting=lambda items: len(fitting(items)),
        )
    following = answer.pop("cursor")
    return one_page(answer, following)


@asks(*FILTERS, needs=("from",))
def list_changes_of(query_args: dict[str, str], entity: str) -> Response:
    """What one thing says otherwise at the end of ``to`` than it did at the end of ``from``, field by field,
    with the events behind each change."""
    with reading() as connection:
        return answer(changes_of(connection, entity, query_args, viewer()), tagged=True)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/changes", view_func=list_changes)
    for collection in COLLECTIONS:
        blueprint.add_url_rule(
            f"/{collection.name}/<entity>/changes", f"changes_{collection.name}", list_changes_of
        )
