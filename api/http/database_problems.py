"""What is said when the database cannot be used, or is damaged, whichever library it is told by."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import psycopg
import sqlalchemy as sa
import structlog
from eventsourcing.persistence import PersistenceError
from flask import Flask, Response, g, request

from api.http.problems import declare, document, on_error, respond
from api.setup import rules_of_service
from api.setup.store import record_settings
from projections.tables.database_errors import goes_by, is_damage, short

log = structlog.get_logger("kyodo")

DATABASE_UNAVAILABLE = declare(
    503,
    "DATABASE_UNAVAILABLE",
    ja="いま記録のデータベースを使えません。",
    en="The record's database cannot be used at the moment.",
    rule=rules_of_service.UNAVAILABLE,
    next_ja="少し待ってから送り直してください。同じ Idempotency-Key を付ければ二重には記録されません。",
    next_en="Wait a moment and send it again; with the same Idempotency-Key nothing is recorded twice.",
)
DATABASE_DAMAGED = declare(
    503,
    "DATABASE_DAMAGED",
    ja="記録のデータベースに壊れた所があり、この答えを出せません。",
    en="The record's database is damaged, and this cannot be answered.",
    rule=rules_of_service.UNAVAILABLE,
    next_ja="管理者に知らせてください。kyodo check で壊れた所を確かめ、控えから戻します（kyodo restore）。",
    next_en="Tell the administrator: kyodo check says where; put a backup back (kyodo restore).",
)


def on_database_error(error: Exception) -> Response:
    """What the database raised, through whichever library: damage, what goes by, or a fault of ours."""
    if is_damage(error):
        log.error("database damaged", path=request.path, error=short(error))
        _note_damage(error)
        if not g.get("recorded"):
            return respond(document(DATABASE_DAMAGED()))
    if g.get("recorded") or not goes_by(error):
        return on_error(error)
    log.error("database unavailable", path=request.path, error=type(error).__name__, why=short(error))
    return respond(document(DATABASE_UNAVAILABLE()))


def _note_damage(error: Exception) -> None:
    """Let every worker know: ``/readyz`` says it until the next check."""
    with suppress(OSError):
        record_settings().outcome_file.met(short(error))


def init_app(app: Flask) -> None:
    for of_database in (
        PersistenceError,
        sa.exc.DBAPIError,
        sa.exc.TimeoutError,
        sqlite3.Error,
        psycopg.Error,
    ):
        app.register_error_handler(of_database, on_database_error)
