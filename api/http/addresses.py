"""Absolute addresses of the record, and the ids that are made of them.

They come from the record's ``PUBLIC_URL`` alone: what a request calls the host may be anything, and whoever
keeps an id keeps it for longer than a host.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request

from api.http.language import IDS, in_language, is_data_path, plain_path, tags
from api.http.problems import declare
from api.setup import rules_of_service
from api.setup.store import record_settings
from domain.kernel.record import KINDS

PUBLIC_URL_MISSING = declare(
    503,
    "PUBLIC_URL_MISSING",
    ja="この形式には記録の公開アドレスが要りますが、設定 PUBLIC_URL がありません。",
    en="This format needs the public address of the record, and the setting PUBLIC_URL is missing.",
    rule=rules_of_service.SETTING,
    next_ja="管理者に、PUBLIC_URL を設定してサービスを起動し直すよう依頼してください。",
    next_en="Ask the administrator to set PUBLIC_URL and to start the service again.",
)


EVENT, LINK = "event", "link"
"""What names call an event (by its position) and a link (by the id that links have)."""


def public_url() -> str:
    """The address of the record, without a slash at its end. Refuses ``PUBLIC_URL_MISSING``."""
    base = record_settings().public_url
    if base is None:
        raise PUBLIC_URL_MISSING()
    return base


def with_public_url(path: str) -> str:
    """A path of the site, absolute where that can be said: for people, who find their way without."""
    return f"{record_settings().public_url or ''}{path}"


def id_of(kind: str | None, subject: str) -> str:
    """What stands behind ``/id/`` in the name of a thing, or of a part of one (``law/law-kanazawa%2317``).

    ``kind``: its aggregate's class by name, or ``event`` or ``link``; None for what is not on record."""
    return f"{_called().get(kind or '', 'unknown')}/{quote(subject, safe='')}"


def kind_called(word: str) -> str | None:
    """The aggregate's class, by name, that a name's first part stands for."""
    return next((kind for kind, called in _called().items() if called == word), None)


@cache
def _called() -> dict[str, str]:
    """What every kind is called in names: as its streams are in the log, which is for ever."""
    return {name: kind.PREFIX.rstrip("-") for name, kind in KINDS.items()} | {EVENT: EVENT, LINK: LINK}


def alternates() -> dict[str, str]:
    """The addresses of the current page in each language, with its query, absolute if PUBLIC_URL is set."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return {tag: with_public_url(f"{in_language(tag, plain_path())}{query}") for tag in tags(current_app)}


def init_app(app: Flask) -> None:
    """Give every page its addresses in each language."""

    @app.context_processor
    def addresses() -> dict[str, Any]:
        has_one = is_data_path(request.path) or request.path.startswith(IDS)
        return {"alternates": None if has_one else alternates()}
