"""Absolute addresses of the record, and the ids that are made of them.

They come from the record's ``PUBLIC_URL`` alone: what a request calls the host may be anything, and whoever
keeps an id keeps it for longer than a host.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from api.language import LANGUAGES, in_language, is_data_path, plain_path
from api.problems import declare
from api.store import record_settings

PUBLIC_URL_MISSING = declare(
    503,
    "PUBLIC_URL_MISSING",
    ja="この形式には記録の公開アドレスが要りますが、設定 PUBLIC_URL がありません。",
    en="This format needs the public address of the record, and the setting PUBLIC_URL is missing.",
    rule="docs/decisions/0016-migrations-and-the-record-id.md",
    next_ja="管理者に、PUBLIC_URL を設定してサービスを起動し直すよう依頼してください。",
    next_en="Ask the administrator to set PUBLIC_URL and to start the service again.",
)


def public_url() -> str:
    """The address of the record, without a slash at its end. Refuses ``PUBLIC_URL_MISSING``."""
    base = record_settings().public_url
    if base is None:
        raise PUBLIC_URL_MISSING()
    return base


def with_public_url(path: str) -> str:
    """A path of the site, absolute where that can be said: for people, who find their way without."""
    return f"{record_settings().public_url or ''}{path}"


def alternates() -> dict[str, str]:
    """The addresses of the current page in each language, with its query, absolute if PUBLIC_URL is set."""
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return {
        language: with_public_url(f"{in_language(language, plain_path())}{query}") for language in LANGUAGES
    }


def init_app(app: Flask) -> None:
    """Give every page its addresses in both languages."""

    @app.context_processor
    def addresses() -> dict[str, Any]:
        return {"alternates": None if is_data_path(request.path) else alternates()}
