"""The access log, roles held and requests for disclosure: for the secretariat and the disclosure officer."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from api.access import access_log
from api.access.auth import current_caller
from api.http.query import asks
from api.reads.collections import row_json
from api.reads.reading import listed, reading
from domain.recording.permission import forbidden
from projections.views.record import request_register, role_register
from projections.views.record.role_register import roles_held

READERS = ("SEC", "DIS")


@asks("code", paged=True)
def list_access_log(wanted: dict[str, str]) -> Response:
    """What was refused, who signed in, what became of accounts, who read closed documents or
    personal data; newest first.

    For the secretariat and the disclosure officer. ``code`` chooses one sort of answer.
    """
    _permit()
    with reading() as connection:
        return listed(connection, access_log.lines(**wanted), access_log.shown)


@asks("party_id", "role", "body", paged=True)
def list_role_grants(wanted: dict[str, str]) -> Response:
    """Who holds or held which role, for which body, from when until when: for the secretariat and the
    disclosure officer. A grant names the person by id, and no account."""
    _permit()
    with reading() as connection:
        return listed(connection, roles_held(**wanted), partial(row_json, role_register.role_held))


@asks("kind", "state", paged=True)
def list_requests(wanted: dict[str, str]) -> Response:
    """Requests for disclosure, newest first, each with its terms and what was decided on each item: for the
    secretariat and the disclosure officer. Who asked is in the vault alone."""
    _permit()
    with reading() as connection:
        return listed(
            connection, request_register.requests(**wanted), partial(row_json, request_register.request)
        )


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/access-log", view_func=list_access_log)
    blueprint.add_url_rule("/disclosure-requests", view_func=list_requests)
    blueprint.add_url_rule("/role-grants", view_func=list_role_grants)


def _permit() -> None:
    caller = current_caller()
    held = caller.roles if caller else frozenset()
    if held.isdisjoint(READERS):
        raise forbidden(READERS, held)
