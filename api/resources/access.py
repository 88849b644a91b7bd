"""The access log, roles held and requests for disclosure: for the secretariat and the disclosure officer."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from api.access import access_log
from api.http.query import asks
from api.reads.collections import row_json
from api.reads.reading import listed, reading
from api.reads.staff_only import keepers_only
from projections.views.record import request_register, role_register
from projections.views.record.role_register import roles_held


@asks("code", paged=True)
def list_access_log(wanted: dict[str, str]) -> Response:
    """What was refused, who signed in, what became of accounts, who read closed documents or
    personal data; newest first.

    For the secretariat and the disclosure officer. ``code`` chooses one sort of answer.
    """
    keepers_only()
    with reading() as connection:
        return listed(connection, access_log.lines(**wanted), access_log.shown)


@asks("party_id", "role", "body", paged=True)
def list_role_grants(wanted: dict[str, str]) -> Response:
    """Who holds or held which role, for which body, from when until when: for the secretariat and the
    disclosure officer. A grant names the person by id, and no account."""
    keepers_only()
    with reading() as connection:
        return listed(connection, roles_held(**wanted), partial(row_json, role_register.role_held))


@asks("kind", "state", paged=True)
def list_requests(wanted: dict[str, str]) -> Response:
    """Requests for disclosure, newest first, each with its terms and what was decided on each item: for the
    secretariat and the disclosure officer. Who asked is in the vault alone."""
    keepers_only()
    with reading() as connection:
        return listed(
            connection, request_register.requests(**wanted), partial(row_json, request_register.request)
        )


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/access-log", view_func=list_access_log)
    blueprint.add_url_rule("/disclosure-requests", view_func=list_requests)
    blueprint.add_url_rule("/role-grants", view_func=list_role_grants)
