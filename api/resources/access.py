"""The access log, for the secretariat and the disclosure officer."""

from __future__ import annotations

from flask import Blueprint, Response

from api.access import access_log
from api.access.auth import current_caller
from api.http.query import asks
from api.reads.reading import listed, reading
from domain.kernel.refusals import FORBIDDEN
from domain.kernel.roles import ROLE_NAMES

READERS = ("SEC", "DIS")


@asks("code", paged=True)
def list_access_log(wanted: dict[str, str]) -> Response:
    """What was refused, and which closed documents were read by whom; newest first.

    For the secretariat and the disclosure officer. ``code`` chooses one sort of answer.
    """
    _permit()
    with reading() as connection:
        return listed(connection, access_log.lines(**wanted), access_log.shown)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/access-log", view_func=list_access_log)


def _permit() -> None:
    caller = current_caller()
    held = sorted(caller.roles) if caller else []
    if not set(READERS).intersection(held):
        raise FORBIDDEN(
            roles="・".join(ROLE_NAMES[role][0] for role in READERS),
            roles_en=", ".join(ROLE_NAMES[role][1] for role in READERS),
            have="・".join(ROLE_NAMES[role][0] for role in held) or "なし",
            have_en=", ".join(ROLE_NAMES[role][1] for role in held) or "none",
        )
