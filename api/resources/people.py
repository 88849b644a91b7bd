"""A person's details, for those whose work it is; and what else holds a name, before it is erased."""

from __future__ import annotations

from flask import Blueprint, Response

from api.access.access_log import personal_data_read
from api.access.auth import current_caller
from api.http.query import asks
from api.reads.people import only_who_sees_names, read_in_the_vault
from api.reads.reading import answer, reading
from domain.kernel.refusals import UNKNOWN_ID
from domain.party.aggregate import Party
from domain.recording.permission import forbidden
from projections.answers.finding.name_reach import held_elsewhere
from projections.views.council import party_register

ERASING = ("SEC", "DIS")
"""Who records a request to erase, and who erases."""


@asks()
def get_details(_: dict[str, str], entity: str) -> Response:
    """Name, post and contact of a person, for the secretariat and whoever prepares minutes. Each reading is
    noted: who read whose, and when."""
    only_who_sees_names()
    with reading() as connection:
        table = party_register.party.table
        known = connection.execute(table.select().where(table.c.party_id == entity)).one_or_none()
    if known is None:
        raise UNKNOWN_ID(kind=Party.LABEL[0], kind_en=Party.LABEL[1], id=entity)
    held = read_in_the_vault([entity]).get(entity, {})
    details = {name: held.get(name) for name in ("name", "post", "contact")}
    return answer({"party_id": entity, "state": known.state, **details})


@asks()
def list_held_elsewhere(_: dict[str, str], entity: str) -> Response:
    """What else holds the name of a person, and what erasing it cannot reach: for the disclosure officer and
    the secretariat, before an erasure. That somebody looked is noted."""
    caller = current_caller()
    held = caller.roles if caller else frozenset()
    if held.isdisjoint(ERASING):
        raise forbidden(ERASING, held)
    with reading() as connection:
        places = held_elsewhere(connection, entity)
    if places is None:
        raise UNKNOWN_ID(kind=Party.LABEL[0], kind_en=Party.LABEL[1], id=entity)
    personal_data_read([entity])
    return answer(places)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/parties/<entity>/details", view_func=get_details)
    blueprint.add_url_rule("/parties/<entity>/held-elsewhere", view_func=list_held_elsewhere)
